package io.kalamos.saving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.testkit.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What a part has that was not asked for is what the installed Keras gives it, for every class.
class KerasConfigTest {
  /// Of layers the model knows the rest; optimizers and the like get names of no use here.
  private static final Set<String> MODELS = Set.of("name", "trainable", "dtype");

  private static final JsonNode MODULES = golden().get("modules");

  private static JsonNode golden() {
    try {
      return new ObjectMapper().readTree(Golden.text("configs.json"));
    } catch (IOException problem) {
      throw new IllegalStateException(problem);
    }
  }

  static Stream<Arguments> classes() {
    List<Arguments> classes = new ArrayList<>();
    for (String module : Parts.modules().stream().sorted().toList()) {
      Parts.kinds(module).forEach(kind -> classes.add(Arguments.of(module, kind)));
    }
    return classes.stream();
  }

  @ParameterizedTest
  @MethodSource("classes")
  void defaultsAreKeras(String module, String kind) {
    JsonNode golden = MODULES.get(module).path(kind);
    assertTrue(golden.has("config"), () -> "Keras has a configuration of " + kind);
    List<String> ignored = new ArrayList<>();
    Record example = Parts.example(module, kind).orElseThrow();
    Record made = new ConfigReader(ignored::add).config(kind, example, golden.get("given"));
    assertEquals(List.of(), ignored);
    assertEquals(text(golden.get("config")), text(ConfigWriter.config(made)));
  }

  @ParameterizedTest
  @MethodSource("classes")
  void readsWhatItWrites(String module, String kind) {
    List<String> ignored = new ArrayList<>();
    Record example = Parts.example(module, kind).orElseThrow();
    JsonNode written = KerasConfig.of(example);
    assertEquals(written, KerasConfig.of(KerasConfig.read(written, ignored::add)));
    assertEquals(List.of(), ignored);
  }

  /// One line for each option, in the order of their names, numbers as float32, whole or not.
  private static String text(JsonNode config) {
    ObjectNode rest = config.deepCopy();
    rest.remove(MODELS);
    return sorted(rest).replace(", ", System.lineSeparator());
  }

  private static String sorted(JsonNode node) {
    if (node.isNumber()) {
      return Float.toString((float) node.asDouble());
    }
    if (node.isArray()) {
      List<String> items = new ArrayList<>();
      node.forEach(item -> items.add(sorted(item)));
      return items.toString();
    }
    if (!node.isObject()) {
      return node.toString();
    }
    Map<String, String> options = new TreeMap<>();
    node.properties().forEach(option -> options.put(option.getKey(), sorted(option.getValue())));
    return options.toString();
  }

  @Test
  void countsItsClasses() {
    assertTrue(classes().count() >= 25);
  }
}
