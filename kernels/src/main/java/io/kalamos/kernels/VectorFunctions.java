package io.kalamos.kernels;

import io.kalamos.engine.Binary;
import io.kalamos.engine.Unary;

/// The engine's functions as vector instructions.
///
/// The polynomials are minimax fits of relative error below 5e-9, made for the intervals that the
/// comments name by the Remez exchange in 40 digits, rounded to float32.
final class VectorFunctions {
  static final float LN2_HIGH = 0.693145752f;
  static final float LN2_LOW = 1.42860677e-6f;
  static final int SIGN_BIT = 0x80000000;
  static final int OTHER_BITS = 0x7FFFFFFF;
  static final int EQUAL = 0;
  private static final int EQUAL_OR_NAN = 8;
  private static final int NOT_A_NUMBER = 3;
  static final int NOT_EQUAL = 4;
  static final int LESS = 0x11;
  private static final int LESS_EQUAL = 0x12;
  private static final int GREATER_EQUAL = 0x1D;
  private static final int GREATER = 0x1E;
  private static final int TO_NEAREST = 8;
  static final int DOWN = 9;

  private VectorFunctions() {}

  static boolean knows(Unary function) {
    return function != Unary.SIN && function != Unary.COS;
  }

  static int unary(VectorCode code, Unary function, int operand) {
    int x = code.register(operand);
    return switch (function) {
      case NEG -> code.apply(VectorOp.XOR, x, code.bits(SIGN_BIT));
      case ABS -> code.apply(VectorOp.AND, x, code.bits(OTHER_BITS));
      case SIGN -> {
        int one = code.merge(code.bits(OTHER_BITS), code.constant(1), x);
        code.compare(x, code.constant(0), EQUAL_OR_NAN);
        yield code.blend(one, x);
      }
      case EXP -> {
        int low = code.apply(VectorOp.MAXIMUM, code.constant(-105), x);
        yield exp(code, code.apply(VectorOp.MINIMUM, code.constant(89), low));
      }
      case LOG -> log(code, x);
      case SQRT -> sqrt(code, x);
      case TANH -> tanh(code, x);
      case SIGMOID -> {
        int negative = code.apply(VectorOp.XOR, x, code.bits(SIGN_BIT));
        int e = unary(code, Unary.EXP, negative);
        yield code.apply(
            VectorOp.DIVIDE, code.constant(1), code.apply(VectorOp.ADD, e, code.constant(1)));
      }
      // both zero or one a NaN: the instruction gives its second operand
      case RELU -> code.apply(VectorOp.MAXIMUM, code.constant(0), x);
      case ERF -> erf(code, x);
      case FLOOR -> code.immediate(VectorOp.ROUND, x, DOWN);
      case ROUND -> code.immediate(VectorOp.ROUND, x, TO_NEAREST);
      case RSQRT -> code.apply(VectorOp.DIVIDE, code.constant(1), code.apply(VectorOp.SQRT, x));
      case SIN, COS -> throw new AssertionError(function);
    };
  }

  /// A Newton step from the estimate, to less than 1 ulp: a quarter of the time of the exact
  /// instruction, which would keep the divider from the divisions beside it. Zeros and infinity,
  /// for which the step gives NaN, are their own roots.
  private static int sqrt(VectorCode code, int x) {
    int estimate = code.apply(VectorOp.RSQRT_ESTIMATE, x);
    int root = code.apply(VectorOp.MULTIPLY, x, estimate);
    int half = code.apply(VectorOp.MULTIPLY, estimate, code.constant(0.5f));
    int error = code.fusedNegated(root, half, code.constant(0.5f));
    int better = code.fused(root, error, root);
    code.compare(x, code.constant(0), EQUAL);
    int zero = code.blend(better, x);
    code.compare(x, code.constant(Float.POSITIVE_INFINITY), EQUAL);
    return code.blend(zero, x);
  }

  /// `a / b` for b from 1e-30 to infinity where the quotient is finite, to less than 1 ulp: a
  /// Newton step from the estimate, then the rest of the division. A third of the time of the exact
  /// instruction.
  static int quotient(VectorCode code, int a, int b) {
    int dividend = code.register(a);
    int divisor = code.apply(VectorOp.MINIMUM, code.constant(Float.MAX_VALUE), b);
    int estimate = code.apply(VectorOp.RECIPROCAL_ESTIMATE, divisor);
    int error = code.fusedNegated(divisor, estimate, code.constant(1));
    int inverse = code.fused(estimate, error, estimate);
    int quotient = code.apply(VectorOp.MULTIPLY, dividend, inverse);
    int rest = code.fusedNegated(divisor, quotient, dividend);
    return code.fused(rest, inverse, quotient);
  }

  static int binary(VectorCode code, Binary function, int a, int b) {
    return switch (function) {
      case ADD -> code.commute(VectorOp.ADD, a, b);
      case SUBTRACT -> code.apply(VectorOp.SUBTRACT, a, b);
      case MULTIPLY -> code.commute(VectorOp.MULTIPLY, a, b);
      case DIVIDE -> code.apply(VectorOp.DIVIDE, a, b);
      case MAXIMUM -> extreme(code, VectorOp.MAXIMUM, a, b);
      case MINIMUM -> extreme(code, VectorOp.MINIMUM, a, b);
      case EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL -> {
        code.compare(a, b, relation(function));
        yield code.blend(code.constant(0), code.register(code.constant(1)));
      }
      case POWER -> VectorPower.power(code, code.register(a), code.register(b));
    };
  }

  /// The relation of a comparison, -1 for other functions.
  static int relation(Binary function) {
    return switch (function) {
      case EQUAL -> EQUAL;
      case NOT_EQUAL -> NOT_EQUAL;
      case GREATER -> GREATER;
      case GREATER_EQUAL -> GREATER_EQUAL;
      case LESS -> LESS;
      case LESS_EQUAL -> LESS_EQUAL;
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM, POWER -> -1;
    };
  }

  /// A NaN of the second operand passes through the instruction, one of the first is put back.
  private static int extreme(VectorCode code, VectorOp op, int left, int b) {
    int a = code.register(left);
    int result = code.apply(op, a, b);
    code.compare(a, a, NOT_A_NUMBER);
    return code.blend(result, a);
  }

  static int polynomial(VectorCode code, int x, float... descending) {
    int sum = code.copy(code.constant(descending[0]));
    for (int i = 1; i < descending.length; i++) {
      sum = code.fused(sum, x, code.constant(descending[i]));
    }
    return sum;
  }

  /// `2^n * e^r`, |r| <= ln(2) / 2; expects |x| < 200 or NaN.
  private static int exp(VectorCode code, int x) {
    return exp(code, x, -1);
  }

  /// `e^(x + rest)` for a rest below the precision of x.
  static int exp(VectorCode code, int x, int rest) {
    int scaled = code.apply(VectorOp.MULTIPLY, x, code.constant(1.44269504f));
    int n = code.immediate(VectorOp.ROUND, scaled, TO_NEAREST);
    int r = code.fusedNegated(n, code.constant(LN2_HIGH), x);
    r = code.fusedNegated(n, code.constant(LN2_LOW), r);
    if (rest >= 0) {
      r = code.apply(VectorOp.ADD, r, rest);
    }
    int p =
        polynomial(
            code,
            r,
            0.00138141867f,
            0.00836891402f,
            0.0416684076f,
            0.166665196f,
            0.49999994f,
            1,
            1);
    return code.apply(VectorOp.SCALE, p, n);
  }

  /// `n * ln(2) + ln(1 + f)`, -1/4 <= f < 1/2.
  private static int log(VectorCode code, int x) {
    int mantissa = code.immediate(VectorOp.MANTISSA, x, 0b1011);
    int n =
        code.apply(
            VectorOp.SUBTRACT,
            code.apply(VectorOp.EXPONENT, x),
            code.apply(VectorOp.EXPONENT, mantissa));
    int f = code.apply(VectorOp.SUBTRACT, mantissa, code.constant(1));
    int p = code.fused(logTail(code, f), f, code.constant(-0.5f));
    int square = code.apply(VectorOp.MULTIPLY, f, f);
    int rest = code.apply(VectorOp.MULTIPLY, square, p);
    rest = code.fused(n, code.constant(LN2_LOW), rest);
    rest = code.apply(VectorOp.ADD, rest, f);
    return code.fused(n, code.constant(LN2_HIGH), rest);
  }

  /// `(ln(1 + f) - f + f^2 / 2) / f^3`.
  static int logTail(VectorCode code, int f) {
    return polynomial(
        code,
        f,
        -0.0450755619f,
        0.104630999f,
        -0.131612077f,
        0.144783884f,
        -0.166473106f,
        0.199908614f,
        -0.250000954f,
        0.333334506f);
  }

  /// A polynomial below 5/8, `1 - 2 / (e^2x + 1)` above.
  private static int tanh(VectorCode code, int x) {
    int positive = code.apply(VectorOp.AND, x, code.bits(OTHER_BITS));
    int e = unary(code, Unary.EXP, code.apply(VectorOp.ADD, positive, positive));
    int quotient =
        code.apply(
            VectorOp.DIVIDE, code.constant(2), code.apply(VectorOp.ADD, e, code.constant(1)));
    int large = code.apply(VectorOp.SUBTRACT, code.constant(1), quotient);
    large = code.merge(code.bits(OTHER_BITS), large, x);
    int square = code.apply(VectorOp.MULTIPLY, x, x);
    int p =
        polynomial(
            code,
            square,
            -0.00570497755f,
            0.0206390787f,
            -0.0537397116f,
            0.133314416f,
            -0.333332807f);
    int small = code.fused(code.apply(VectorOp.MULTIPLY, x, square), p, x);
    code.compare(positive, code.constant(0.625f), LESS);
    return code.blend(large, small);
  }

  /// A polynomial below 0.925, `1 - e^-q(x)` above, where q is one up to 4 and the result 1 beyond.
  private static int erf(VectorCode code, int x) {
    int positive = code.apply(VectorOp.AND, x, code.bits(OTHER_BITS));
    int bounded = code.apply(VectorOp.MINIMUM, code.constant(4), positive);
    int q =
        polynomial(
            code,
            bounded,
            1.12314901e-05f,
            -0.000322805601f,
            0.00364246569f,
            -0.0237620752f,
            0.10623689f,
            0.635151327f,
            1.12864852f);
    q = code.apply(VectorOp.MULTIPLY, q, bounded);
    int e = exp(code, code.apply(VectorOp.XOR, q, code.bits(SIGN_BIT)));
    int large = code.apply(VectorOp.SUBTRACT, code.constant(1), e);
    large = code.merge(code.bits(OTHER_BITS), large, x);
    int square = code.apply(VectorOp.MULTIPLY, x, x);
    int p =
        polynomial(
            code,
            square,
            8.3167608e-05f,
            -0.000813000894f,
            0.00519990642f,
            -0.0268589407f,
            0.112836875f,
            -0.376126319f,
            0.128379166f);
    int small = code.fused(x, p, x);
    code.compare(positive, code.constant(0.925f), LESS);
    return code.blend(large, small);
  }

  /// Rounds to bfloat16, ties to even, in the low halves of the lanes; a NaN stays one.
  static int toBfloat16(VectorCode code, int operand) {
    int x = code.register(operand);
    int lowest = code.apply(VectorOp.AND, code.shiftRight(x, 16), code.bits(1));
    int rounded = code.apply(VectorOp.INT_ADD, x, lowest);
    rounded = code.apply(VectorOp.INT_ADD, rounded, code.bits(0x7FFF));
    int quiet = code.apply(VectorOp.OR, x, code.bits(0x400000));
    code.compare(x, x, NOT_A_NUMBER);
    return code.shiftRight(code.blend(rounded, quiet), 16);
  }
}
