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
/// @param inputs the places in `nodes` of the model's inputs
/// @param outputs the places in `nodes` of the model's outputs
/// @param outputResults which of the results at these places the outputs are
public record ModelGraph(
    String name,
    List<Node> nodes,
    List<Integer> inputs,
    List<Integer> outputs,
    List<Integer> outputResults) {
  /// One application of a layer.
  ///
  /// @param kind Keras's class name
  /// @param inputs the places in `nodes` of what the layer is applied to, in its order
  /// @param inputResults which of the results at these places they are; 0 for most layers
  /// @param shapes of all results, the batch open
  /// @param dtype of an input's values, else of the weights, as Keras's `layer.dtype`
  /// @param trainable whether training changes the layer, as far as it has weights
  public record Node(
      String path,
      String kind,
      Layer layer,
      List<Integer> inputs,
      List<Integer> inputResults,
      List<Shape> shapes,
      DType dtype,
      boolean trainable) {
    /// Of the first result, the batch open.
    public Shape shape() {
      return shapes.getFirst();
    }
  }

  public ModelGraph {
    nodes = List.copyOf(nodes);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    outputResults = List.copyOf(outputResults);
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
              results(step.inputs()),
              network.shapes(step.path()).get(application),
              step.layer() instanceof Input input && !input.dtype().floating()
                  ? input.dtype()
                  : network.precision().variableType(),
              !network.frozen(step.path())));
    }
    List<Topology.Ref> outputs = topology.outputs();
    return new ModelGraph(name, nodes, topology.inputs(), places(outputs), results(outputs));
  }

  private static List<Integer> places(List<Topology.Ref> values) {
    return values.stream().map(Topology.Ref::step).toList();
  }

  private static List<Integer> results(List<Topology.Ref> values) {
    return values.stream().map(Topology.Ref::output).toList();
  }
}
