package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.layers.Input;
import io.kalamos.layers.Lambda;
import io.kalamos.layers.Layer;
import io.kalamos.layers.MultiHeadAttention;
import io.kalamos.layers.Normalization;
import io.kalamos.layers.TimeDistributed;
import io.kalamos.models.Model;
import io.kalamos.models.ModelGraph;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes models as Keras 3's `serialize_keras_object` does.
final class ModelWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final OwnParts own;
  private final ConfigWriter parts;
  private final DType compute;

  /// @param model whose precision the layers have
  ModelWriter(Model model, OwnParts own) {
    this.own = own;
    this.parts = new ConfigWriter(own, model.precision().toString(), this::model);
    this.compute = model.precision().computeType();
  }

  ConfigWriter parts() {
    return parts;
  }

  /// A model that a layer holds, under its own name.
  ObjectNode model(Model model) {
    return model(model, model.title(), JSON.objectNode());
  }

  /// A model under the name that it has in another one.
  ///
  /// @param compile what it was compiled with; empty for none
  ObjectNode model(Model model, String name, ObjectNode compile) {
    boolean chain = model.kind().equals("Sequential");
    ModelGraph graph = model.graph();
    ObjectNode node = JSON.objectNode();
    node.put("module", chain ? "keras" : "keras.src.models.functional");
    node.put("class_name", model.kind());
    node.set("config", chain ? chain(model, name, graph) : functional(model, name, graph));
    node.put("registered_name", chain ? null : "Functional");
    ObjectNode build = node.putObject("build_config");
    build.set("input_shape", chain ? sizes(graph.nodes().getFirst().shape()) : null);
    node.set("compile_config", compile);
    return node;
  }

  private ObjectNode chain(Model model, String name, ModelGraph graph) {
    ObjectNode config = JSON.objectNode();
    config.put("name", name);
    config.put("trainable", model.trainable());
    config.set("dtype", parts.policy());
    ArrayNode layers = config.putArray("layers");
    for (ModelGraph.Node node : graph.nodes()) {
      layers.add(layer(node, graph));
    }
    config.set("build_input_shape", sizes(graph.nodes().getFirst().shape()));
    return config;
  }

  private ObjectNode functional(Model model, String name, ModelGraph graph) {
    ObjectNode config = JSON.objectNode();
    config.put("name", name);
    config.put("trainable", model.trainable());
    Map<String, ObjectNode> layers = new LinkedHashMap<>();
    for (ModelGraph.Node node : graph.nodes()) {
      ObjectNode layer = layers.get(node.path());
      if (layer == null) {
        layer = layer(node, graph);
        layer.put("name", node.path());
        layer.putArray("inbound_nodes");
        layers.put(node.path(), layer);
      }
      if (!node.inputs().isEmpty()) {
        layer.withArray("inbound_nodes").add(call(node, graph));
      }
    }
    config.putArray("layers").addAll(layers.values());
    List<Integer> first = graph.inputs().stream().map(input -> 0).toList();
    config.set("input_layers", places(graph, graph.inputs(), first));
    config.set("output_layers", places(graph, graph.outputs(), graph.outputResults()));
    return config;
  }

  private ObjectNode layer(ModelGraph.Node node, ModelGraph graph) {
    if (node.layer() instanceof Model inner) {
      return model(inner, node.path(), JSON.objectNode());
    }
    ObjectNode written =
        switch (node.layer()) {
          case Input input -> input(input, node);
          case Lambda lambda -> lambda(lambda, node.path());
          case Layer layer -> checked(layer.named(node.path()));
        };
    if (node.layer() instanceof Input) {
      return written;
    }
    if (Extras.trained(node.kind())) {
      ((ObjectNode) written.get("config")).put("trainable", node.trainable());
    }
    if (node.layer() instanceof Normalization normalization) {
      int from = node.inputs().getFirst();
      Shape shape = graph.nodes().get(from).shapes().get(node.inputResults().getFirst());
      Statistics.nest(normalization, (ObjectNode) written.get("config"), shape);
    }
    if (Extras.built(node.kind())) {
      written.set("build_config", build(node, graph));
    }
    return written;
  }

  /// A layer that is the same when it is read.
  private ObjectNode checked(Layer layer) {
    ObjectNode written = parts.part(layer);
    RoundTrip.check(layer, written, own);
    return written;
  }

  private static ObjectNode input(Input input, ModelGraph.Node node) {
    ObjectNode written = JSON.objectNode();
    written.put("module", Parts.LAYERS);
    written.put("class_name", "InputLayer");
    ObjectNode config = written.putObject("config");
    config.set("batch_shape", sizes(node.shape()));
    config.put("dtype", input.dtype().toString());
    Extras.of("InputLayer").forEach(config::set);
    config.put("name", node.path());
    written.putNull("registered_name");
    return written;
  }

  /// The function stands there by the layer's name: whoever reads the file gives it, in Java with
  /// `onLambda`, in Keras among the custom objects.
  private ObjectNode lambda(Lambda lambda, String name) {
    ObjectNode written = JSON.objectNode();
    written.put("module", Parts.LAYERS);
    written.put("class_name", lambda.kind());
    ObjectNode config = written.putObject("config");
    config.put("name", name);
    config.set("dtype", parts.policy());
    config.set("function", MetricConfig.function(name));
    config.putObject("arguments");
    written.putNull("registered_name");
    return written;
  }

  /// The shapes that the layer is built with.
  private static ObjectNode build(ModelGraph.Node node, ModelGraph graph) {
    List<ArrayNode> shapes = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      ModelGraph.Node from = graph.nodes().get(node.inputs().get(i));
      shapes.add(sizes(from.shapes().get(node.inputResults().get(i))));
    }
    boolean sameKey =
        node.inputs().size() > 2
            && node.inputs().get(1).equals(node.inputs().get(2))
            && node.inputResults().get(1).equals(node.inputResults().get(2));
    if (sameKey && node.layer() instanceof MultiHeadAttention) {
      shapes = shapes.subList(0, 2);
    }
    return Inbound.shapes(node.layer(), shapes);
  }

  private ObjectNode call(ModelGraph.Node node, ModelGraph graph) {
    List<ObjectNode> inputs = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      inputs.add(tensor(graph, node.inputs().get(i), node.inputResults().get(i)));
    }
    return Inbound.write(node.layer(), inputs);
  }

  private ObjectNode tensor(ModelGraph graph, int place, int result) {
    ModelGraph.Node from = graph.nodes().get(place);
    ObjectNode tensor = JSON.objectNode();
    tensor.put("class_name", "__keras_tensor__");
    ObjectNode config = tensor.putObject("config");
    config.set("shape", sizes(from.shapes().get(result)));
    DType type = from.layer() instanceof Input input ? input.dtype() : compute;
    config.put("dtype", type.toString());
    config.set("keras_history", history(graph, place, result, 0));
    return tensor;
  }

  /// `[layer, call, result]`.
  private static ArrayNode history(ModelGraph graph, int place, int result, int before) {
    String path = graph.nodes().get(place).path();
    int call = before;
    for (int i = 0; i < place; i++) {
      call += graph.nodes().get(i).path().equals(path) ? 1 : 0;
    }
    return JSON.arrayNode().add(path).add(call).add(result);
  }

  /// One place as it is, several in a list. In these lists Keras counts the calls of functional
  /// models from 1.
  private static JsonNode places(ModelGraph graph, List<Integer> places, List<Integer> results) {
    ArrayNode all = JSON.arrayNode();
    for (int i = 0; i < places.size(); i++) {
      int before = graph.nodes().get(places.get(i)).kind().equals("Functional") ? 1 : 0;
      all.add(history(graph, places.get(i), results.get(i), before));
    }
    return all.size() == 1 ? all.get(0) : all;
  }

  private static ArrayNode sizes(Shape shape) {
    ArrayNode sizes = JSON.arrayNode();
    for (int size : shape.toArray()) {
      if (size == Shape.OPEN) {
        sizes.addNull();
      } else {
        sizes.add(size);
      }
    }
    return sizes;
  }

  /// Refuses layers that no file can describe, all of them at once.
  static void check(Model model, OwnParts own) {
    List<String> unknown = new ArrayList<>();
    unknown("", model, own, unknown, new HashMap<>());
    if (!unknown.isEmpty()) {
      throw Refusal.of(
          "saving",
          "layers that Keras has too, or of classes that are named",
          "layers",
          unknown,
          "Where they are records, name their classes with save.part(example) and"
              + " load.part(example).");
    }
  }

  private static void unknown(
      String where, Model model, OwnParts own, List<String> unknown, Map<Model, String> seen) {
    if (seen.put(model, where) != null) {
      return;
    }
    model
        .layers()
        .forEach(
            (path, layer) -> {
              String here = where.isEmpty() ? path : where + "/" + path;
              switch (layer) {
                case Model inner -> unknown(here, inner, own, unknown, seen);
                case Input _, Lambda _ -> {}
                case TimeDistributed each when each.layer() instanceof Model held ->
                    unknown(here, held, own, unknown, seen);
                case Layer other -> {
                  if (Parts.module(other).isEmpty() && !own.holds(other)) {
                    unknown.add(here + ": " + other.kind());
                  }
                }
              }
            });
  }
}
