package io.kalamos.saving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.layers.Layer;
import io.kalamos.models.LoadOptions;
import io.kalamos.models.Model;
import io.kalamos.testkit.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Models that Keras wrote are the same when they are read and written again, with the weights and
/// the optimizer's variables at the same places.
class ModelConfigTest {
  private static final JsonNode GOLDEN = golden();
  private static final JsonNode CASES = GOLDEN.get("cases");

  private static JsonNode golden() {
    try {
      return new ObjectMapper().readTree(Golden.text("model_configs.json"));
    } catch (IOException problem) {
      throw new IllegalStateException(problem);
    }
  }

  /// A whole case; where only what `compile` was given is noted, the rest is that of `tiny`.
  static JsonNode entry(String name) {
    JsonNode entry = CASES.get(name);
    if (!entry.has("compile_config")) {
      return entry;
    }
    ObjectNode whole = CASES.get("tiny").deepCopy();
    whole.remove(List.of("model_config", "layers", "variables"));
    ((ObjectNode) whole.get("config")).set("compile_config", entry.get("compile_config"));
    return whole;
  }

  static Stream<String> cases() {
    List<String> names = new ArrayList<>();
    CASES.fieldNames().forEachRemaining(names::add);
    return names.stream();
  }

  /// A class without a case fails by its name: add it to `model_configs.py`.
  @Test
  void everyClassHasACase() {
    Set<String> missing = new TreeSet<>();
    Map.of(
            Parts.LAYERS, "layer-",
            Parts.LOSSES, "loss-",
            Parts.METRICS, "metric-",
            Parts.OPTIMIZERS, "optimizer-",
            Parts.SCHEDULES, "schedule-")
        .forEach(
            (module, before) -> {
              Parts.kinds(module).stream()
                  .filter(kind -> !Parts.ours(Parts.example(module, kind).orElseThrow()))
                  .filter(kind -> !kind.equals("Normalization")) // in `normalized`
                  .map(before::concat)
                  .filter(name -> !CASES.has(name))
                  .forEach(missing::add);
            });
    MetricConfig.OF_LOSSES.keySet().stream()
        .map("metric-"::concat)
        .filter(name -> !CASES.has(name))
        .forEach(missing::add);
    assertEquals(Set.of(), missing);
  }

  /// Reads for the plain Java backend: which one is no matter here.
  static Model read(JsonNode config, List<String> log) {
    return ModelConfig.read(
        config, LoadOptions.DEFAULTS.running(run -> run.backend("java").log(log::add)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsAndWritesWhatKerasWrote(String name) {
    JsonNode keras = entry(name).get("config");
    List<String> log = new ArrayList<>();
    Model model = read(keras, log);
    assertEquals(List.of(), log);
    ObjectNode written = ModelConfig.of(model);
    assertEquals(KerasJson.lines(keras), KerasJson.lines(written));
  }

  @Test
  void operatorsAreMergingLayers() {
    List<String> log = new ArrayList<>();
    Model model = read(GOLDEN.get("operators"), log);
    assertEquals(
        List.of("InputLayer", "Dense", "Add", "Subtract", "Multiply", "Maximum"),
        model.layers().values().stream().map(Layer::kind).toList());
    assertEquals(List.of(), log);
    String text =
        GOLDEN.get("operators").toString().replace("keras.src.ops.numpy", "keras.src.ops.image");
    var refused =
        assertThrows(IllegalArgumentException.class, () -> read(json(text), new ArrayList<>()));
    assertTrue(refused.getMessage().contains("add: Add of keras.src.ops.image;"));
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException problem) {
      throw new IllegalStateException(problem);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsTheOlderFormToo(String name) {
    JsonNode entry = entry(name);
    if (!entry.has("model_config")) {
      return;
    }
    List<String> log = new ArrayList<>();
    Model model =
        ModelConfig.readOld(
            entry.get("model_config"),
            Optional.ofNullable(entry.get("training_config")),
            LoadOptions.DEFAULTS.running(run -> run.backend("java").log(log::add)));
    assertEquals(List.of(), log);
    ObjectNode written = ModelConfig.of(model);
    assertEquals(KerasJson.lines(entry.get("config")), KerasJson.lines(written));
    assertEquals(
        KerasJson.lines(entry.get("model_config")), KerasJson.lines(ModelConfig.oldModel(written)));
    if (entry.has("training_config")) {
      assertEquals(
          KerasJson.lines(entry.get("training_config")),
          KerasJson.lines(ModelConfig.oldTraining(written).orElseThrow()));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void weightsHaveKerasPlaces(String name) {
    JsonNode entry = entry(name);
    if (!entry.has("variables")) {
      return;
    }
    Model model = read(entry.get("config"), new ArrayList<>());
    Map<String, String> ours = new TreeMap<>();
    for (WeightGroup group : WeightGroup.of(model)) {
      for (int i = 0; i < group.weights().size(); i++) {
        String path = (group.path().isEmpty() ? "" : group.path() + "/") + "vars/" + i;
        int[] shape = model.weights().get(group.weights().get(i)).shape().toArray();
        ours.put(path, KerasJson.text(shape, group.whole().get(i)));
      }
    }
    List<OptimizerVariables.Variable> kept = OptimizerVariables.of(model);
    for (int i = 0; i < kept.size(); i++) {
      int[] shape = kept.get(i).value().shape().toArray();
      ours.put("optimizer/vars/" + i, KerasJson.text(shape, kept.get(i).whole()));
    }
    Map<String, String> keras = new TreeMap<>();
    // Where Keras's optimizer was built, its variables are those after a step:
    // OptimizerVariablesTest.
    boolean built = entry.get("variables").toString().contains("optimizer/vars/2");
    for (JsonNode variable : entry.get("variables")) {
      String path = variable.get(0).asText();
      int[] shape = new ObjectMapper().convertValue(variable.get(1), int[].class);
      boolean whole = variable.get(2).asText().startsWith("int");
      if (!(built && path.startsWith("optimizer/"))) {
        keras.put(path, KerasJson.text(shape, whole));
      }
    }
    if (built) {
      ours.keySet().removeIf(path -> path.startsWith("optimizer/"));
    }
    assertEquals(keras, ours);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void olderFilesHaveLayersInThisOrder(String name) {
    JsonNode entry = entry(name);
    if (!entry.has("layers")) {
      return;
    }
    List<String> keras = new ArrayList<>();
    for (JsonNode layer : entry.get("layers")) {
      List<String> weights = new ArrayList<>();
      layer.get(1).forEach(weight -> weights.add(last(weight.asText())));
      keras.add(layer.get(0).asText() + weights);
    }
    List<String> ours = new ArrayList<>();
    for (LayerWeights layer : LayerWeights.of(read(entry.get("config"), new ArrayList<>()))) {
      ours.add(layer.layer() + layer.weights().stream().map(ModelConfigTest::last).toList());
    }
    assertEquals(keras, ours);
  }

  /// Layers' names within a model may stand before it or not.
  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
