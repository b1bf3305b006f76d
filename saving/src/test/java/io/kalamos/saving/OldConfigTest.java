package io.kalamos.saving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kalamos.metrics.Metric;
import io.kalamos.models.Compilation;
import io.kalamos.models.LoadOptions;
import io.kalamos.models.Model;
import io.kalamos.testkit.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Models as Keras 2 wrote them are those that Keras 3 writes, whichever form they stand in.
class OldConfigTest {
  private static final JsonNode CASES = golden();

  private static JsonNode golden() {
    try {
      return new ObjectMapper().readTree(Golden.text("old_configs.json")).get("cases");
    } catch (IOException problem) {
      throw new IllegalStateException(problem);
    }
  }

  static Stream<String> cases() {
    List<String> names = new ArrayList<>();
    CASES.fieldNames().forEachRemaining(names::add);
    return names.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void zippedFiles(String name) {
    List<String> log = new ArrayList<>();
    Model model = ModelConfigTest.read(CASES.get(name).get("config"), log);
    assertEquals(List.of(), log);
    same(name, model, "");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void hdf5Files(String name) {
    List<String> log = new ArrayList<>();
    Model model =
        ModelConfig.readOld(
            CASES.get(name).get("model_config"),
            Optional.ofNullable(CASES.get(name).get("training_config")),
            LoadOptions.DEFAULTS.running(run -> run.backend("java").log(log::add)));
    assertEquals(List.of(), log);
    same(name, model, "metrics");
    if (model.compilation().isPresent() && !name.startsWith("legacy-")) {
      assertEquals(
          metrics(ModelConfigTest.read(ModelConfigTest.entry(name).get("config"), log)),
          metrics(model));
    }
  }

  /// Metrics by output: Keras 2 wrote lists for maps, and numbers what was given by name.
  private static List<String> metrics(Model model) {
    Compilation compilation = model.compilation().orElseThrow();
    List<String> names = new ArrayList<>();
    compilation
        .metrics()
        .of("test", "metrics", model.outputNames())
        .forEach(
            some -> names.add(some.orElse(List.of()).stream().map(Metric::name).toList() + ""));
    return names.stream().map(String::toLowerCase).toList();
  }

  /// Compares with what Keras 3 writes of the same model; of optimizers that it has no longer, the
  /// model alone.
  ///
  /// @param apart options of `compile` that are compared elsewhere
  private static void same(String name, Model model, String apart) {
    boolean legacy = name.startsWith("legacy-");
    JsonNode keras = ModelConfigTest.entry(legacy ? "tiny" : name).get("config");
    String without = legacy ? "." : apart;
    assertEquals(lines(keras, without), lines(ModelConfig.of(model), without));
  }

  /// Without names of models and with axes, which Keras 2 counts from the front.
  private static String lines(JsonNode config, String without) {
    return inputs(KerasJson.lines(config))
        .lines()
        .filter(line -> !line.matches(".*/(axis|ema_overwrite_frequency)(/\\d)?=.*"))
        .filter(line -> !line.matches("/config/(name|trainable)=.*"))
        .filter(
            line ->
                without.isEmpty()
                    || !line.matches("/compile_config/(weighted_)?(" + without + ").*"))
        .filter(line -> !line.equals("/compile_config={}"))
        .collect(Collectors.joining("\n"));
  }

  /// Inputs were numbered from 1.
  private static String inputs(String lines) {
    return Pattern.compile("\"input_(\\d+)\"")
        .matcher(lines)
        .replaceAll(
            number -> {
              int before = Integer.parseInt(number.group(1)) - 1;
              return "\"input_layer" + (before == 0 ? "" : "_" + before) + "\"";
            });
  }
}
