package io.kalamos.tensorboard;

import io.kalamos.layers.Layer;
import io.kalamos.models.Model;
import io.kalamos.models.ModelGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// What TensorBoard's graph of layers reads of a model's configuration: classes, names, types, and
/// which layer is applied to what.
///
/// The options of the layers are left out, which TensorBoard does not look at: so a model whose
/// layers no file can name has a graph too, and a short training does not wait for a configuration
/// to be written (0.4 s at a cold start). `writer.kerasModel("keras",
/// ModelConfig.of(model).toString(), 0)` writes all of it.
final class LayerGraph {
  private LayerGraph() {}

  /// In the form of Keras 3's `to_json`.
  static String of(Model model) {
    return json(model(model, model.title()));
  }

  private static SequencedMap<String, Object> model(Model model, String name) {
    ModelGraph graph = model.graph();
    boolean chain = model.kind().equals("Sequential");
    SequencedMap<String, SequencedMap<String, Object>> layers = new LinkedHashMap<>();
    Map<String, List<Object>> applications = new LinkedHashMap<>();
    for (ModelGraph.Node applied : graph.nodes()) {
      layers.computeIfAbsent(applied.path(), path -> layer(applied));
      List<Object> nodes = applications.computeIfAbsent(applied.path(), path -> new ArrayList<>());
      if (!applied.inputs().isEmpty()) {
        nodes.add(fields("args", arguments(graph, applied)));
      }
    }
    if (!chain) {
      layers.forEach((path, layer) -> layer.put("inbound_nodes", applications.get(path)));
    }
    SequencedMap<String, Object> config =
        fields("name", name, "layers", List.copyOf(layers.values()));
    if (!chain) {
      config.put("input_layers", ends(graph, graph.inputs()));
      config.put("output_layers", ends(graph, graph.outputs()));
    }
    return fields("class_name", model.kind(), "config", config);
  }

  private static SequencedMap<String, Object> layer(ModelGraph.Node applied) {
    SequencedMap<String, Object> layer =
        switch (applied.layer()) {
          case Model part -> model(part, applied.path());
          case Layer _ ->
              fields(
                  "class_name",
                  applied.kind().equals("Input") ? "InputLayer" : applied.kind(),
                  "config",
                  fields("name", applied.path(), "dtype", applied.dtype().toString()));
        };
    layer.put("name", applied.path());
    return layer;
  }

  private static List<Object> arguments(ModelGraph graph, ModelGraph.Node applied) {
    List<Object> arguments = new ArrayList<>();
    for (int i = 0; i < applied.inputs().size(); i++) {
      List<Object> history = history(graph, applied.inputs().get(i), applied.inputResults().get(i));
      arguments.add(
          fields("class_name", "__keras_tensor__", "config", fields("keras_history", history)));
    }
    return arguments;
  }

  /// One end as a triple, several as a list of such.
  private static List<Object> ends(ModelGraph graph, List<Integer> places) {
    if (places.size() == 1) {
      return history(graph, places.getFirst(), 0);
    }
    return places.stream().map(place -> (Object) history(graph, place, 0)).toList();
  }

  private static List<Object> history(ModelGraph graph, int place, int result) {
    return List.of(graph.nodes().get(place).path(), 0, result);
  }

  private static SequencedMap<String, Object> fields(String name, Object value) {
    SequencedMap<String, Object> fields = new LinkedHashMap<>();
    fields.put(name, value);
    return fields;
  }

  private static SequencedMap<String, Object> fields(
      String name, Object value, String second, Object other) {
    SequencedMap<String, Object> fields = fields(name, value);
    fields.put(second, other);
    return fields;
  }

  private static String json(Object value) {
    return switch (value) {
      case Map<?, ?> fields ->
          fields.entrySet().stream()
              .map(field -> json(field.getKey()) + ":" + json(field.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case List<?> items ->
          items.stream().map(LayerGraph::json).collect(Collectors.joining(",", "[", "]"));
      case Number number -> number.toString();
      case Object text -> quoted(text.toString());
    };
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c == '"' || c == '\\' ? "\\" : "").append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
