package io.kalamos.engine;

import static io.kalamos.engine.Ops.*;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;

/// Element-wise functions of one value: the definition in double precision and the gradient.
///
/// The gradient's arguments are the node itself (its input is `y.input(0)`) and the upstream
/// gradient; where the derivative can be told from the result, the input need not be kept.
public enum Unary implements Op {
  NEG(x -> -x, (y, g) -> neg(g)),
  ABS(Math::abs, (y, g) -> multiply(g, sign(y.input(0)))),
  SIGN(Math::signum, (y, g) -> null),
  EXP(Math::exp, (y, g) -> multiply(g, y)),
  LOG(Math::log, (y, g) -> divide(g, y.input(0))),
  SQRT(Math::sqrt, (y, g) -> divide(multiply(g, 0.5), y)),
  /// 1 / sqrt(x); derivative -y³/2.
  RSQRT(x -> 1 / Math.sqrt(x), (y, g) -> multiply(g, multiply(multiply(y, multiply(y, y)), -0.5))),
  SIN(Math::sin, (y, g) -> multiply(g, cos(y.input(0)))),
  COS(Math::cos, (y, g) -> neg(multiply(g, sin(y.input(0))))),
  TANH(Math::tanh, (y, g) -> multiply(g, subtract(1, multiply(y, y)))),
  SIGMOID(x -> 1 / (1 + Math.exp(-x)), (y, g) -> multiply(g, multiply(y, subtract(1, y)))),
  RELU(x -> x < 0 ? 0 : x, (y, g) -> select(greater(y, 0), g, like(g, 0))),
  /// The error function; derivative 2/sqrt(pi) * exp(-x²).
  ERF(
      ErrorFunction::erf,
      (y, g) ->
          multiply(
              g, multiply(exp(neg(multiply(y.input(0), y.input(0)))), 2 / Math.sqrt(Math.PI)))),
  FLOOR(Math::floor, (y, g) -> null),
  ROUND(Math::rint, (y, g) -> null);

  private final DoubleUnaryOperator definition;
  private final BinaryOperator<Node> gradient;

  Unary(DoubleUnaryOperator definition, BinaryOperator<Node> gradient) {
    this.definition = definition;
    this.gradient = gradient;
  }

  /// The function itself, in double precision.
  public double apply(double x) {
    return definition.applyAsDouble(x);
  }

  @Override
  public Shape shape(List<Node> inputs) {
    return inputs.getFirst().shape();
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    return java.util.Collections.singletonList(gradient.apply(self, upstream));
  }

  @Override
  public boolean elementwise() {
    return true;
  }

  @Override
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
