package io.kalamos.kernels;

/// Functions of one value.
public enum Unary {
  NEG,
  ABS,
  SIGN,
  EXP,
  LOG,
  SQRT,
  SIN,
  COS,
  TANH,
  SIGMOID,
  RELU,
  ERF,
  FLOOR,
  /// To the nearest integer, ties to even.
  ROUND,
  /// `1 / sqrt(x)`.
  RSQRT
}
