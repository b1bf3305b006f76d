package io.kalamos.onnx;

import static java.util.Map.entry;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Activation functions, with ONNX's defaults.
final class ActivationOperators {
  static final Map<String, Operator> ALL =
      Map.ofEntries(
          entry("Relu", ElementwiseOperators.unary(Ops::relu)),
          entry("Sigmoid", ElementwiseOperators.unary(Ops::sigmoid)),
          entry("Tanh", ElementwiseOperators.unary(Ops::tanh)),
          entry("Softplus", ElementwiseOperators.unary(ActivationOperators::softplus)),
          entry("Softsign", ElementwiseOperators.unary(x -> Ops.divide(x, Ops.add(Ops.abs(x), 1)))),
          entry("Mish", ElementwiseOperators.unary(x -> Ops.multiply(x, Ops.tanh(softplus(x))))),
          entry(
              "HardSwish",
              ElementwiseOperators.unary(x -> Ops.multiply(x, hardSigmoid(x, 1.0 / 6, 0.5)))),
          entry(
              "HardSigmoid",
              s -> s.give(hardSigmoid(s.x(0), s.real("alpha", 0.2f), s.real("beta", 0.5)))),
          entry("Swish", s -> s.give(swish(s.x(0), s.real("alpha", 1)))),
          entry("Elu", s -> s.give(elu(s.x(0), s.real("alpha", 1)))),
          entry("Celu", s -> s.give(celu(s.x(0), s.real("alpha", 1)))),
          entry(
              "Selu",
              s ->
                  s.give(
                      Ops.multiply(
                          elu(s.x(0), s.real("alpha", 1.67326319217681884765625f)),
                          s.real("gamma", 1.05070102214813232421875f)))),
          entry("LeakyRelu", s -> s.give(leaky(s.x(0), Ops.like(s.x(0), s.real("alpha", 0.01f))))),
          entry("PRelu", s -> s.give(leaky(s.x(0), s.x(1)))),
          entry(
              "ThresholdedRelu",
              s -> s.give(kept(s.x(0), Ops.greater(s.x(0), s.real("alpha", 1))))),
          entry("Shrink", ActivationOperators::shrink),
          entry("Gelu", s -> s.give(gelu(s.x(0), s.text("approximate", "none").equals("tanh")))),
          entry("Softmax", s -> s.give(rows(s, Ops::softmax))),
          entry("LogSoftmax", s -> s.give(rows(s, Ops::logSoftmax))),
          entry("Hardmax", s -> s.give(rows(s, ActivationOperators::hardmax))),
          entry("Dropout", ActivationOperators::dropout));

  private ActivationOperators() {}

  /// log(1 + exp(x)), without overflow.
  static Node softplus(Node x) {
    Node tail = Ops.log(Ops.add(Ops.exp(Ops.neg(Ops.abs(x))), 1));
    return Ops.add(Ops.relu(x), tail);
  }

  static Node hardSigmoid(Node x, double slope, double offset) {
    return Ops.clip(Ops.add(Ops.multiply(x, slope), offset), 0, 1);
  }

  private static Node swish(Node x, double alpha) {
    return Ops.multiply(x, Ops.sigmoid(Ops.multiply(x, alpha)));
  }

  static Node elu(Node x, double alpha) {
    Node below = Ops.multiply(Ops.subtract(Ops.exp(Ops.minimum(x, 0)), 1), alpha);
    return Ops.select(Ops.greater(x, 0), x, below);
  }

  private static Node celu(Node x, double alpha) {
    Node below =
        Ops.multiply(Ops.subtract(Ops.exp(Ops.divide(Ops.minimum(x, 0), alpha)), 1), alpha);
    return Ops.add(Ops.relu(x), below);
  }

  static Node leaky(Node x, Node slope) {
    return Ops.select(Ops.less(x, Ops.like(x, 0)), Ops.multiply(x, slope), x);
  }

  private static Node kept(Node x, Node condition) {
    return Ops.select(condition, x, Ops.like(x, 0));
  }

  private static Node gelu(Node x, boolean approximate) {
    if (approximate) {
      Node inner = Ops.add(x, Ops.multiply(Ops.multiply(Ops.square(x), x), 0.044715));
      Node tanh = Ops.tanh(Ops.multiply(inner, Math.sqrt(2 / Math.PI)));
      return Ops.multiply(Ops.multiply(x, 0.5), Ops.add(tanh, 1));
    }
    Node erf = Ops.erf(Ops.multiply(x, Math.sqrt(0.5)));
    return Ops.multiply(Ops.multiply(x, 0.5), Ops.add(erf, 1));
  }

  private static List<Value> shrink(Site s) {
    Node x = s.x(0);
    double lambda = s.real("lambd", 0.5);
    double bias = s.real("bias", 0);
    Node below = kept(Ops.add(x, bias), Ops.less(x, Ops.like(x, -lambda)));
    Node above = kept(Ops.subtract(x, bias), Ops.greater(x, lambda));
    return s.give(Ops.add(below, above));
  }

  /// A function of rows along the attribute `axis`; before opset 13 all axes from there on are one
  /// row.
  private static Node rows(Site s, UnaryOperator<Node> function) {
    Node x = s.x(0);
    Shape shape = x.shape();
    int rank = shape.rank();
    if (s.opset() < 13) {
      long axis = s.number("axis", 1);
      int from = axis == rank ? rank : s.axis(axis, rank);
      Shape matrix =
          Shape.of(
              Math.toIntExact(shape.product(0, from)), Math.toIntExact(shape.product(from, rank)));
      return Ops.reshape(function.apply(Ops.reshape(x, matrix)), shape);
    }
    int axis = s.axis(s.number("axis", -1), rank);
    Integer[] last = swapped(rank, axis);
    Node turned = Ops.transpose(x, last);
    Shape matrix =
        Shape.of(Math.toIntExact(shape.size() / Math.max(1, shape.dim(axis))), shape.dim(axis));
    Node y = function.apply(Ops.reshape(turned, matrix));
    return Ops.transpose(Ops.reshape(y, turned.shape()), last);
  }

  /// The order of axes in which one of them changes places with the last.
  static Integer[] swapped(int rank, int axis) {
    return IntStream.range(0, rank)
        .map(i -> i == axis ? rank - 1 : i == rank - 1 ? axis : i)
        .boxed()
        .toArray(Integer[]::new);
  }

  private static Node hardmax(Node x) {
    return Ops.oneHot(Ops.argMax(x), x.shape().dim(-1), x.dtype());
  }

  /// What inference makes of it: the input, and a mask of ones.
  private static List<Value> dropout(Site s) {
    Node mask = Ops.broadcastTo(Ops.like(s.x(0), 1), s.shape(0));
    return List.of(s.value(0), s.result(mask, ElementType.BOOL));
  }
}
