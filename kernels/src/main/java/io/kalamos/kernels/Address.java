package io.kalamos.kernels;

/// A memory operand: `[base + index * 2^scale + displacement]`. If `slot` is not negative, the base
/// is first loaded from that place of the frame. `broadcast` repeats one element over all lanes.
final class Address {
  final int base;
  final int index;
  final int scale;
  final int displacement;
  final int slot;
  final boolean broadcast;

  Address(int base, int index, int scale, int displacement, int slot, boolean broadcast) {
    this.base = base;
    this.index = index;
    this.scale = scale;
    this.displacement = displacement;
    this.slot = slot;
    this.broadcast = broadcast;
  }

  /// `[base + displacement]`.
  static Address at(int base, int displacement) {
    return new Address(base, -1, 0, displacement, -1, false);
  }

  /// `[base + index + displacement]`.
  static Address at(int base, int index, int displacement) {
    return new Address(base, index, 0, displacement, -1, false);
  }

  /// A vector in the frame.
  static Address frame(int displacement) {
    return new Address(Assembler.FRAME, -1, 0, displacement, -1, false);
  }

  /// One element of the frame, for all lanes.
  static Address repeated(int displacement) {
    return new Address(Assembler.FRAME, -1, 0, displacement, -1, true);
  }
}
