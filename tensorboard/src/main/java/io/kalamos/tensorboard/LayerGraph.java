package io.kalamos.tensorboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.layers.Layer;
import io.kalamos.models.Model;
import io.kalamos.models.ModelGraph;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What TensorBoard's graph of layers reads of a model's configuration: classes, names, types, and
/// which layer is applied to what. It is there for every model, also for one whose layers no file
/// can name.
final class LayerGraph {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private LayerGraph() {}

  /// In the form of Keras 3's `to_json`.
  static ObjectNode of(Model model) {
    return model(model, model.title());
  }

  private static ObjectNode model(Model model, String name) {
    ModelGraph graph = model.graph();
    boolean chain = model.kind().equals("Sequential");
    ObjectNode node = JSON.objectNode().put("class_name", model.kind());
    ObjectNode config = node.putObject("config").put("name", name);
    Map<String, ObjectNode> layers = new LinkedHashMap<>();
    for (ModelGraph.Node applied : graph.nodes()) {
      ObjectNode layer = layers.computeIfAbsent(applied.path(), path -> layer(applied));
      if (!chain) {
        ArrayNode inbound = layer.withArray("inbound_nodes");
        if (!applied.inputs().isEmpty()) {
          arguments(graph, applied, inbound.addObject().putArray("args"));
        }
      }
    }
    ArrayNode list = config.putArray("layers");
    layers.values().forEach(list::add);
    if (!chain) {
      config.set("input_layers", ends(graph, graph.inputs()));
      config.set("output_layers", ends(graph, graph.outputs()));
    }
    return node;
  }

  private static ObjectNode layer(ModelGraph.Node applied) {
    ObjectNode node =
        switch (applied.layer()) {
          case Model part -> model(part, applied.path());
          case Layer _ -> {
            ObjectNode layer = JSON.objectNode();
            layer.put("class_name", applied.kind().equals("Input") ? "InputLayer" : applied.kind());
            layer
                .putObject("config")
                .put("name", applied.path())
                .put("dtype", applied.dtype().toString());
            yield layer;
          }
        };
    return node.put("name", applied.path());
  }

  private static void arguments(ModelGraph graph, ModelGraph.Node applied, ArrayNode arguments) {
    for (int i = 0; i < applied.inputs().size(); i++) {
      ObjectNode tensor = arguments.addObject().put("class_name", "__keras_tensor__");
      tensor
          .putObject("config")
          .set(
              "keras_history",
              history(graph, applied.inputs().get(i), applied.inputResults().get(i)));
    }
  }

  /// One end as a triple, several as a list of such.
  private static ArrayNode ends(ModelGraph graph, List<Integer> places) {
    if (places.size() == 1) {
      return history(graph, places.getFirst(), 0);
    }
    ArrayNode ends = JSON.arrayNode();
    places.forEach(place -> ends.add(history(graph, place, 0)));
    return ends;
  }

  private static ArrayNode history(ModelGraph graph, int place, int result) {
    return JSON.arrayNode().add(graph.nodes().get(place).path()).add(0).add(result);
  }
}
