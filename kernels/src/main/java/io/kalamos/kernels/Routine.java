package io.kalamos.kernels;

/// The code of one routine that is called with its frame: what such routines have in common.
final class Routine extends Assembler {
  static final int LANES = 16;

  /// Vectors that registers hold.
  static final int REGISTERS = 32;

  /// Bytes of a vector.
  static final int VECTOR = 64;

  private final Frame frame;

  Routine(Frame frame) {
    this.frame = frame;
  }

  // Beginning and end

  /// Keeps what the caller wants back.
  void enter() {
    for (int i = SCRATCHED; i < POINTERS.length; i++) {
      push(POINTERS[i]);
    }
  }

  Written leave() {
    zeroUpper();
    for (int i = POINTERS.length - 1; i >= SCRATCHED; i--) {
      pop(POINTERS[i]);
    }
    ret();
    return new Written(toBytes(), frame);
  }

  // Loops

  /// Begins a loop; returns where `again` leads.
  int repeat(int counter, int times) {
    set(counter, times);
    return size();
  }

  void again(int counter, int top) {
    add(counter, -1, true);
    jump(NOT_ZERO, top);
  }

  /// A count that is another one in the last round of a loop.
  void setByRound(int register, int usual, int last, int rounds) {
    set(register, last);
    if (usual != last) {
      compare(rounds, 1);
      int end = jumpAhead(ZERO);
      set(register, usual);
      land(end);
    }
  }

  // The frame

  /// The address of a place of the frame.
  void start(int pointer, int place) {
    start(pointer, FRAME, place);
  }

  /// The address of a place behind another address.
  void start(int pointer, int base, int place) {
    move(pointer, base);
    add(pointer, place, true);
  }

  void copy(int slot, int from) {
    load(WORK, from);
    save(slot, WORK);
  }

  /// The flags say whether the sum is zero.
  void advance(int slot, int by) {
    load(WORK, slot);
    add(WORK, by, true);
    save(slot, WORK);
  }

  // Vectors

  void mask(int mask, int bits) {
    set(WORK, bits);
    setMask(mask, WORK);
  }

  void maskOfFirst(int mask, int lanes) {
    mask(mask, (1 << lanes) - 1);
  }

  void vector(VectorOp op, int reg, int second, int rm) {
    vector(op, op.opcode, reg, second, rm, 0, false, 0);
  }

  void vector(VectorOp op, int reg, int second, int rm, int immediate) {
    vector(op, op.opcode, reg, second, rm, 0, false, immediate);
  }

  void vector(VectorOp op, int reg, int second, Address rm) {
    vector(op, reg, second, rm, 0);
  }

  /// A mask leaves the other lanes as they are.
  void vector(VectorOp op, int reg, int second, Address rm, int mask) {
    vector(op, op.opcode, reg, second, rm, mask, false, 0);
  }

  /// A mask leaves zeros in the other lanes.
  void load(VectorOp op, int reg, Address from, int mask) {
    vector(op, op.opcode, reg, 0, from, mask, mask != 0, 0);
  }

  void loadVector(int reg, Address from, int mask) {
    load(VectorOp.LOAD, reg, from, mask);
  }

  void storeVector(int reg, Address where, int mask) {
    vector(VectorOp.STORE, reg, 0, where, mask);
  }

  void clearVector(int reg) {
    vector(VectorOp.XOR, reg, reg, reg);
  }

  /// `sum = sum + a * b`.
  void addProduct(int sum, int a, int b) {
    vector(VectorOp.FUSED, VectorOp.FUSED.opcode + 0x20, sum, a, b, 0, false, 0);
  }

  /// The same; a mask leaves the other lanes of the sum as they are.
  void addProduct(int sum, int a, Address b, int mask) {
    vector(VectorOp.FUSED, VectorOp.FUSED.opcode + 0x20, sum, a, b, mask, false, 0);
  }

  /// `sum = sum - a * b`.
  void subtractProduct(int sum, int a, int b) {
    VectorOp op = VectorOp.FUSED_NEGATED;
    vector(op, op.opcode + 0x20, sum, a, b, 0, false, 0);
  }
}
