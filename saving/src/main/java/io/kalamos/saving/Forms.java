package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Locale;
import java.util.Set;

/// Where Keras writes one option in another form than the type here would give.
final class Forms {
  /// Layers over lines, whose sizes Keras writes as lists of one.
  private static final Set<String> LINES = Set.of("Conv1D", "MaxPooling1D", "AveragePooling1D");

  private static final Set<String> SIZES =
      Set.of("kernelSize", "strides", "dilationRate", "poolSize");

  /// Classes that write a single axis as a number.
  private static final Set<String> ONE_AXIS =
      Set.of("LayerNormalization", "MaxNorm", "MinMaxNorm", "UnitNorm", "Softmax");

  /// Choices among whose constants is one for none, which is null in Keras.
  private static final Set<String> NONES = Set.of("average", "classAggregation");

  private static final Set<String> POOLING =
      Set.of("MaxPooling1D", "MaxPooling2D", "AveragePooling1D", "AveragePooling2D");

  private Forms() {}

  /// A configuration with the options that Keras takes from others where they are left out or null.
  static JsonNode completed(String kind, JsonNode config) {
    if (kind.equals("MultiHeadAttention")) {
      return completed(config, "value_dim", "key_dim");
    }
    return POOLING.contains(kind) ? completed(config, "strides", "pool_size") : config;
  }

  private static JsonNode completed(JsonNode config, String option, String other) {
    boolean whole = config.hasNonNull(option) || !config.has(other);
    return whole ? config : ((ObjectNode) config.deepCopy()).set(option, config.get(other));
  }

  /// The form in which Keras writes an option.
  static JsonNode written(String kind, String component, JsonNode value) {
    if (LINES.contains(kind) && SIZES.contains(component)) {
      return JsonNodeFactory.instance.arrayNode().add(value);
    }
    boolean single = value.isArray() && value.size() == 1;
    if (component.equals("axis") && ONE_AXIS.contains(kind) && single) {
      return value.get(0);
    }
    if (kind.equals("Dot") && component.equals("axes") && value.get(0).equals(value.get(1))) {
      return value.get(0);
    }
    if (kind.equals("AUC") && component.equals("curve")) {
      return TextNode.valueOf(value.asText().toUpperCase(Locale.ROOT));
    }
    if (NONES.contains(component) && value.asText().equals("none")) {
      return NullNode.instance;
    }
    boolean none = value.isArray() && value.isEmpty();
    return none && component.equals("sharedAxes") ? NullNode.instance : value;
  }

  /// The form that the type here wants.
  static JsonNode read(String kind, String component, JsonNode value) {
    boolean single = value.isArray() && value.size() == 1;
    if (LINES.contains(kind) && SIZES.contains(component) && single) {
      return value.get(0);
    }
    if (kind.equals("Dot") && component.equals("axes") && value.isNumber()) {
      return JsonNodeFactory.instance.arrayNode().add(value).add(value);
    }
    if (NONES.contains(component) && value.isNull()) {
      return TextNode.valueOf("none");
    }
    return value.isNull() && component.equals("sharedAxes")
        ? JsonNodeFactory.instance.arrayNode()
        : value;
  }
}
