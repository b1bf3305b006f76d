package io.kalamos.onnx;

import io.kalamos.engine.Binary;
import io.kalamos.engine.Cast;
import io.kalamos.engine.Fill;
import io.kalamos.engine.Node;
import io.kalamos.engine.Reduce;
import io.kalamos.engine.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Operations on each element, which go on in whatever order their operands lie.
final class ElementwiseOps {
  private final SizedGraph graph;
  private final GraphBuilder file;
  private final Values values;

  ElementwiseOps(SizedGraph graph, GraphBuilder file, Values values) {
    this.graph = graph;
    this.file = file;
    this.values = values;
  }

  /// The order in which several values of one rank are best met: that of the first that lies in an
  /// order of its own.
  Layout common(int rank, List<Node> nodes) {
    return nodes.stream()
        .filter(node -> node.shape().rank() == rank)
        .map(values::layout)
        .filter(layout -> !layout.isPlain())
        .findFirst()
        .orElse(Layout.plain(rank));
  }

  void unary(Node node, Unary op) {
    Node x = node.input(0);
    String name = values.asItLies(x);
    String scope = node.scope();
    values.put(
        node,
        switch (op) {
          case NEG -> file.node(scope, "Neg", List.of(name));
          case ABS -> file.node(scope, "Abs", List.of(name));
          case SIGN -> file.node(scope, "Sign", List.of(name));
          case EXP -> file.node(scope, "Exp", List.of(name));
          case LOG -> file.node(scope, "Log", List.of(name));
          case SQRT -> file.node(scope, "Sqrt", List.of(name));
          case RSQRT ->
              file.node(scope, "Reciprocal", List.of(file.node(scope, "Sqrt", List.of(name))));
          case SIN -> file.node(scope, "Sin", List.of(name));
          case COS -> file.node(scope, "Cos", List.of(name));
          case TANH -> file.node(scope, "Tanh", List.of(name));
          case SIGMOID -> file.node(scope, "Sigmoid", List.of(name));
          case RELU -> file.node(scope, "Relu", List.of(name));
          case ERF -> file.node(scope, "Erf", List.of(name));
          case FLOOR -> file.node(scope, "Floor", List.of(name));
          case ROUND -> file.node(scope, "Round", List.of(name));
        },
        values.layout(x));
  }

  void binary(Node node, Binary op) {
    if (mean(node, op)) {
      return;
    }
    Layout layout = layout(node);
    String name = apply(node, op, layout);
    if (comparison(op)) {
      name = cast(node.scope(), name, Numbers.type(node.dtype()));
    }
    values.put(node, name, layout);
  }

  private String apply(Node node, Binary op, Layout layout) {
    List<String> operands = operands(node, layout);
    String scope = node.scope();
    return switch (op) {
      case ADD -> file.node(scope, "Add", operands);
      case SUBTRACT -> file.node(scope, "Sub", operands);
      case MULTIPLY -> file.node(scope, "Mul", operands);
      case DIVIDE -> file.node(scope, "Div", operands);
      case MAXIMUM -> file.node(scope, "Max", operands);
      case MINIMUM -> file.node(scope, "Min", operands);
      case POWER -> file.node(scope, "Pow", operands);
      case EQUAL -> file.node(scope, "Equal", operands);
      case NOT_EQUAL -> file.node(scope, "Not", List.of(file.node(scope, "Equal", operands)));
      case GREATER -> file.node(scope, "Greater", operands);
      case GREATER_EQUAL -> file.node(scope, "GreaterOrEqual", operands);
      case LESS -> file.node(scope, "Less", operands);
      case LESS_EQUAL -> file.node(scope, "LessOrEqual", operands);
    };
  }

  private static boolean comparison(Binary op) {
    return switch (op) {
      case EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL -> true;
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM, POWER -> false;
    };
  }

  /// Single numbers repeat by themselves.
  private List<String> operands(Node node, Layout layout) {
    boolean repeating = repeating(node);
    List<String> operands = new ArrayList<>();
    for (Node input : node.inputs()) {
      boolean written = input.op() instanceof Fill && !repeating;
      operands.add(written ? values.plain(input) : values.operand(input, layout));
    }
    return operands;
  }

  /// Whether the result has its shape from more than single numbers that are repeated.
  private boolean repeating(Node node) {
    Stream<Node> others = node.inputs().stream().filter(input -> !(input.op() instanceof Fill));
    return graph.broadcast(others).equals(graph.sizes(node));
  }

  /// The order in which a result lies.
  private Layout layout(Node node) {
    int rank = node.shape().rank();
    return repeating(node) ? common(rank, node.inputs()) : Layout.plain(rank);
  }

  /// A sum times 1 / count is a mean.
  private boolean mean(Node node, Binary op) {
    boolean fits =
        op == Binary.MULTIPLY
            && node.input(0).op() instanceof Reduce reduce
            && reduce.kind() == Reduce.Kind.SUM
            && node.input(1).op() instanceof Fill fill
            && node.shape().equals(node.input(0).shape())
            && Math.abs(fill.value() * count(node.input(0)) - 1) < 1e-12;
    if (!fits) {
      return false;
    }
    Node x = node.input(0).input(0);
    Layout layout = values.layout(x);
    long[] axes =
        ((Reduce) node.input(0).op()).axes().stream().mapToLong(layout::place).sorted().toArray();
    String name =
        file.node(
            node.scope(),
            "ReduceMean",
            List.of(values.asItLies(x), file.wholes(axes)),
            AttributeProto.whole("keepdims", 1));
    values.put(node, name, layout);
    return true;
  }

  private static double count(Node sum) {
    return (double) sum.input(0).shape().size() / sum.shape().size();
  }

  void select(Node node) {
    Layout layout = layout(node);
    List<String> operands = new ArrayList<>(operands(node, layout));
    operands.set(0, condition(node.scope(), node.input(0), operands.getFirst(), layout));
    values.put(node, file.node(node.scope(), "Where", operands), layout);
  }

  /// What a comparison says, without its way through numbers.
  private String condition(String scope, Node node, String name, Layout layout) {
    boolean direct =
        node.op() instanceof Binary op
            && comparison(op)
            && node.shape().rank() == layout.rank()
            && layout.equals(values.layout(node));
    return direct ? apply(node, (Binary) node.op(), layout) : cast(scope, name, ElementType.BOOL);
  }

  void cast(Node node) {
    Node x = node.input(0);
    ElementType to = Numbers.type(((Cast) node.op()).to());
    boolean same = Numbers.type(x.dtype()) == to;
    if (same && values.tensor(x).isPresent()) {
      values.put(node, values.name(x), values.tensor(x).get());
      return;
    }
    String name = values.asItLies(x);
    values.put(node, same ? name : cast(node.scope(), name, to), values.layout(x));
  }

  String cast(String scope, String name, ElementType to) {
    return file.node(scope, "Cast", List.of(name), AttributeProto.whole("to", to.code()));
  }
}
