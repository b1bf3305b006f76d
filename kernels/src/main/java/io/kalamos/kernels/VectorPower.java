package io.kalamos.kernels;

/// `a^b` with Java's special cases, by a logarithm of two floats, since an error of the logarithm
/// is multiplied by up to 88 in the result.
final class VectorPower {
  private static final int NOT_EQUAL = VectorFunctions.NOT_EQUAL;

  private VectorPower() {}

  /// Powers by multiplication: 1, 2 and 3; `exponent` is NaN if it is not a constant.
  static boolean isProduct(float exponent) {
    return exponent == 1 || exponent == 2 || exponent == 3;
  }

  static int product(VectorCode code, int operand, float exponent) {
    int x = code.register(operand);
    int result = x;
    for (int i = 1; i < exponent; i++) {
      result = code.apply(VectorOp.MULTIPLY, result, x);
    }
    return result;
  }

  static int power(VectorCode code, int a, int b) {
    int zero = code.copy(code.constant(0));
    int size = code.apply(VectorOp.AND, a, code.bits(VectorFunctions.OTHER_BITS));
    int mantissa = code.immediate(VectorOp.MANTISSA, size, 0b0011);
    int n =
        code.apply(
            VectorOp.SUBTRACT,
            code.apply(VectorOp.EXPONENT, size),
            code.apply(VectorOp.EXPONENT, mantissa));

    // ln(1 + f) = high + low + rest: f - f^2 / 2 with its rounding errors, then the small terms
    int f = code.apply(VectorOp.SUBTRACT, mantissa, code.constant(1));
    int square = code.apply(VectorOp.MULTIPLY, f, f);
    int squareError = code.fusedNegated(f, f, square);
    int high = code.fusedNegated(square, code.constant(0.5f), f);
    int low =
        code.fusedNegated(square, code.constant(0.5f), code.apply(VectorOp.SUBTRACT, f, high));
    low = code.fused(squareError, code.constant(0.5f), low);
    int cube = code.apply(VectorOp.MULTIPLY, square, f);
    int rest = code.apply(VectorOp.MULTIPLY, cube, VectorFunctions.logTail(code, f));

    // + n * ln(2)
    rest = code.fused(n, code.constant(VectorFunctions.LN2_LOW), rest);
    int whole = code.apply(VectorOp.MULTIPLY, n, code.constant(VectorFunctions.LN2_HIGH));
    int sum = code.apply(VectorOp.ADD, whole, high);
    int error = code.apply(VectorOp.ADD, code.apply(VectorOp.SUBTRACT, whole, sum), high);
    rest = code.apply(VectorOp.ADD, error, code.apply(VectorOp.ADD, low, rest));
    int log = code.apply(VectorOp.ADD, sum, rest);
    rest = code.apply(VectorOp.ADD, code.apply(VectorOp.SUBTRACT, sum, log), rest);

    // of 0 and infinity: the exponent alone
    int infinity = code.copy(code.constant(Float.POSITIVE_INFINITY));
    code.compare(
        code.apply(VectorOp.AND, n, code.bits(VectorFunctions.OTHER_BITS)),
        infinity,
        VectorFunctions.EQUAL);
    log = code.blend(log, n);

    int product = code.apply(VectorOp.MULTIPLY, b, log);
    int productError = code.fusedNegated(b, log, product);
    int correction =
        code.apply(VectorOp.SUBTRACT, code.apply(VectorOp.MULTIPLY, b, rest), productError);
    int bounded = code.apply(VectorOp.MAXIMUM, code.constant(-105), product);
    bounded = code.apply(VectorOp.MINIMUM, code.constant(89), bounded);
    code.compare(product, bounded, NOT_EQUAL);
    correction = code.blend(correction, zero);
    int result = VectorFunctions.exp(code, bounded, correction);

    // a negative base: the sign of odd powers, NaN for finite bases with broken exponents
    int floor = code.immediate(VectorOp.ROUND, b, VectorFunctions.DOWN);
    int half = code.apply(VectorOp.MULTIPLY, b, code.constant(0.5f));
    int halfFloor = code.immediate(VectorOp.ROUND, half, VectorFunctions.DOWN);
    int sign = code.apply(VectorOp.AND, a, code.bits(VectorFunctions.SIGN_BIT));
    int signed = code.apply(VectorOp.OR, result, sign);
    code.compare(half, halfFloor, NOT_EQUAL);
    signed = code.blend(result, signed);
    code.compare(b, floor, NOT_EQUAL);
    signed = code.blend(signed, result);
    int invalid = code.blend(signed, code.register(code.constant(Float.NaN)));
    code.compare(a, zero, VectorFunctions.LESS);
    int checked = code.blend(signed, invalid);
    code.compare(size, infinity, VectorFunctions.EQUAL);
    checked = code.blend(checked, signed);
    code.compare(b, zero, VectorFunctions.EQUAL);
    return code.blend(checked, code.register(code.constant(1)));
  }
}
