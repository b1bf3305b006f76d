package io.kalamos.saving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.layers.AveragePooling1D;
import io.kalamos.layers.AveragePooling2D;
import io.kalamos.layers.Dense;
import io.kalamos.layers.MaxPooling1D;
import io.kalamos.layers.MaxPooling2D;
import io.kalamos.layers.MultiHeadAttention;
import io.kalamos.testkit.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
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
    Record example = Parts.example(module, kind).orElseThrow();
    if (Parts.ours(example)) {
      assertTrue(golden.isMissingNode(), () -> "Keras has no " + kind);
      return;
    }
    assertTrue(golden.has("config"), () -> "Keras has a configuration of " + kind);
    List<String> ignored = new ArrayList<>();
    Record made =
        new ConfigReader(OwnParts.NONE, ignored::add).config(kind, example, golden.get("given"));
    assertEquals(List.of(), ignored);
    assertEquals(
        text(golden.get("config")), text(new ConfigWriter(OwnParts.NONE, "float32").config(made)));
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

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(
            "{'module': 'os', 'class_name': 'system', 'config': {}}",
            "configuration: expected a module out of keras.constraints, keras.initializers,"
                + " keras.layers, keras.losses, keras.metrics, keras.optimizers,"
                + " keras.optimizers.schedules, keras.regularizers, received module=\"os\". Build this part in Java and load the"
                + " weights alone."),
        Arguments.of(
            "{'module': 'keras.constraints', 'class_name': 'Evil', 'config': {}}",
            "keras.constraints: expected a class of keras.constraints (MaxNorm, MinMaxNorm, NonNeg,"
                + " UnitNorm), received class_name=Evil. Build this part in Java and load the"
                + " weights alone."),
        Arguments.of(
            "{'module': 'keras.layers', 'class_name': 'Dense', 'config': {'units': 'ten'}}",
            "keras.layers (Dense): units: expected a whole number, received value=\"ten\". The file"
                + " does not come from Keras as it is."),
        Arguments.of(
            "{'module': 'keras.layers', 'class_name': 'Dense', 'config': {'units': -3}}",
            "Dense: expected units of 1 or more, received units=-3. Give a positive whole number."),
        Arguments.of(
            "{'module': 'keras.layers', 'class_name': 'Dense', 'config': {'use_bias': 3}}",
            "keras.layers (Dense): use_bias: expected true or false, received value=3. The file"
                + " does not come from Keras as it is."),
        Arguments.of(
            "{'module': 'keras.layers', 'class_name': 'Conv2D', 'config': {'padding': 'full'}}",
            "keras.layers (Conv2D): padding: expected one of valid, same, causal, received"
                + " value=\"full\". The file does not come from Keras as it is."),
        Arguments.of(
            "{'module': 'keras.layers', 'class_name': 'Conv2D', 'config': {'kernel_size': [1, 2,"
                + " 3]}}",
            "keras.layers (Conv2D): kernel_size: expected two whole numbers, received"
                + " value=[1,2,3]. The file does not come from Keras as it is."),
        Arguments.of(
            "{'module': 'keras.layers', 'class_name': 'Cropping2D', 'config': {'cropping': []}}",
            "keras.layers (Cropping2D): cropping: expected a whole number, or two for rows and two"
                + " for columns, received value=[]. The file does not come from Keras as it is."),
        Arguments.of(
            "{'module': 'keras.layers', 'class_name': 'Bidirectional', 'config': {'layer':"
                + " {'class_name': 'Dense', 'config': {'units': 2}}}}",
            "keras.layers (Bidirectional): layer: expected a layer that goes over time, such as"
                + " LSTM, received value={\"class_name\":\"Dense\",\"config\":{\"units\":2}}."
                + " The file does not come from Keras as it is."),
        Arguments.of(
            "{'module': 'keras.layers', 'class_name': 'MaxPooling1D', 'config': {'pool_size':"
                + " {'size': 2}}}",
            "keras.layers (MaxPooling1D): pool_size: expected a whole number, received"
                + " value={\"size\":2}. The file does not come from Keras as it is."),
        Arguments.of(
            "{'module': 'keras.layers', 'class_name': 'ReLU', 'config': {'max_value': 'six'}}",
            "keras.layers (ReLU): max_value: expected a number, received value=\"six\". The file"
                + " does not come from Keras as it is."),
        Arguments.of(
            "{'module': 'keras.metrics', 'class_name': 'MeanIoU', 'config': {'num_classes':"
                + " 2147483647}}",
            "MeanIoU: expected at most 46340 classes, received numClasses=2147483647. Join classes,"
                + " or take SparseCategoricalAccuracy."),
        Arguments.of(
            "{'module': 'keras.layers', 'class_name': 'LSTM', 'config': {'stateful': true}}",
            "keras.layers (LSTM): expected stateful=false, received stateful=true. Other values are"
                + " not supported; change the model in Keras."));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusesWhatItCannotMake(String config, String message) throws IOException {
    JsonNode node = new ObjectMapper().readTree(config.replace('\'', '"'));
    var refused =
        assertThrows(IllegalArgumentException.class, () -> KerasConfig.read(node, ignored -> {}));
    assertEquals(message, refused.getMessage());
  }

  static Stream<Arguments> options() {
    return Stream.of(
        Arguments.of(MultiHeadAttention.of(2, 5), "value_dim"),
        Arguments.of(MaxPooling1D.of(3), "strides"),
        Arguments.of(MaxPooling2D.of(3), "strides"),
        Arguments.of(AveragePooling1D.of(3), "strides"),
        Arguments.of(AveragePooling2D.of(3), "strides"));
  }

  /// Left out or null, such an option has the value of another one.
  @ParameterizedTest
  @MethodSource("options")
  void anOptionMayFollowFromAnother(Record part, String option) {
    ObjectNode written = KerasConfig.of(part);
    ((ObjectNode) written.get("config")).putNull(option);
    assertEquals(KerasConfig.of(part), KerasConfig.of(KerasConfig.read(written, Assertions::fail)));
    ((ObjectNode) written.get("config")).remove(option);
    assertEquals(KerasConfig.of(part), KerasConfig.of(KerasConfig.read(written, Assertions::fail)));
  }

  @Test
  void saysWhatItPassesOver() throws IOException {
    List<String> ignored = new ArrayList<>();
    JsonNode node =
        new ObjectMapper()
            .readTree(
                "{\"module\": \"keras.layers\", \"class_name\": \"Dense\","
                    + " \"config\": {\"units\": 3, \"sparkle\": 1}}");
    assertEquals(Dense.of(3), KerasConfig.read(node, ignored::add));
    assertEquals(List.of("keras.layers (Dense): sparkle=1"), ignored);
  }

  @Test
  void usersPartsAreRefused() {
    record Own(int size) {}
    var refused = assertThrows(IllegalArgumentException.class, () -> KerasConfig.of(new Own(1)));
    assertTrue(
        refused
            .getMessage()
            .startsWith(
                "saving: expected a part that Keras has too, or of a class that is named, received"),
        refused::getMessage);
  }

  @Test
  void countsItsClasses() {
    assertEquals(157, classes().count());
  }
}
