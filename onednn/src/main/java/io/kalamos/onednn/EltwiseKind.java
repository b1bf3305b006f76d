package io.kalamos.onednn;

/// An element-wise function, with the library's code.
///
/// The backward primitive of a kind reads the source, except that of the `..._FROM_DST` kinds,
/// which reads the forward result.
enum EltwiseKind {
  /// `max(x, 0)`, or `alpha * x` below zero.
  RELU(0x20),
  TANH(0x21),
  /// `alpha * (exp(x) - 1)` below zero.
  ELU(0x22),
  SQUARE(0x23),
  ABS(0x24),
  SQRT(0x25),
  /// `alpha * x + beta`.
  LINEAR(0x26),
  /// `log(1 + exp(alpha * x)) / alpha`.
  SOFTPLUS(0x27),
  SIGMOID(0x29),
  EXP(0x2a),
  GELU_TANH(0x2b),
  /// `x * sigmoid(alpha * x)`.
  SWISH(0x2c),
  LOG(0x2d),
  /// Limits to `alpha`..`beta`.
  CLIP(0x2e),
  /// `alpha * x^beta`.
  POW(0x30),
  GELU_ERF(0x31),
  RELU_FROM_DST(0x100),
  TANH_FROM_DST(0x101),
  ELU_FROM_DST(0x102),
  SQRT_FROM_DST(0x103),
  SIGMOID_FROM_DST(0x104),
  EXP_FROM_DST(0x105);

  private final int code;

  EltwiseKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
