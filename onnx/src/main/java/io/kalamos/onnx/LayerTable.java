package io.kalamos.onnx;

import io.kalamos.engine.Shape;
import io.kalamos.layers.Layer;
import io.kalamos.layers.Symbol;
import io.kalamos.onnx.Carried.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Which operators become layers, and where: what does not fit a layer is left to [OperationTable].
final class LayerTable {
  private final Translation translation;
  private final Map<String, Predicate<NodeProto>> rows;
  private final ConvolutionLayers convolutions;
  private final WeightLayers weights;
  private final ActivationLayers activations;
  private final ShapeLayers shapes;
  private final RecurrentLayers recurrence;

  LayerTable(Translation translation) {
    this.translation = translation;
    this.convolutions = new ConvolutionLayers(translation, this);
    this.weights = new WeightLayers(translation, this);
    this.activations = new ActivationLayers(translation, this);
    this.shapes = new ShapeLayers(translation, this);
    this.recurrence = new RecurrentLayers(translation, this, shapes);
    this.rows =
        Map.ofEntries(
            Map.entry("Conv", convolutions::convolution),
            Map.entry("ConvTranspose", convolutions::transposed),
            Map.entry("MaxPool", convolutions::maxPool),
            Map.entry("AveragePool", convolutions::averagePool),
            Map.entry("GlobalAveragePool", convolutions::globalAverage),
            Map.entry("GlobalMaxPool", convolutions::globalMax),
            Map.entry("ReduceMean", convolutions::globalAverage),
            Map.entry("ReduceMax", convolutions::globalMax),
            Map.entry("Resize", convolutions::upsampling),
            Map.entry("Gemm", weights::gemm),
            Map.entry("MatMul", weights::matmul),
            Map.entry("Gather", weights::embedding),
            Map.entry("BatchNormalization", weights::batchNormalization),
            Map.entry("LayerNormalization", weights::layerNormalization),
            Map.entry("GroupNormalization", weights::groupNormalization),
            Map.entry("InstanceNormalization", weights::instanceNormalization),
            Map.entry("PRelu", weights::prelu),
            Map.entry("LSTM", recurrence::translate),
            Map.entry("GRU", recurrence::translate),
            Map.entry("RNN", recurrence::translate),
            Map.entry("Relu", activations::translate),
            Map.entry("LeakyRelu", activations::translate),
            Map.entry("Elu", activations::translate),
            Map.entry("Selu", activations::translate),
            Map.entry("Sigmoid", activations::translate),
            Map.entry("Tanh", activations::translate),
            Map.entry("Softplus", activations::translate),
            Map.entry("Softsign", activations::translate),
            Map.entry("HardSwish", activations::translate),
            Map.entry("HardSigmoid", activations::translate),
            Map.entry("Mish", activations::translate),
            Map.entry("Swish", activations::translate),
            Map.entry("Gelu", activations::translate),
            Map.entry("Clip", activations::translate),
            Map.entry("Dropout", activations::translate),
            Map.entry("Softmax", activations::rows),
            Map.entry("LogSoftmax", activations::rows),
            Map.entry("Add", activations::arithmetic),
            Map.entry("Sub", activations::arithmetic),
            Map.entry("Mul", activations::arithmetic),
            Map.entry("Div", activations::arithmetic),
            Map.entry("Max", activations::arithmetic),
            Map.entry("Min", activations::arithmetic),
            Map.entry("Sum", activations::arithmetic),
            Map.entry("Mean", activations::arithmetic),
            Map.entry("Identity", shapes::same),
            Map.entry("Cast", shapes::same),
            Map.entry("Transpose", shapes::transpose),
            Map.entry("Flatten", shapes::reshape),
            Map.entry("Reshape", shapes::reshape),
            Map.entry("Squeeze", shapes::reshape),
            Map.entry("Unsqueeze", shapes::reshape),
            Map.entry("Concat", shapes::concatenate),
            Map.entry("Pad", shapes::padding));
  }

  /// Writes a node as a layer, or says that there is none.
  boolean translate(NodeProto node) {
    Predicate<NodeProto> row = rows.get(node.opType());
    return row != null && row.test(node);
  }

  // What the rows share

  /// An input that a layer carries.
  Optional<Carried> carried(NodeProto node, int i) {
    return i < node.inputs().size() ? translation.carried(node.inputs().get(i)) : Optional.empty();
  }

  /// An input that a layer carries with the batch in front.
  Optional<Carried> samples(NodeProto node, int i) {
    return carried(node, i).filter(value -> value.batch() == 0);
  }

  boolean has(NodeProto node, int i) {
    return i < node.inputs().size() && !node.inputs().get(i).isEmpty();
  }

  /// Whether an input's numbers are known.
  boolean known(NodeProto node, int i) {
    return has(node, i) && translation.probe().known(node.inputs().get(i));
  }

  /// Whether an input is weights of the file.
  boolean weight(NodeProto node, int i) {
    return known(node, i) && translation.probe().weight(node.inputs().get(i));
  }

  Shape shape(NodeProto node, int i) {
    return translation.shape(node.inputs().get(i));
  }

  /// The file's names of inputs that are there, from the second one on.
  List<String> sources(NodeProto node, int... inputs) {
    return Arrays.stream(inputs).filter(i -> has(node, i)).mapToObj(node.inputs()::get).toList();
  }

  /// Applies a layer without weights to a value in any form, which its result keeps.
  boolean each(NodeProto node, Carried value, Layer layer) {
    Form form = value.order().map(Form.class::cast).orElse(value.forms().firstEntry().getKey());
    Symbol symbol = value.forms().get(form);
    translation.carry(
        node.outputs().getFirst(),
        form,
        translation.apply(node, layer, List.of(), List.of(), symbol));
    return true;
  }

  /// Applies a layer without weights to a value in one order.
  boolean put(NodeProto node, Carried value, Form.Order order, Layer layer, Form result) {
    translation.carry(
        node.outputs().getFirst(),
        result,
        translation.apply(node, layer, List.of(), List.of(), translation.symbol(value, order)));
    return true;
  }

  /// Whether only the first output of a node is asked for.
  boolean single(NodeProto node) {
    return node.outputs().stream()
        .skip(1)
        .allMatch(name -> name.isEmpty() || translation.unused(name));
  }

  /// An order that all values have, else that of the first.
  static Form.Order common(List<Carried> values, Translation translation) {
    List<Form.Order> orders = new ArrayList<>();
    Carried first = values.getFirst();
    first.forms().keySet().stream()
        .filter(Form.Order.class::isInstance)
        .map(Form.Order.class::cast)
        .forEach(orders::add);
    return orders.stream()
        .filter(order -> values.stream().allMatch(v -> v.forms().containsKey(order)))
        .findFirst()
        .orElseGet(() -> orders.isEmpty() ? first.plain() : orders.getFirst());
  }

  static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }
}
