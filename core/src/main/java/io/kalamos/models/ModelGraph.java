package io.kalamos.models;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which layer is applied to what, inputs before their users: a view for pictures and reports.
///
/// @param nodes the applications of layers; a shared layer has several with one path
/// @param outputs the places in `nodes` of the model's outputs
public record ModelGraph(String name, List<Node> nodes, List<Integer> outputs) {
  /// One application of a layer.
  ///
  /// @param kind Keras's class name
  /// @param inputs the places in `nodes` of what the layer is applied to, in its order
  /// @param shape of the first result, the batch open
  /// @param dtype of an input's values, else of the weights, as Keras's `layer.dtype`
  /// @param trainable whether training changes the layer, as far as it has weights
  public record Node(
      String path,
      String kind,
      Layer layer,
      List<Integer> inputs,
      Shape shape,
      DType dtype,
      boolean trainable) {}

  public ModelGraph {
    nodes = List.copyOf(nodes);
    outputs = List.copyOf(outputs);
  }

  static ModelGraph of(String name, Network network) {
    Topology topology = network.topology();
    Map<String, Integer> applications = new HashMap<>();
    List<Node> nodes = new ArrayList<>();
    for (Topology.Step step : topology.steps()) {
      int application = applications.merge(step.path(), 1, Integer::sum) - 1;
      nodes.add(
          new Node(
              step.path(),
              step.layer().kind(),
              step.layer(),
              places(step.inputs()),
              network.shapes(step.path()).get(application).getFirst(),
              step.layer() instanceof Input input && !input.dtype().floating()
                  ? input.dtype()
                  : network.precision().variableType(),
              !network.frozen(step.path())));
    }
    return new ModelGraph(name, nodes, places(topology.outputs()));
  }

  private static List<Integer> places(List<Topology.Ref> values) {
    return values.stream().map(Topology.Ref::step).toList();
  }
}
