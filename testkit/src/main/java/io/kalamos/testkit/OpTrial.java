package io.kalamos.testkit;

import io.kalamos.engine.BFloat16;
import io.kalamos.engine.Backend;
import io.kalamos.engine.Batch;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.CounterRandom;
import io.kalamos.engine.DType;
import io.kalamos.engine.Fill;
import io.kalamos.engine.Gradients;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Program;
import io.kalamos.engine.Scalar;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// A row of the op table as a graph with numbers: the result `y`, the `loss` (its weighted sum),
/// and the gradient `d0`, `d1`, ... of the loss at each operand of real numbers that it depends on.
///
/// Data and variables are float32 (float64 where that is under test) and cast to the type under
/// test, as in a network; their values are exact in that type, so that the oracle sees the same.
final class OpTrial {
  private static final int FIRST_ROW = 1;
  private static final int STEP = 11;
  private static final double SCALAR = 3;

  private final DType stored;
  private final Graph graph;
  private final SequencedMap<String, Tensor> leaves = new LinkedHashMap<>();
  private final Map<String, Tensor> data = new LinkedHashMap<>();
  private int[] picks = new int[FIRST_ROW];

  /// @param exact the type in which all values must be exact
  OpTrial(OpRow row, DType dtype, DType exact) {
    this.stored = dtype == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    List<Node> arguments = new ArrayList<>();
    List<Node> sources = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < row.operands().size(); i++) {
      OpRow.Operand operand = row.operands().get(i);
      Node leaf = leaf("x" + i, operand, i, exact);
      boolean real = operand.stored() == null;
      arguments.add(real ? Ops.cast(leaf, dtype) : leaf);
      if (real) {
        sources.add(leaf);
        names.add("d" + i);
      }
    }
    Node y = row.forward().apply(arguments);
    SequencedMap<String, Node> outputs = new LinkedHashMap<>();
    outputs.put("y", y.dtype().floating() ? Ops.cast(y, stored) : y);
    if (y.dtype().floating()) {
      Node loss = Ops.sumAll(Ops.multiply(outputs.get("y"), weights(y.shape())));
      outputs.put("loss", loss);
      List<Node> gradients = Gradients.of(loss, sources);
      for (int i = 0; i < names.size(); i++) {
        if (!(gradients.get(i).op() instanceof Fill)) {
          outputs.put(names.get(i), gradients.get(i));
        }
      }
    }
    this.graph = new Graph(outputs, List.of());
  }

  Graph graph() {
    return graph;
  }

  /// The tensors that operands are read from, by the name of their gradient.
  SequencedMap<String, Tensor> leaves() {
    return leaves;
  }

  /// Elements of an operand.
  long size(String leaf) {
    Tensor tensor = leaves.get(leaf);
    boolean rows = data.containsValue(tensor);
    return rows ? (picks.length - FIRST_ROW) * tensor.shape().rowSize() : tensor.size();
  }

  /// Where element `index` of an operand's gradient lies in its tensor.
  long position(String leaf, int index) {
    Tensor tensor = leaves.get(leaf);
    if (!data.containsValue(tensor)) {
      return index;
    }
    int length = (int) tensor.shape().rowSize();
    return (long) picks[FIRST_ROW + index / length] * length + index % length;
  }

  /// All results by name.
  Map<String, double[]> run(Backend backend, int threads) {
    try (Program program = compile(backend, threads)) {
      return run(program);
    }
  }

  Program compile(Backend backend, int threads) {
    return compile(graph, backend, threads);
  }

  /// The same with another form of the graph.
  Program compile(Graph graph, Backend backend, int threads) {
    Program program = backend.compile(graph, CompileOptions.seeded(42).threads(threads));
    data.forEach(program::bind);
    for (Node node : graph.order()) {
      if (node.op() instanceof Scalar scalar) {
        program.set(scalar.name(), SCALAR);
      }
    }
    return program;
  }

  Map<String, double[]> run(Program program) {
    program.run(picks, FIRST_ROW, STEP);
    Map<String, double[]> results = new LinkedHashMap<>();
    graph.outputs().keySet().forEach(name -> results.put(name, program.output(name).toDoubles()));
    return results;
  }

  private Node leaf(String name, OpRow.Operand operand, int stream, DType exact) {
    DType type = operand.stored() == null ? stored : operand.stored();
    if (!operand.rows()) {
      Tensor tensor = numbers(operand.shape(), type, operand.domain(), stream, exact);
      remember(operand, stream, tensor);
      return Ops.parameter(new Variable(name, tensor, true));
    }
    Tensor tensor = rows(name, operand.shape(), type, operand.domain(), stream, exact);
    remember(operand, stream, tensor);
    return Node.of(new Batch(name, operand.shape(), type));
  }

  private void remember(OpRow.Operand operand, int stream, Tensor tensor) {
    if (operand.stored() == null) {
      leaves.put("d" + stream, tensor);
    }
  }

  /// Data with more rows than the batch, of which some are picked out of order.
  private Tensor rows(
      String name, Shape shape, DType type, OpRow.Domain domain, int stream, DType exact) {
    int batch = shape.dim(0);
    int count = 2 * batch + 3;
    picks = new int[FIRST_ROW + batch];
    for (int i = 0; i < batch; i++) {
      picks[FIRST_ROW + i] = (2 * batch + 2 - 2 * i) % count;
    }
    Tensor tensor = numbers(shape.with(0, count), type, domain, stream, exact);
    data.put(name, tensor);
    return tensor;
  }

  /// Fixed numbers that weight the result: rows of data where the result has the batch's axis.
  private Node weights(Shape shape) {
    boolean rows = !data.isEmpty() && shape.rank() > 0 && shape.dim(0) == picks.length - FIRST_ROW;
    OpRow.Domain domain = OpRow.Domain.SIGNED;
    if (rows) {
      rows("weights", shape, stored, domain, 99, DType.BFLOAT16);
      return Node.of(new Batch("weights", shape, stored));
    }
    Tensor tensor = numbers(shape, stored, domain, 99, DType.BFLOAT16);
    return Ops.parameter(new Variable("weights", tensor, false));
  }

  private static Tensor numbers(
      Shape shape, DType type, OpRow.Domain domain, int stream, DType exact) {
    Tensor tensor = Tensor.zeros(type, shape);
    for (int i = 0; i < tensor.size(); i++) {
      double value = number(domain, CounterRandom.uniform(7, stream, 0, i));
      tensor.set(i, exact == DType.BFLOAT16 ? rounded(value) : (float) value);
    }
    return tensor;
  }

  private static double number(OpRow.Domain domain, double uniform) {
    return switch (domain) {
      case SIGNED -> uniform < 0.5 ? -2 + 3.8 * uniform : 0.1 + 3.8 * (uniform - 0.5);
      case POSITIVE -> 0.5 + 1.5 * uniform;
      case GRID -> Math.floor(9 * uniform) / 2 - 2;
      case DIGITS -> Math.floor(10 * uniform);
      case BYTES -> Math.floor(256 * uniform);
    };
  }

  private static double rounded(double value) {
    return BFloat16.toFloat(BFloat16.fromFloat((float) value));
  }
}
