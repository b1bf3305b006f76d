package io.kalamos.kernels;

/// The AVX-512 instructions that kernels use, all on 16 lanes of 32 bits.
///
/// Columns: opcode map (1: 0F, 2: 0F38, 3: 0F3A), mandatory prefix (0: none, 1: 66, 2: F3), opcode,
/// bytes of the memory operand. Source: Intel's Software Developer's Manual, volume 2.
enum VectorOp {
  MOVE(1, 0, 0x28, 64),
  LOAD(1, 0, 0x10, 64),
  STORE(1, 0, 0x11, 64),
  STORE_LANE(1, 2, 0x11, 4),
  STORE_HALVES(2, 2, 0x33, 32),
  LOAD_BYTES(2, 1, 0x31, 16),
  LOAD_HALVES(2, 1, 0x33, 32),
  LOAD_SIGNED_BYTES(2, 1, 0x21, 16),
  STORE_BYTES(2, 2, 0x31, 16),
  BROADCAST(2, 1, 0x18, 4),
  /// Two neighbouring elements.
  BROADCAST_PAIR(2, 1, 0x19, 8),
  BROADCAST_GENERAL(2, 1, 0x7C, 4),
  TO_GENERAL(1, 1, 0x7E, 4),
  ADD(1, 0, 0x58, 64),
  MULTIPLY(1, 0, 0x59, 64),
  SUBTRACT(1, 0, 0x5C, 64),
  MINIMUM(1, 0, 0x5D, 64),
  DIVIDE(1, 0, 0x5E, 64),
  MAXIMUM(1, 0, 0x5F, 64),
  SQRT(1, 0, 0x51, 64),
  /// 1 / sqrt(x) to 14 bits.
  RSQRT_ESTIMATE(2, 1, 0x4E, 64),
  /// 1 / x to 14 bits.
  RECIPROCAL_ESTIMATE(2, 1, 0x4C, 64),
  FROM_INT(1, 0, 0x5B, 64),
  COMPARE(1, 0, 0xC2, 64),
  INT_ADD(1, 1, 0xFE, 64),
  AND(1, 1, 0xDB, 64),
  OR(1, 1, 0xEB, 64),
  XOR(1, 1, 0xEF, 64),
  /// Shifts and rotations name their kind in the register field: 6 left, 2 right, 1 rotate left.
  SHIFT(1, 1, 0x72, 64),
  TERNARY_LOGIC(3, 1, 0x25, 64),
  ROUND(3, 1, 0x08, 64),
  MANTISSA(3, 1, 0x26, 64),
  EXPONENT(2, 1, 0x42, 64),
  SCALE(2, 1, 0x2C, 64),
  BLEND(2, 1, 0x65, 64),
  SHUFFLE_QUARTERS(3, 1, 0x23, 64),
  UNPACK_LOW(1, 0, 0x14, 64),
  UNPACK_HIGH(1, 0, 0x15, 64),
  /// In each quarter two lanes of a, then two of b.
  SHUFFLE(1, 0, 0xC6, 64),
  PERMUTE(3, 1, 0x04, 64),
  /// Lane i = lane a[i] of b.
  PICK(2, 1, 0x16, 64),
  /// The lanes that the mask names, together at the front.
  COMPRESS(2, 1, 0x8A, 4),
  /// A mask register (the target): the lanes in which a and b have a bit in common.
  TEST(2, 1, 0x27, 64),
  /// The same of 64 bytes.
  TEST_BYTES(2, 1, 0x26, 64),
  /// A mask register (the target) from the sign bits.
  SIGNS_TO_MASK(2, 2, 0x39, 64),
  /// Opcode of the form 132; 213 and 231 follow at +10 and +20 (hexadecimal).
  FUSED(2, 1, 0x98, 64),
  /// `c - a * b`.
  FUSED_NEGATED(2, 1, 0x9C, 64);

  final int map;
  final int prefix;
  final int opcode;
  final int bytes;

  VectorOp(int map, int prefix, int opcode, int bytes) {
    this.map = map;
    this.prefix = prefix;
    this.opcode = opcode;
    this.bytes = bytes;
  }

  boolean hasImmediate() {
    return map == 3 || this == COMPARE || this == SHIFT || this == SHUFFLE;
  }
}
