package io.kalamos.kernels;

import java.util.Arrays;

/// Encodes x86-64 instructions: EVEX vectors and the few general ones that loops need.
///
/// Register roles: `FRAME` points to the bound kernel's block, `ELEMENT` counts elements, `COLUMN`
/// and `ROW` count columns and rows, `COUNT` is the loop counter, `WORK` and `SHIFT` are scratch.
class Assembler {
  static final int WORK = 0; // rax
  static final int SHIFT = 1; // rcx
  static final int COLUMN = 2; // rdx
  static final int ELEMENT = 6; // rsi
  static final int FRAME = 7; // rdi
  static final int COUNT = 8;
  static final int ROW = 9;

  /// Registers for base pointers; from rbx on, the caller wants them back.
  static final int[] POINTERS = {10, 11, 3, 5, 12, 13, 14, 15};

  static final int SCRATCHED = 2;

  static final int BELOW = 2;
  static final int NOT_BELOW = 3;
  static final int ZERO = 4;
  static final int NOT_ZERO = 5;

  private byte[] code = new byte[4096];
  private int size;

  int size() {
    return size;
  }

  byte[] toBytes() {
    return Arrays.copyOf(code, size);
  }

  private void emit(int value) {
    if (size == code.length) {
      code = Arrays.copyOf(code, 2 * size);
    }
    code[size++] = (byte) value;
  }

  private void emitInt(int value) {
    emit(value);
    emit(value >> 8);
    emit(value >> 16);
    emit(value >> 24);
  }

  // Vectors

  /// `mask` is the number of a mask register, 0 for none; `zero` clears the lanes it leaves out.
  void vector(
      VectorOp op, int opcode, int reg, int second, int rm, int mask, boolean zero, int immediate) {
    int length = op == VectorOp.TO_GENERAL ? 0 : 2;
    prefix(op, reg, second, rm >> 3 & 1, rm >> 4 & 1, mask, zero, false, length);
    emit(opcode);
    emit(0xC0 | (reg & 7) << 3 | rm & 7);
    if (op.hasImmediate()) {
      emit(immediate);
    }
  }

  void vector(
      VectorOp op,
      int opcode,
      int reg,
      int second,
      Address rm,
      int mask,
      boolean zero,
      int immediate) {
    int base = base(rm);
    int index = rm.index < 0 ? 0 : rm.index >> 3;
    boolean repeat = rm.broadcast && op != VectorOp.BROADCAST;
    prefix(op, reg, second, base >> 3, index, mask, zero, repeat, 2);
    emit(opcode);
    memory(reg, base, rm, rm.broadcast ? 4 : op.bytes);
    if (op.hasImmediate()) {
      emit(immediate);
    }
  }

  private void prefix(
      VectorOp op,
      int reg,
      int second,
      int low,
      int high,
      int mask,
      boolean zero,
      boolean broadcast,
      int length) {
    emit(0x62);
    emit((~reg & 8) << 4 | (~high & 1) << 6 | (~low & 1) << 5 | (~reg & 16) | op.map);
    emit((~second & 15) << 3 | 4 | op.prefix);
    emit((zero ? 0x80 : 0) | length << 5 | (broadcast ? 16 : 0) | (~second & 16) >> 1 | mask);
  }

  /// Loads the base of an address where it lies in the frame.
  private int base(Address address) {
    if (address.slot < 0) {
      return address.base;
    }
    load(WORK, address.slot);
    return WORK;
  }

  private void memory(int reg, int base, Address m, int unit) {
    int field = (reg & 7) << 3;
    boolean indexed = m.index >= 0 || (base & 7) == 4;
    boolean small = m.displacement % unit == 0 && fitsByte(m.displacement / unit);
    int mode = m.displacement == 0 && (base & 7) != 5 ? 0 : small ? 0x40 : 0x80;
    emit(mode | field | (indexed ? 4 : base & 7));
    if (indexed) {
      emit(m.scale << 6 | (m.index < 0 ? 4 : m.index & 7) << 3 | base & 7);
    }
    if (mode == 0x40) {
      emit(m.displacement / unit);
    } else if (mode == 0x80) {
      emitInt(m.displacement);
    }
  }

  private static boolean fitsByte(int value) {
    return value == (byte) value;
  }

  /// Mask register 1 to 7 from the low bits of a general register.
  void setMask(int mask, int from) {
    emit(0xC5);
    emit(0xF8);
    emit(0x92);
    emit(0xC0 | mask << 3 | from);
  }

  /// The low bits of a general register from mask register 1 to 7.
  void getMask(int to, int mask) {
    emit(0xC5);
    emit(0xF8);
    emit(0x93);
    emit(0xC0 | to << 3 | mask);
  }

  /// All 64 bits of mask register 1 to 7.
  void getLongMask(int to, int mask) {
    emit(0xC4);
    emit(0x61 | (~to & 8) << 4);
    emit(0xFB);
    emit(0x93);
    emit(0xC0 | (to & 7) << 3 | mask);
  }

  /// Clears the upper halves, which slow down older instructions of the caller.
  void zeroUpper() {
    emit(0xC5);
    emit(0xF8);
    emit(0x77);
  }

  // General registers

  private void rex(boolean wide, int reg, int index, int base) {
    int bits = (wide ? 8 : 0) | (reg >> 3 & 1) << 2 | (index >> 3 & 1) << 1 | base >> 3 & 1;
    if (bits != 0) {
      emit(0x40 | bits);
    }
  }

  private void withMemory(boolean wide, int escape, int opcode, int reg, Address m) {
    int base = base(m);
    rex(wide, reg, Math.max(m.index, 0), base);
    if (escape != 0) {
      emit(escape);
    }
    emit(opcode);
    memory(reg, base, m, 1);
  }

  private void withRegister(boolean wide, int opcode, int reg, int rm) {
    rex(wide, reg, 0, rm);
    emit(opcode);
    emit(0xC0 | (reg & 7) << 3 | rm & 7);
  }

  void push(int register) {
    rex(false, 0, 0, register);
    emit(0x50 | register & 7);
  }

  void pop(int register) {
    rex(false, 0, 0, register);
    emit(0x58 | register & 7);
  }

  void ret() {
    emit(0xC3);
  }

  /// 64 bits of the frame.
  void load(int register, int slot) {
    withMemory(true, 0, 0x8B, register, Address.frame(slot));
  }

  void save(int slot, int register) {
    withMemory(true, 0, 0x89, register, Address.frame(slot));
  }

  /// 32 bits, sign-extended.
  void loadInt(int register, Address address) {
    withMemory(true, 0, 0x63, register, address);
  }

  /// 64 bits.
  void loadLong(int register, Address address) {
    withMemory(true, 0, 0x8B, register, address);
  }

  void saveLong(Address address, int register) {
    withMemory(true, 0, 0x89, register, address);
  }

  /// 8 or 16 bits, zero-extended.
  void loadSmall(int register, Address address, int bytes) {
    withMemory(false, 0x0F, bytes == 1 ? 0xB6 : 0xB7, register, address);
  }

  /// Asks for a cache line; never faults.
  void prefetch(Address address) {
    withMemory(false, 0x0F, 0x18, 1, address);
  }

  /// The same for a line that will be written.
  void prefetchToWrite(Address address) {
    withMemory(false, 0x0F, 0x0D, 1, address);
  }

  void saveHalf(Address address, int register) {
    int base = base(address);
    emit(0x66);
    rex(false, register, Math.max(address.index, 0), base);
    emit(0x89);
    memory(register, base, address, 1);
  }

  void loadWord(int register, int slot) {
    withMemory(false, 0, 0x8B, register, Address.frame(slot));
  }

  void saveWord(int slot, int register) {
    withMemory(false, 0, 0x89, register, Address.frame(slot));
  }

  void addFrame(int register, int slot) {
    withMemory(true, 0, 0x03, register, Address.frame(slot));
  }

  void move(int to, int from) {
    withRegister(true, 0x8B, to, from);
  }

  void add(int to, int from) {
    withRegister(true, 0x03, to, from);
  }

  void subtract(int to, int from) {
    withRegister(true, 0x2B, to, from);
  }

  void xorWord(int to, int from) {
    withRegister(false, 0x33, to, from);
  }

  void clear(int register) {
    withRegister(false, 0x33, register, register);
  }

  void set(int register, int value) {
    rex(false, 0, 0, register);
    emit(0xB8 | register & 7);
    emitInt(value);
  }

  /// 32-bit, or 64-bit with a sign-extended value.
  void add(int register, int value, boolean wide) {
    withRegister(wide, 0x81, 0, register);
    emitInt(value);
  }

  void xorWordWith(int register, int value) {
    withRegister(false, 0x81, 6, register);
    emitInt(value);
  }

  void compare(int register, int value) {
    withRegister(true, 0x81, 7, register);
    emitInt(value);
  }

  void multiply(int to, int from, int value) {
    withRegister(true, 0x69, to, from);
    emitInt(value);
  }

  /// `WORK = WORK / by`, remainder in `COLUMN`.
  void divide(int by) {
    clear(COLUMN);
    set(SHIFT, by);
    withRegister(true, 0xF7, 6, SHIFT);
  }

  /// `register <<= SHIFT`, 32-bit.
  void shiftLeft(int register) {
    withRegister(false, 0xD3, 4, register);
  }

  void shiftLeftBy(int register, int bits) {
    withRegister(false, 0xC1, 4, register);
    emit(bits);
  }

  void shiftRightBy(int register, int bits) {
    withRegister(false, 0xC1, 5, register);
    emit(bits);
  }

  /// 64 bits.
  void shiftLongLeftBy(int register, int bits) {
    withRegister(true, 0xC1, 4, register);
    emit(bits);
  }

  void or(int to, int from) {
    withRegister(true, 0x0B, to, from);
  }

  /// The place of the lowest of 64 bits that is set; 64 where none is.
  void lowestBit(int to, int from) {
    emit(0xF3);
    rex(true, to, 0, from);
    emit(0x0F);
    emit(0xBC);
    emit(0xC0 | (to & 7) << 3 | from & 7);
  }

  /// Clears the lowest bit that is set; the flags say whether others remain.
  void clearLowestBit(int register) {
    emit(0xC4);
    emit(0xC0 | (~register & 8) << 2 | 2);
    emit(0x80 | (~register & 15) << 3);
    emit(0xF3);
    emit(0xC8 | register & 7);
  }

  /// The number of 64 bits that are set.
  void countLongBits(int to, int from) {
    emit(0xF3);
    rex(true, to, 0, from);
    emit(0x0F);
    emit(0xB8);
    emit(0xC0 | (to & 7) << 3 | from & 7);
  }

  /// The number of bits that are set in the lower half.
  void countBits(int to, int from) {
    emit(0xF3);
    rex(false, to, 0, from);
    emit(0x0F);
    emit(0xB8);
    emit(0xC0 | (to & 7) << 3 | from & 7);
  }

  /// Only the bits of `value` where the register is not zero, none where it is.
  void ifNotZero(int register, int value) {
    withRegister(true, 0xF7, 3, register); // negate: the carry says whether it was not zero
    withRegister(true, 0x1B, register, register); // subtract with borrow: all ones, or none
    withRegister(true, 0x81, 4, register);
    emitInt(value);
  }

  /// 32 bits.
  void saveInt(Address address, int register) {
    withMemory(false, 0, 0x89, register, address);
  }

  void test(int register) {
    withRegister(true, 0x85, register, register);
  }

  void jump(int condition, int target) {
    emit(0x0F);
    emit(0x80 | condition);
    emitInt(target - size - 4);
  }

  /// A jump whose target `land` gives later; returns its place.
  int jumpAhead(int condition) {
    jump(condition, 0);
    return size;
  }

  /// The same without a condition.
  int jumpAhead() {
    emit(0xE9);
    emitInt(0);
    return size;
  }

  void land(int place) {
    int distance = size - place;
    for (int i = 0; i < 4; i++) {
      code[place - 4 + i] = (byte) (distance >> 8 * i);
    }
  }
}
