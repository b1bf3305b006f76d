package io.kalamos.onnx;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.initializers.Zeros;
import io.kalamos.layers.Call;
import io.kalamos.layers.Layer;
import io.kalamos.layers.WeightOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// One operator of an ONNX file, or a few whose results in between have no batch axis, as a layer:
/// what has no layer of its own.
///
/// Weights: the file's, under their names there.
///
/// @param fixedBatch see [Site.Setting]
/// @param nodes in the order in which they are written
/// @param inputs the layer's inputs as values of the file
/// @param results the layer's results as values of the file
record OnnxOperation(
    Optional<String> name,
    int opset,
    int fixedBatch,
    List<NodeProto> nodes,
    List<Port> inputs,
    Map<String, Value.Known> constants,
    List<Weight> weights,
    List<Port> results)
    implements Layer {
  /// A value of the file outside of this layer.
  ///
  /// @param order the value's axes in the order that they have outside, the batch first
  record Port(String value, ElementType type, List<Integer> order) {}

  /// A trainable number of the file.
  ///
  /// @param value its name in the file
  /// @param name its name in the model
  record Weight(String value, String name, Shape shape) {}

  OnnxOperation {
    nodes = List.copyOf(nodes);
    inputs = List.copyOf(inputs);
    constants = Map.copyOf(constants);
    weights = List.copyOf(weights);
    results = List.copyOf(results);
  }

  @Override
  public OnnxOperation named(String name) {
    return new OnnxOperation(
        Optional.of(name), opset, fixedBatch, nodes, inputs, constants, weights, results);
  }

  /// `Onnx` and the operator, the last one where there are several.
  @Override
  public String kind() {
    return "Onnx" + nodes.getLast().opType();
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    Site.Setting setting =
        new Site.Setting(
            opset,
            call.computeType(),
            call.variableType(),
            fixedBatch,
            x.shape().dim(0),
            call.path());
    Map<String, Value> values = new HashMap<>(constants);
    for (int i = 0; i < inputs.size(); i++) {
      Port port = inputs.get(i);
      Node outside = call.inputs().get(i);
      values.put(port.value(), new Value.Computed(port.type(), Ops.transpose(outside, back(port))));
    }
    for (Weight weight : weights) {
      Node number = call.weight(weight.name(), weight.shape(), WeightOptions.of(Zeros.of()));
      values.put(weight.value(), new Value.Computed(ElementType.FLOAT, number));
    }
    Evaluation evaluation = new Evaluation(setting, new Folding(numbers()));
    for (NodeProto node : nodes) {
      List<Value> made = evaluation.of(node, values);
      for (int i = 0; i < node.outputs().size(); i++) {
        if (made.get(i) instanceof Value.Computed(ElementType _, Node written)) {
          written.within(call.path());
        }
        values.put(node.outputs().get(i), made.get(i));
      }
    }
    for (Port port : results.subList(1, results.size())) {
      call.result(outside(call, values, port));
    }
    return outside(call, values, results.getFirst());
  }

  private long numbers() {
    return constants.values().stream().mapToLong(known -> known.shape().size()).sum();
  }

  private static Node outside(Call call, Map<String, Value> values, Port port) {
    return switch (values.get(port.value())) {
      case Value.Computed(ElementType _, Node node) ->
          Ops.transpose(node, port.order().toArray(Integer[]::new));
      case Value.Known known -> throw call.rejects("a result of the data", known.shape(), "");
    };
  }

  /// The axes outside in the order that they have in the file.
  private static Integer[] back(Port port) {
    return IntStream.range(0, port.order().size())
        .mapToObj(axis -> port.order().indexOf(axis))
        .toArray(Integer[]::new);
  }
}
