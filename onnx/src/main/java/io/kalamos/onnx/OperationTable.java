package io.kalamos.onnx;

import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Application;
import io.kalamos.layers.Symbol;
import io.kalamos.onnx.Carried.Form;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/// Makes an [OnnxOperation] of what has no layer.
final class OperationTable {
  /// Operators that treat each element by itself, and so do not mind the order of axes.
  private static final Set<String> ELEMENTWISE = ElementwiseOperators.ALL.keySet();

  private static final Set<String> ALSO_ELEMENTWISE =
      Set.of(
          "Relu",
          "Sigmoid",
          "Tanh",
          "Softplus",
          "Softsign",
          "Mish",
          "HardSwish",
          "HardSigmoid",
          "Swish",
          "Elu",
          "Celu",
          "Selu",
          "LeakyRelu",
          "ThresholdedRelu",
          "Shrink",
          "Gelu",
          "PRelu");

  /// Operators over pictures, whose results lie with channels last.
  private static final Set<String> PICTURES =
      Set.of(
          "Conv",
          "ConvTranspose",
          "MaxPool",
          "AveragePool",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "BatchNormalization",
          "InstanceNormalization",
          "GroupNormalization",
          "LRN",
          "Resize",
          "Upsample");

  /// Which inputs of an operator training may change; all where it is not named here, none of
  /// [#UNTRAINED].
  private static final Map<String, Set<Integer>> TRAINED =
      Map.ofEntries(
          Map.entry("Conv", Set.of(1, 2)),
          Map.entry("ConvTranspose", Set.of(1, 2)),
          Map.entry("BatchNormalization", Set.of(1, 2)),
          Map.entry("LSTM", Set.of(1, 2, 3, 7)),
          Map.entry("GRU", Set.of(1, 2, 3)),
          Map.entry("RNN", Set.of(1, 2, 3)),
          Map.entry("Gather", Set.of(0)),
          Map.entry("Expand", Set.of(0)),
          Map.entry("Tile", Set.of(0)),
          Map.entry("Slice", Set.of(0)),
          Map.entry("Reshape", Set.of(0)),
          Map.entry("Where", Set.of(1, 2)));

  /// Operators that are about their weights, so that a single number is one too.
  private static final Set<String> PARAMETRIC =
      Set.of(
          "Conv",
          "ConvTranspose",
          "Gemm",
          "PRelu",
          "BatchNormalization",
          "InstanceNormalization",
          "GroupNormalization",
          "LayerNormalization",
          "RMSNormalization",
          "LSTM",
          "GRU",
          "RNN");

  private static final Set<String> UNTRAINED =
      Set.of("Clip", "Resize", "Upsample", "Pad", "OneHot", "Range", "CumSum", "Dropout");

  private final Translation translation;

  OperationTable(Translation translation) {
    this.translation = translation;
  }

  void translate(NodeProto node) {
    List<NodeProto> nodes = translation.block(node);
    Set<String> made = new LinkedHashSet<>();
    nodes.forEach(one -> made.addAll(one.outputs()));
    SequencedMap<String, Carried> inputs = new LinkedHashMap<>();
    SequencedMap<String, Value.Known> constants = new LinkedHashMap<>();
    for (NodeProto one : nodes) {
      for (String name : one.inputs()) {
        if (name.isEmpty()
            || made.contains(name) && one != node && !translation.probe().known(name)) {
          continue;
        }
        if (translation.probe().known(name)) {
          constants.put(name, translation.probe().constant(name));
        } else {
          translation.carried(name).ifPresent(value -> inputs.put(name, value));
        }
      }
    }
    Optional<Form.Order> common =
        nodes.size() == 1 ? common(node, inputs, constants) : Optional.empty();
    write(node, nodes, inputs, constants, common);
  }

  /// The order of axes in which an elementwise node may be written as it stands, if it is not that
  /// of the file.
  private Optional<Form.Order> common(
      NodeProto node, Map<String, Carried> inputs, Map<String, Value.Known> constants) {
    if (!ELEMENTWISE.contains(node.opType()) && !ALSO_ELEMENTWISE.contains(node.opType())) {
      return Optional.empty();
    }
    int rank = translation.shape(node.outputs().getFirst()).rank();
    boolean alike =
        inputs.values().stream()
            .allMatch(value -> value.rank() == rank && value.batch() == batch(inputs));
    boolean fit =
        constants.values().stream()
            .allMatch(known -> known.shape().rank() == rank || known.shape().size() == 1);
    if (!alike || !fit) {
      return Optional.empty();
    }
    Set<Form> orders = new LinkedHashSet<>();
    inputs.values().forEach(value -> value.order().ifPresent(orders::add));
    return orders.stream()
        .map(Form.Order.class::cast)
        .filter(order -> inputs.values().stream().allMatch(v -> v.forms().containsKey(order)))
        .findFirst();
  }

  private static int batch(Map<String, Carried> inputs) {
    return inputs.values().iterator().next().batch();
  }

  private void write(
      NodeProto node,
      List<NodeProto> nodes,
      SequencedMap<String, Carried> inputs,
      SequencedMap<String, Value.Known> constants,
      Optional<Form.Order> common) {
    List<Symbol> symbols = new ArrayList<>();
    List<OnnxOperation.Port> ports = new ArrayList<>();
    for (Map.Entry<String, Carried> input : inputs.entrySet()) {
      Carried value = input.getValue();
      Form.Order order = common.or(value::order).orElse(value.plain());
      symbols.add(translation.symbol(value, order));
      ports.add(
          new OnnxOperation.Port(
              input.getKey(), value.type(), common.map(c -> straight(value)).orElse(order.axes())));
    }
    List<OnnxOperation.Weight> weights = new ArrayList<>();
    List<Tensor> numbers = new ArrayList<>();
    Map<String, Value.Known> fixed = new LinkedHashMap<>();
    Names taken = new Names();
    constants.forEach(
        (name, known) -> {
          Value.Known placed = common.map(order -> placed(known, order)).orElse(known);
          if (trained(name, known, nodes)) {
            String plain = Names.plain(name);
            String own = taken.unique(plain.isEmpty() ? "weight" : plain);
            weights.add(new OnnxOperation.Weight(name, own, placed.shape()));
            numbers.add(placed.tensor());
          } else {
            fixed.put(name, placed);
          }
        });
    List<String> names = new ArrayList<>();
    List<OnnxOperation.Port> results = new ArrayList<>();
    List<Form> forms = new ArrayList<>();
    for (String output : node.outputs()) {
      if (!output.isEmpty() && translation.probe().batch(output).isPresent()) {
        Carried empty = empty(output);
        Form.Order order =
            common.orElse(
                PICTURES.contains(node.opType()) && empty.batch() == 0 && empty.rank() > 2
                    ? empty.channelsLast()
                    : empty.plain());
        names.add(output);
        forms.add(order);
        results.add(
            new OnnxOperation.Port(
                output, empty.type(), common.map(c -> straight(empty)).orElse(order.axes())));
      }
    }
    OnnxOperation layer =
        new OnnxOperation(
            Optional.empty(),
            translation.graph().opset(),
            translation.probe().fixed(),
            nodes,
            ports,
            fixed,
            weights,
            results);
    Application application =
        translation.apply(
            node,
            layer,
            weights.stream().map(OnnxOperation.Weight::value).toList(),
            numbers,
            symbols.toArray(Symbol[]::new));
    for (int i = 0; i < names.size(); i++) {
      translation.carry(names.get(i), forms.get(i), application.output(i));
    }
  }

  private Carried empty(String output) {
    return Carried.of(
        translation.probe().value(output).type(),
        translation.shape(output),
        translation.probe().batch(output).orElseThrow());
  }

  /// The order of a value that is taken as it lies.
  private static List<Integer> straight(Carried value) {
    return IntStream.range(0, value.rank()).boxed().toList();
  }

  /// A constant of an elementwise node in another order of axes.
  private static Value.Known placed(Value.Known known, Form.Order order) {
    if (known.shape().rank() != order.axes().size() || known.shape().size() == 1) {
      return known.shape().size() == 1
          ? new Value.Known(known.type(), known.tensor().reshape(scalar(known.shape())))
          : known;
    }
    int[] axes = order.axes().stream().mapToInt(axis -> axis).toArray();
    return new Value.Known(known.type(), Tensors.transposed(known.tensor(), axes));
  }

  private static int[] scalar(Shape shape) {
    return shape.rank() == 0 ? new int[0] : new int[] {1};
  }

  private static boolean parametric(NodeProto node) {
    return PARAMETRIC.contains(node.opType());
  }

  /// Whether training may change a constant: floating numbers of the file, more than one unless the
  /// operator has weights for certain, where it takes weights.
  private boolean trained(String name, Value.Known known, List<NodeProto> nodes) {
    if (!translation.probe().weight(name)
        || known.type() == ElementType.DOUBLE
        || known.shape().size() < 2 && nodes.stream().noneMatch(OperationTable::parametric)) {
      return false;
    }
    return nodes.stream()
        .filter(node -> node.inputs().contains(name))
        .allMatch(
            node ->
                !UNTRAINED.contains(node.opType())
                    && IntStream.range(0, node.inputs().size())
                        .filter(i -> node.inputs().get(i).equals(name))
                        .allMatch(
                            i ->
                                Optional.ofNullable(TRAINED.get(node.opType()))
                                    .map(trained -> trained.contains(i))
                                    .orElse(true)));
  }
}
