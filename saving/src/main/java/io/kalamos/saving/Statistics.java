package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.engine.Shape;
import io.kalamos.layers.Normalization;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The statistics of a `Normalization`: in its configuration where they were given, else among the
/// weights.
final class Statistics {
  private Statistics() {}

  static void write(Normalization layer, ObjectNode config) {
    Optional<Normalization.Statistics> given =
        layer.statistics().filter(known -> known.samples() == 0);
    config.set("mean", given.map(known -> numbers(config, known.mean())).orElse(null));
    config.set("variance", given.map(known -> numbers(config, known.variance())).orElse(null));
  }

  /// Given statistics along several axes as lists in lists, as Keras wants them.
  ///
  /// @param shape of what the layer is applied to
  static void nest(Normalization layer, ObjectNode config, Shape shape) {
    int[] sizes =
        layer.axis().stream()
            .mapToInt(axis -> axis < 0 ? axis + shape.rank() : axis)
            .sorted()
            .map(shape::dim)
            .toArray();
    for (String option : List.of("mean", "variance")) {
      if (config.path(option).isArray()) {
        config.set(option, nested(config.get(option), sizes, 0, 0));
      }
    }
  }

  /// What lies behind a place along the axes before this one.
  private static JsonNode nested(JsonNode numbers, int[] sizes, int axis, int place) {
    if (axis == sizes.length) {
      return numbers.get(place);
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < sizes[axis]; i++) {
      list.add(nested(numbers, sizes, axis + 1, place * sizes[axis] + i));
    }
    return list;
  }

  private static JsonNode numbers(ObjectNode config, List<Double> numbers) {
    if (numbers.size() == 1) {
      return config.numberNode(numbers.getFirst());
    }
    ArrayNode array = config.arrayNode();
    numbers.forEach(array::add);
    return array;
  }

  static Normalization read(String where, Normalization layer, JsonNode config) {
    JsonNode mean = config.path("mean");
    JsonNode variance = config.path("variance");
    boolean absent = mean.isMissingNode() || mean instanceof NullNode;
    if (absent) {
      return layer.unset();
    }
    return layer.meanAndVariance(
        numbers(where + ": mean", mean), numbers(where + ": variance", variance));
  }

  private static double[] numbers(String where, JsonNode node) {
    List<Double> numbers = new ArrayList<>();
    collect(where, node, numbers);
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void collect(String where, JsonNode node, List<Double> numbers) {
    if (node.isArray()) {
      node.forEach(item -> collect(where, item, numbers));
    } else if (node.isNumber()) {
      numbers.add(node.asDouble());
    } else {
      throw Refusal.of(
          where, "numbers", "value", node, "The file does not come from Keras as it is.");
    }
  }
}
