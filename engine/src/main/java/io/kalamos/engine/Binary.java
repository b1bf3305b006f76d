package io.kalamos.engine;

import static io.kalamos.engine.Ops.*;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;

/// Element-wise functions of two values, which repeat by NumPy's rules: the definition in double
/// precision and the gradient. Comparisons give 1 or 0.
public enum Binary implements Op {
  ADD(Double::sum, (y, a, b, g) -> Arrays.asList(g, g)),
  SUBTRACT((a, b) -> a - b, (y, a, b, g) -> Arrays.asList(g, neg(g))),
  MULTIPLY((a, b) -> a * b, (y, a, b, g) -> Arrays.asList(multiply(g, b), multiply(g, a))),
  DIVIDE(
      (a, b) -> a / b, (y, a, b, g) -> Arrays.asList(divide(g, b), neg(divide(multiply(g, y), b)))),
  /// Equal operands share the gradient by halves, as in Keras.
  MAXIMUM(
      Math::max,
      (y, a, b, g) -> {
        Node share = add(greater(a, b), multiply(equal(a, b), 0.5));
        return Arrays.asList(multiply(g, share), multiply(g, subtract(1, share)));
      }),
  MINIMUM(
      Math::min,
      (y, a, b, g) -> {
        Node share = add(less(a, b), multiply(equal(a, b), 0.5));
        return Arrays.asList(multiply(g, share), multiply(g, subtract(1, share)));
      }),
  POWER(
      Math::pow,
      (y, a, b, g) ->
          Arrays.asList(
              multiply(g, multiply(b, power(a, subtract(b, 1)))),
              multiply(g, multiply(y, log(a))))),
  EQUAL((a, b) -> a == b ? 1 : 0),
  NOT_EQUAL((a, b) -> a != b ? 1 : 0),
  GREATER((a, b) -> a > b ? 1 : 0),
  GREATER_EQUAL((a, b) -> a >= b ? 1 : 0),
  LESS((a, b) -> a < b ? 1 : 0),
  LESS_EQUAL((a, b) -> a <= b ? 1 : 0);

  private interface Gradient {
    List<Node> apply(Node self, Node a, Node b, Node upstream);
  }

  private final DoubleBinaryOperator definition;
  private final Gradient gradient;

  Binary(DoubleBinaryOperator definition, Gradient gradient) {
    this.definition = definition;
    this.gradient = gradient;
  }

  Binary(DoubleBinaryOperator definition) {
    this(definition, (y, a, b, g) -> Arrays.asList(null, null));
  }

  /// The function itself, in double precision.
  public double apply(double a, double b) {
    return definition.applyAsDouble(a, b);
  }

  /// Whether the order of the operands does not matter.
  public boolean commutative() {
    return switch (this) {
      case ADD, MULTIPLY, MAXIMUM, MINIMUM, EQUAL, NOT_EQUAL -> true;
      case SUBTRACT, DIVIDE, POWER, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL -> false;
    };
  }

  @Override
  public Shape shape(List<Node> inputs) {
    Node a = inputs.get(0);
    Node b = inputs.get(1);
    if (a.dtype() != b.dtype()) {
      throw new ShapeException(
          label()
              + ": expected operands of one type, received "
              + a.dtype()
              + a.shape()
              + " and "
              + b.dtype()
              + b.shape()
              + ". Cast one of them.");
    }
    return Shape.broadcast(a.shape(), b.shape());
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    Node a = self.input(0);
    Node b = self.input(1);
    List<Node> flows = gradient.apply(self, a, b, upstream);
    return Arrays.asList(sumTo(flows.get(0), a.shape()), sumTo(flows.get(1), b.shape()));
  }

  @Override
  public boolean elementwise() {
    return true;
  }

  @Override
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
