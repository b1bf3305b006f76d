package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// The configurations of `.h5` files, which Keras 3 still writes: models, layers, losses, metrics
/// and the optimizer without modules and what they were built with.
final class Old {
  private static final List<String> NEW =
      List.of("module", "registered_name", "build_config", "compile_config");

  private Old() {}

  static ObjectNode model(ObjectNode config) {
    ObjectNode old = config.deepCopy();
    strip(old);
    return old;
  }

  private static void strip(ObjectNode layer) {
    layer.remove(NEW);
    within(layer);
    within(layer.path("config").path("layer"));
  }

  private static void within(JsonNode model) {
    for (JsonNode layer : model.path("config").path("layers")) {
      strip((ObjectNode) layer);
    }
  }

  /// The same with lists for what Python had as tuples.
  static JsonNode listed(JsonNode node) {
    if (node.path("class_name").asText().equals("__tuple__") && node.path("items").isArray()) {
      return listed(node.get("items"));
    }
    switch (node) {
      case ObjectNode object -> object.properties().forEach(e -> e.setValue(listed(e.getValue())));
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          array.set(i, listed(array.get(i)));
        }
      }
      case JsonNode _ -> {}
    }
    return node;
  }

  static Optional<ObjectNode> training(ObjectNode config) {
    if (!(config.path("compile_config") instanceof ObjectNode compile) || compile.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode old = compile.deepCopy();
    JsonNode optimizer = old.remove("optimizer");
    for (String option : List.of("loss", "metrics", "weighted_metrics")) {
      plain(old.path(option));
    }
    ((ObjectNode) optimizer).remove(NEW);
    old.set("optimizer_config", optimizer);
    return Optional.of(old);
  }

  private static void plain(JsonNode node) {
    if (node instanceof ObjectNode part && part.has("class_name")) {
      if (!part.path("class_name").asText().equals("function")) {
        part.remove(NEW);
      }
    } else {
      node.forEach(Old::plain);
    }
  }

  /// The options of an old file under the names of today.
  static ObjectNode compile(JsonNode training) {
    ObjectNode compile = JsonNodeFactory.instance.objectNode();
    if (training instanceof ObjectNode given) {
      compile.setAll(given);
      JsonNode optimizer = compile.remove("optimizer_config");
      if (optimizer != null) {
        compile.set("optimizer", optimizer);
      }
    }
    return compile;
  }
}
