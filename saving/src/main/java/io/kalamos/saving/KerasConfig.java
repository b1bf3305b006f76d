package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.metrics.LossMetric;
import io.kalamos.options.Refusal;
import java.util.function.Consumer;

/// Layers, optimizers, losses and their parts as Keras writes them, and back.
///
/// `{"module": "keras.layers", "class_name": "Dense", "config": {"units": 10, ...},
/// "registered_name": null}` is what Keras's `serialize_keras_object` gives. Only classes of a
/// closed list are made, whatever a configuration names.
public final class KerasConfig {
  private KerasConfig() {}

  /// The configuration of a part.
  ///
  /// @throws IllegalArgumentException where Keras has no such part, such as a user's own layer
  public static ObjectNode of(Object part) {
    ConfigWriter writer = new ConfigWriter(OwnParts.NONE, "float32");
    return part instanceof LossMetric metric
        ? (ObjectNode) MetricConfig.of(writer, metric)
        : writer.part(part);
  }

  /// The part that a configuration describes.
  ///
  /// @param ignored is told, one line each, of options that are not known here and were passed over
  /// @throws IllegalArgumentException where a class, an option's type or its value is not supported
  public static Object read(JsonNode node, Consumer<String> ignored) {
    String named = node.path("module").asText();
    String module = ClassName.of(node).isOurs() ? Parts.moduleOf(node) : named;
    if (!Parts.modules().contains(module)) {
      throw Refusal.of(
          "configuration",
          "a module out of " + String.join(", ", Parts.modules().stream().sorted().toList()),
          "module",
          '"' + module + '"',
          "Build this part in Java and load the weights alone.");
    }
    ConfigReader reader = new ConfigReader(OwnParts.NONE, ignored);
    return module.equals(Parts.METRICS)
        ? MetricConfig.read(reader, module, node)
        : reader.part(module, module, node);
  }
}
