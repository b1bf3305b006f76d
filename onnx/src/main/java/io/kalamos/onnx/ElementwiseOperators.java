package io.kalamos.onnx;

import static java.util.Map.entry;

import io.kalamos.engine.Binary;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/// Arithmetic, comparisons and logic, element by element, with NumPy's repetition.
final class ElementwiseOperators {
  static final Map<String, Operator> ALL =
      Map.ofEntries(
          entry("Abs", unary(Ops::abs)),
          entry("Neg", unary(Ops::neg)),
          entry("Sign", unary(Ops::sign)),
          entry("Exp", unary(Ops::exp)),
          entry("Log", unary(Ops::log)),
          entry("Sqrt", unary(Ops::sqrt)),
          entry("Reciprocal", unary(x -> Ops.divide(1, x))),
          entry("Sin", unary(Ops::sin)),
          entry("Cos", unary(Ops::cos)),
          entry("Tan", unary(x -> Ops.divide(Ops.sin(x), Ops.cos(x)))),
          entry(
              "Sinh", unary(x -> Ops.multiply(Ops.subtract(Ops.exp(x), Ops.exp(Ops.neg(x))), 0.5))),
          entry("Cosh", unary(x -> Ops.multiply(Ops.add(Ops.exp(x), Ops.exp(Ops.neg(x))), 0.5))),
          entry("Floor", unary(Ops::floor)),
          entry("Ceil", unary(x -> Ops.neg(Ops.floor(Ops.neg(x))))),
          entry("Round", unary(Ops::round)),
          entry("Erf", unary(Ops::erf)),
          entry("Identity", s -> List.of(s.value(0))),
          entry("Not", s -> s.give(not(s.x(0)))),
          entry("IsNaN", s -> s.give(Node.of(Binary.NOT_EQUAL, s.x(0), s.x(0)), ElementType.BOOL)),
          entry("IsInf", ElementwiseOperators::infinite),
          entry("Add", binary(Ops::add)),
          entry("Sub", binary(Ops::subtract)),
          entry("Mul", binary(Ops::multiply)),
          entry("Div", ElementwiseOperators::quotient),
          entry("Mod", ElementwiseOperators::modulo),
          entry("Pow", ElementwiseOperators::power),
          entry("Max", joined(Ops::maximum)),
          entry("Min", joined(Ops::minimum)),
          entry("Sum", joined(Ops::add)),
          entry("Mean", s -> s.give(Ops.divide(join(s, Ops::add), s.all().size()))),
          entry("Equal", comparison(Ops::equal)),
          entry("Less", comparison(Ops::less)),
          entry("Greater", comparison(Ops::greater)),
          entry("LessOrEqual", comparison((a, b) -> Node.of(Binary.LESS_EQUAL, a, b))),
          entry("GreaterOrEqual", comparison((a, b) -> Node.of(Binary.GREATER_EQUAL, a, b))),
          entry("And", comparison(Ops::multiply)),
          entry("Or", comparison(Ops::maximum)),
          entry("Xor", comparison(Ops::notEqual)),
          entry("Where", s -> s.give(Ops.select(s.x(0), s.x(1), s.x(2)), s.type(1))),
          entry("Clip", ElementwiseOperators::clip),
          entry("Cast", s -> cast(s, s.element("to", s.type(0)))),
          entry("CastLike", s -> cast(s, s.type(1))));

  private ElementwiseOperators() {}

  static Operator unary(UnaryOperator<Node> function) {
    return site -> site.give(function.apply(site.x(0)));
  }

  private static Operator binary(BinaryOperator<Node> function) {
    return site -> site.give(function.apply(site.x(0), site.x(1)));
  }

  private static Operator comparison(BinaryOperator<Node> function) {
    return site -> site.give(function.apply(site.x(0), site.x(1)), ElementType.BOOL);
  }

  private static Operator joined(BinaryOperator<Node> function) {
    return site -> site.give(join(site, function));
  }

  private static Node join(Site site, BinaryOperator<Node> function) {
    List<Node> all = site.all();
    if (all.isEmpty()) {
      throw site.refusal("1 input or more", "inputs", 0, "Export the model anew.");
    }
    return all.stream().reduce(function).orElseThrow();
  }

  static Node not(Node x) {
    return Ops.equal(x, Ops.like(x, 0));
  }

  /// Without the digits behind the point.
  static Node truncated(Node x) {
    return Ops.multiply(Ops.sign(x), Ops.floor(Ops.abs(x)));
  }

  private static List<Value> infinite(Site s) {
    Node up = Ops.equal(s.x(0), Ops.like(s.x(0), Double.POSITIVE_INFINITY));
    Node down = Ops.equal(s.x(0), Ops.like(s.x(0), Double.NEGATIVE_INFINITY));
    Node wanted =
        Ops.add(
            Ops.multiply(up, s.number("detect_positive", 1)),
            Ops.multiply(down, s.number("detect_negative", 1)));
    return s.give(wanted, ElementType.BOOL);
  }

  /// Whole numbers are divided towards 0.
  private static List<Value> quotient(Site s) {
    Node quotient = Ops.divide(s.x(0), s.x(1));
    return s.give(s.type(0).integral() ? truncated(quotient) : quotient);
  }

  /// The rest has the divisor's sign, with `fmod` the dividend's.
  private static List<Value> modulo(Site s) {
    Node quotient = Ops.divide(s.x(0), s.x(1));
    Node zero = Ops.like(quotient, 0);
    if (s.flag("fmod", false)) {
      Node whole = truncated(quotient);
      Node taken = Ops.select(whole, Ops.multiply(s.x(1), whole), zero);
      return s.give(Ops.subtract(s.x(0), taken));
    }
    Node whole = Ops.floor(quotient);
    Node taken = Ops.select(whole, Ops.multiply(s.x(1), whole), zero);
    Node rest = Ops.subtract(s.x(0), taken);
    Node other = Ops.less(Ops.multiply(rest, s.x(1)), zero);
    return s.give(Ops.select(other, Ops.add(rest, s.x(1)), rest));
  }

  /// Small constant exponents are products, which are defined for negative numbers and have
  /// gradients there.
  private static List<Value> power(Site s) {
    Node x = s.x(0);
    double exponent = s.known(1) && s.shape(1).size() == 1 ? s.number(1) : Double.NaN;
    Node broad = Ops.broadcastTo(x, io.kalamos.engine.Shape.broadcast(x.shape(), s.shape(1)));
    Node y =
        exponent == 1
            ? broad
            : exponent == 2
                ? Ops.square(broad)
                : exponent == 3
                    ? Ops.multiply(Ops.square(broad), broad)
                    : exponent == 0.5
                        ? Ops.sqrt(broad)
                        : exponent == -1
                            ? Ops.divide(1, broad)
                            : exponent == -0.5 ? Ops.rsqrt(broad) : Ops.power(x, s.x(1));
    return s.give(s.type(0).integral() ? truncated(y) : y);
  }

  private static List<Value> clip(Site s) {
    Node y = s.x(0);
    if (s.opset() < 11) {
      y = s.given("min") ? Ops.maximum(y, s.real("min", 0)) : y;
      y = s.given("max") ? Ops.minimum(y, s.real("max", 0)) : y;
    } else {
      y = s.has(1) ? Ops.maximum(y, s.x(1)) : y;
      y = s.has(2) ? Ops.minimum(y, s.x(2)) : y;
    }
    return s.give(y);
  }

  private static List<Value> cast(Site s, ElementType to) {
    Node x = s.x(0);
    Node y =
        to == ElementType.BOOL && s.type(0) != ElementType.BOOL
            ? Ops.notEqual(x, Ops.like(x, 0))
            : to.integral() && s.type(0).floating() ? truncated(x) : x;
    return s.give(y, to);
  }
}
