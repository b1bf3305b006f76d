package io.kalamos.onnx;

import io.kalamos.engine.ArgMax;
import io.kalamos.engine.AveragePool2D;
import io.kalamos.engine.AveragePool2DGradient;
import io.kalamos.engine.Batch;
import io.kalamos.engine.Binary;
import io.kalamos.engine.BroadcastTo;
import io.kalamos.engine.Cast;
import io.kalamos.engine.Concatenation;
import io.kalamos.engine.Convolution2D;
import io.kalamos.engine.Convolution2DInputGradient;
import io.kalamos.engine.Convolution2DKernelGradient;
import io.kalamos.engine.DType;
import io.kalamos.engine.Fill;
import io.kalamos.engine.Gather;
import io.kalamos.engine.GatherGradient;
import io.kalamos.engine.Literal;
import io.kalamos.engine.MatMul;
import io.kalamos.engine.MaxPool2D;
import io.kalamos.engine.MaxPool2DGradient;
import io.kalamos.engine.Node;
import io.kalamos.engine.Pad;
import io.kalamos.engine.Parameter;
import io.kalamos.engine.Reduce;
import io.kalamos.engine.Reshaping;
import io.kalamos.engine.RowLogSoftmax;
import io.kalamos.engine.RowSoftmax;
import io.kalamos.engine.Scalar;
import io.kalamos.engine.Select;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Slice;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Transpose;
import io.kalamos.engine.Unary;
import io.kalamos.engine.UniformRandom;
import io.kalamos.models.Model;
import io.kalamos.models.ModelGraph;
import io.kalamos.models.PredictionGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Writes each operation of a prediction as nodes of ONNX: one row of a table for each op, so that
/// layers need no rules of their own, users' layers included.
///
/// Axes of values may lie in another order than the engine's; what needs a certain order asks for
/// it (see [Layout]). All real numbers are float32.
final class GraphExport {
  private final SizedGraph graph;
  private final GraphBuilder file;
  private final Values values;
  private final ElementwiseOps elementwise;
  private final PictureOps pictures;
  private final ShapeOps shapes;

  private final RecurrentOps recurrent;
  private final Map<String, Node> inputs = new HashMap<>();
  private final Set<PredictionGraph.LeftOut> written = new HashSet<>();

  private GraphExport(
      SizedGraph graph, GraphBuilder file, Values values, SequencedMap<String, Tensor> weights) {
    this.graph = graph;
    this.file = file;
    this.values = values;
    this.elementwise = new ElementwiseOps(graph, file, values);
    this.pictures = new PictureOps(file, values);
    this.shapes = new ShapeOps(graph, file, values, elementwise, pictures);
    this.recurrent = new RecurrentOps(graph, file, values, weights);
    for (Node node : graph.order()) {
      if (node.op() instanceof Batch input) {
        inputs.put(input.name(), node);
      }
    }
  }

  /// The graph of a model's prediction.
  static GraphProto of(Model model) {
    SizedGraph graph = SizedGraph.of(model);
    List<String> reserved = new ArrayList<>(model.inputNames());
    reserved.addAll(outputNames(model));
    GraphBuilder file = new GraphBuilder(reserved);
    Values values = new Values(graph, file, model.inputNames().getFirst());
    GraphExport export = new GraphExport(graph, file, values, model.weights());
    graph.order().forEach(export::write);
    return export.build(model);
  }

  private GraphProto build(Model model) {
    ModelGraph layers = model.graph();
    List<ValueInfoProto> inputs = new ArrayList<>();
    for (int place : layers.inputs()) {
      ModelGraph.Node input = layers.nodes().get(place);
      List<Size> sizes = new ArrayList<>();
      for (int size : input.shape().toArray()) {
        sizes.add(size == Shape.OPEN ? Size.BATCH : Size.fixed(size));
      }
      inputs.add(info(input.path(), input.dtype(), sizes));
    }
    List<ValueInfoProto> outputs = new ArrayList<>();
    List<String> results = new ArrayList<>();
    for (int i = 0; i < graph.outputs().size(); i++) {
      Node output = graph.outputs().get(i);
      outputs.add(info(outputNames(model).get(i), output.dtype(), graph.sizes(output)));
      results.add(values.plain(output));
    }
    return file.build(model.title(), model.toString(), inputs, outputs, results);
  }

  /// The model's names of its outputs; an input that is given on as it is cannot have its name
  /// twice in a file.
  static List<String> outputNames(Model model) {
    return model.outputNames().stream()
        .map(name -> model.inputNames().contains(name) ? name + "_output" : name)
        .toList();
  }

  private static ValueInfoProto info(String name, DType type, List<Size> sizes) {
    List<Dimension> shape =
        sizes.stream()
            .<Dimension>map(
                size ->
                    size.ofBatch()
                        ? new Dimension.Open(size.equals(Size.BATCH) ? "batch" : "")
                        : new Dimension.Fixed(size.factor()))
            .toList();
    return new ValueInfoProto(
        name, Optional.of(new TensorType(Numbers.type(type), Optional.of(shape))));
  }

  private void write(Node node) {
    switch (node.op()) {
      case Batch input -> input(node, input);
      case Parameter parameter ->
          values.put(node, parameter.variable().path(), parameter.variable().value());
      case Literal literal -> values.put(node, node.scope() + "constant", literal.tensor());
      case Fill _ -> {} // written where it is used
      case Unary op -> elementwise.unary(node, op);
      case Binary op -> binary(node, op);
      case Select _ -> elementwise.select(node);
      case Cast _ -> elementwise.cast(node);
      case Reduce op -> reduce(node, op);
      case ArgMax _ -> argMax(node);
      case RowSoftmax _ -> alongLast(node, "Softmax");
      case RowLogSoftmax _ -> alongLast(node, "LogSoftmax");
      case MatMul op -> product(node, op);
      case Convolution2D op -> pictures.convolution(node, op);
      case Convolution2DInputGradient op -> pictures.widening(node, op);
      case MaxPool2D op -> pictures.maxPool(node, op.window());
      case AveragePool2D op -> pictures.averagePool(node, op.window());
      case Reshaping _ -> shapes.reshape(node);
      case Transpose op -> shapes.transpose(node, op);
      case BroadcastTo _ -> shapes.broadcast(node);
      case Slice _ -> shapes.slice(node);
      case Pad op -> shapes.pad(node, op);
      case Concatenation op -> shapes.concatenate(node, op);
      case Gather _ -> shapes.gather(node);
      case Scalar _ -> throw refused(node);
      case UniformRandom _ -> throw refused(node);
      case Convolution2DKernelGradient _ -> throw refused(node);
      case MaxPool2DGradient _ -> throw refused(node);
      case AveragePool2DGradient _ -> throw refused(node);
      case GatherGradient _ -> throw refused(node);
    }
  }

  private IllegalArgumentException refused(Node node) {
    return graph.refusal(
        node, "operations that ONNX has", "Leave it out of what the model does while predicting.");
  }

  /// An input of the model, or a result of a layer that was left out.
  private void input(Node node, Batch input) {
    Optional<PredictionGraph.LeftOut> layer =
        graph.leftOut().stream().filter(l -> l.results().contains(input.name())).findFirst();
    if (layer.isEmpty()) {
      values.put(node, input.name());
    } else if (written.add(layer.get())) {
      recurrent.write(layer.get(), inputs);
    }
  }

  private void binary(Node node, Binary op) {
    Optional<BatchNormalized> found = BatchNormalized.of(node).filter(pictures::normalizes);
    if (found.isPresent()) {
      pictures.batchNormalization(node, found.get());
    } else {
      elementwise.binary(node, op);
    }
  }

  private void reduce(Node node, Reduce op) {
    Layout layout = values.layout(node.input(0));
    String name =
        file.node(
            node.scope(),
            switch (op.kind()) {
              case SUM -> "ReduceSum";
              case MAX -> "ReduceMax";
            },
            List.of(values.asItLies(node.input(0)), axes(layout, op.axes())),
            AttributeProto.whole("keepdims", 1));
    values.put(node, name, layout);
  }

  /// The places of axes, as a value.
  private String axes(Layout layout, List<Integer> axes) {
    return file.wholes(axes.stream().mapToLong(layout::place).sorted().toArray());
  }

  private void argMax(Node node) {
    int last = node.shape().rank() - 1;
    Layout layout = values.layout(node.input(0));
    String index =
        file.node(
            node.scope(),
            "ArgMax",
            List.of(values.asItLies(node.input(0))),
            AttributeProto.whole("axis", layout.place(last)),
            AttributeProto.whole("keepdims", 1));
    values.put(node, elementwise.cast(node.scope(), index, ElementType.INT32), layout);
  }

  private void alongLast(Node node, String opType) {
    Layout layout = values.layout(node.input(0));
    String name =
        file.node(
            node.scope(),
            opType,
            List.of(values.asItLies(node.input(0))),
            AttributeProto.whole("axis", layout.place(node.shape().rank() - 1)));
    values.put(node, name, layout);
  }

  /// A product of two matrices with a bias is a Gemm, any other a MatMul.
  private void product(Node node, MatMul op) {
    Layout plain = Layout.plain(node.shape().rank());
    Layout turned = plain.transposed(turning(node.shape().rank()));
    String a = values.in(node.input(0), op.transposeA() ? turned : plain);
    String b = values.in(node.input(1), op.transposeB() ? turned : plain);
    boolean biased = op.epilogue().bias();
    String name;
    if (biased && node.shape().rank() == 2) {
      name = file.node(node.scope(), "Gemm", List.of(a, b, values.plain(node.input(2))));
    } else {
      name = file.node(node.scope(), "MatMul", List.of(a, b));
      if (biased) {
        name = file.node(node.scope(), "Add", List.of(name, values.plain(node.input(2))));
      }
    }
    values.put(node, name);
  }

  /// The last two axes exchanged.
  private static List<Integer> turning(int rank) {
    List<Integer> order = new ArrayList<>(Layout.plain(rank).places());
    order.set(rank - 1, rank - 2);
    order.set(rank - 2, rank - 1);
    return order;
  }
}
