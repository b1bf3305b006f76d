package io.kalamos.tensorboard;

import io.kalamos.engine.Shape;
import io.kalamos.models.Model;
import io.kalamos.models.ModelGraph;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The layers as a `GraphDef` of TensorFlow, which TensorBoard's page of graphs shows first: a node
/// for each application of a layer, with the class as its operation and the shapes of its results.
///
/// Nodes of an inner model have its name before theirs, `part/dense`, and are drawn in one box; a
/// layer that is applied twice has the nodes `shared` and `shared_1`.
final class LayerNodes {
  private static final int NODE = 1;
  private static final int ATTRIBUTE = 5;
  private static final int SHAPES_OF_LIST = 7;

  private final Message graph = new Message();
  private final Set<String> names = new HashSet<>();

  private LayerNodes() {}

  /// The `GraphDef` of a model.
  static Message of(Model model) {
    LayerNodes nodes = new LayerNodes();
    nodes.add("", model, List.of());
    return nodes.graph;
  }

  /// Adds a model's nodes.
  ///
  /// @param given the results that an inner model is applied to
  /// @return the model's own results, as nodes refer to them
  private List<String> add(String before, Model model, List<String> given) {
    ModelGraph graph = model.graph();
    List<List<String>> results = new ArrayList<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      ModelGraph.Node applied = graph.nodes().get(i);
      List<String> inputs = results(results, applied.inputs(), applied.inputResults());
      int end = graph.inputs().indexOf(i);
      if (end >= 0 && end < given.size()) {
        inputs = List.of(given.get(end));
      }
      String name = free(before + plain(applied.path()));
      results.add(
          applied.layer() instanceof Model part
              ? add(name + "/", part, inputs)
              : add(name, applied, inputs));
    }
    return results(results, graph.outputs(), graph.outputResults());
  }

  private List<String> add(String name, ModelGraph.Node applied, List<String> inputs) {
    Message node = new Message().text(1, name).text(2, applied.kind());
    inputs.forEach(input -> node.text(3, input));
    Message shapes = new Message();
    List<String> results = new ArrayList<>();
    for (Shape shape : applied.shapes()) {
      shapes.message(SHAPES_OF_LIST, TensorMessage.shape(shape.toArray()));
      results.add(results.isEmpty() ? name : name + ":" + results.size());
    }
    Message value = new Message().message(1, shapes);
    node.message(ATTRIBUTE, new Message().text(1, "_output_shapes").message(2, value));
    graph.message(NODE, node);
    return results;
  }

  private static List<String> results(
      List<List<String>> of, List<Integer> places, List<Integer> which) {
    List<String> results = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      results.add(of.get(places.get(i)).get(which.get(i)));
    }
    return results;
  }

  /// TensorFlow's names have no other characters.
  private static String plain(String path) {
    return path.replaceAll("[^A-Za-z0-9_.-]", "_");
  }

  private String free(String name) {
    String free = name;
    for (int n = 1; !names.add(free); n++) {
      free = name + "_" + n;
    }
    return free;
  }
}
