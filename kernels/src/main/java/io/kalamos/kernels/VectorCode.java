package io.kalamos.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A straight run of vector instructions over any number of virtual registers, which `assemble`
/// maps to the 32 real ones by linear scan; what does not fit lives in the frame.
///
/// An operand is a virtual register (not negative) or a memory operand made by [#memory].
final class VectorCode {
  /// The mask of the last, partly filled vector.
  static final int TAIL = 1;

  /// The mask register that comparisons write.
  static final int CONDITION = 2;

  private static final int RESERVED = 3;

  /// How a step is encoded.
  private enum Form {
    /// `target = op(a, b)`, or `op(b)` without a.
    PLAIN,
    SHIFT,
    COMPARE,
    FUSED,
    STORE,
    /// All lanes = general register a + immediate slot of the frame (or none if negative).
    GENERAL,
    /// All lanes = the small integer at b, shifted left.
    SMALL,
    /// Lane 0 of a, upper 16 bits cut off, to b.
    HALF_STORE
  }

  private static final class Step {
    final Form form;
    final VectorOp op;
    final int target;
    final int a;
    final int b;
    final int c;
    final int mask;
    final boolean zero;
    final int immediate;

    Step(
        Form form,
        VectorOp op,
        int target,
        int a,
        int b,
        int c,
        int mask,
        boolean zero,
        int immediate) {
      this.form = form;
      this.op = op;
      this.target = target;
      this.a = a;
      this.b = b;
      this.c = c;
      this.mask = mask;
      this.zero = zero;
      this.immediate = immediate;
    }
  }

  private static final int NONE = Integer.MIN_VALUE;

  private final Frame frame;
  private final List<Step> steps = new ArrayList<>();
  private final List<Address> addresses = new ArrayList<>();
  private final int pinned;
  private int registers;

  /// Virtual registers 0 to `pinned` - 1 are the real ones of the same number, alive throughout.
  VectorCode(Frame frame, int pinned) {
    this.frame = frame;
    this.pinned = pinned;
    registers = pinned;
  }

  // Building

  int memory(Address address) {
    addresses.add(address);
    return ~(addresses.size() - 1);
  }

  int constant(float value) {
    return memory(Address.repeated(frame.constant(value)));
  }

  int bits(int value) {
    return memory(Address.repeated(frame.constant(value)));
  }

  private int fresh() {
    return registers++;
  }

  private int step(
      Form form, VectorOp op, int to, int a, int b, int c, int mask, boolean zero, int immediate) {
    steps.add(new Step(form, op, to, a, b, c, mask, zero, immediate));
    return to;
  }

  /// The operand in a register.
  int register(int operand) {
    return operand >= 0 ? operand : copy(operand);
  }

  /// A new register with the operand's value.
  int copy(int operand) {
    return move(fresh(), operand, 0, false);
  }

  int move(int to, int from, int mask, boolean zero) {
    VectorOp op = VectorOp.MOVE;
    if (from < 0) {
      op = addresses.get(~from).broadcast ? VectorOp.BROADCAST : VectorOp.LOAD;
    }
    return step(Form.PLAIN, op, to, NONE, from, NONE, mask, zero, 0);
  }

  int apply(VectorOp op, int a, int b) {
    return apply(op, a, b, 0);
  }

  int apply(VectorOp op, int a, int b, int immediate) {
    return step(Form.PLAIN, op, fresh(), register(a), b, NONE, 0, false, immediate);
  }

  /// A commutative operation: the memory operand goes where it costs nothing.
  int commute(VectorOp op, int a, int b) {
    return a < 0 ? apply(op, b, a) : apply(op, a, b);
  }

  /// `to = op(to, b)` in the lanes of the mask.
  void accumulate(VectorOp op, int to, int b, int mask) {
    step(Form.PLAIN, op, to, to, b, NONE, mask, false, 0);
  }

  int apply(VectorOp op, int b) {
    return step(Form.PLAIN, op, fresh(), NONE, b, NONE, 0, false, 0);
  }

  int immediate(VectorOp op, int b, int immediate) {
    return step(Form.PLAIN, op, fresh(), NONE, b, NONE, 0, false, immediate);
  }

  /// Loads elements through a widening load where the type is narrow; masked lanes become 0.
  int load(VectorOp op, int from, int mask) {
    return step(Form.PLAIN, op, fresh(), NONE, from, NONE, mask, mask != 0, 0);
  }

  int shiftLeft(int a, int bits) {
    return step(Form.SHIFT, VectorOp.SHIFT, fresh(), 6, a, NONE, 0, false, bits);
  }

  int shiftRight(int a, int bits) {
    return step(Form.SHIFT, VectorOp.SHIFT, fresh(), 2, a, NONE, 0, false, bits);
  }

  int rotateLeft(int a, int bits) {
    return step(Form.SHIFT, VectorOp.SHIFT, fresh(), 1, a, NONE, 0, false, bits);
  }

  /// `a * b + c`.
  int fused(int a, int b, int c) {
    return multiplyAdd(VectorOp.FUSED, a, b, c);
  }

  /// `c - a * b`.
  int fusedNegated(int a, int b, int c) {
    return multiplyAdd(VectorOp.FUSED_NEGATED, a, b, c);
  }

  private int multiplyAdd(VectorOp op, int a, int b, int c) {
    int factor = a < 0 ? b : a;
    int other = a < 0 ? a : b;
    if (other < 0 && c < 0) {
      c = copy(c);
    }
    return step(Form.FUSED, op, fresh(), register(factor), other, c, 0, false, 0);
  }

  /// Sets the condition mask; the relations are those of `vcmpps`.
  void compare(int a, int b, int relation) {
    step(Form.COMPARE, VectorOp.COMPARE, NONE, register(a), b, NONE, 0, false, relation);
  }

  /// `a` where the condition mask is clear, else `b`.
  int blend(int a, int b) {
    return step(Form.PLAIN, VectorOp.BLEND, fresh(), register(a), b, NONE, CONDITION, false, 0);
  }

  /// The bits of `a` where `bits` are set, else those of `b`.
  int merge(int bits, int a, int b) {
    int to = copy(b);
    step(Form.PLAIN, VectorOp.TERNARY_LOGIC, to, register(a), bits, NONE, 0, false, 0xD8);
    return to;
  }

  void store(VectorOp op, int value, int to, int mask) {
    step(Form.STORE, op, NONE, register(value), to, NONE, mask, false, 0);
  }

  void storeHalf(int value, int to) {
    step(Form.HALF_STORE, VectorOp.TO_GENERAL, NONE, register(value), to, NONE, 0, false, 0);
  }

  /// All lanes = a general register plus 32 bits of the frame at `slot`, if not negative.
  int general(int register, int slot) {
    return step(
        Form.GENERAL, VectorOp.BROADCAST_GENERAL, fresh(), NONE, NONE, register, 0, false, slot);
  }

  /// All lanes = the unsigned integer of 1 or 2 bytes at `from`, shifted left.
  int small(int from, int bytes, int shift) {
    return step(
        Form.SMALL, VectorOp.BROADCAST_GENERAL, fresh(), NONE, from, bytes, 0, false, shift);
  }

  // Assembling

  /// Assigns registers and writes the code.
  void assemble(Assembler to) {
    int[] places = allocate(Routine.REGISTERS);
    if (places == null) {
      places = allocate(Routine.REGISTERS - RESERVED);
    }
    for (int i = 0; i < steps.size(); i++) {
      emit(to, steps.get(i), places);
    }
  }

  private static boolean readsTarget(Step step) {
    return step.op == VectorOp.TERNARY_LOGIC
        || step.form == Form.PLAIN && step.mask == TAIL && !step.zero;
  }

  /// Per virtual register the real one, or `~slot` of the frame; null if all registers were to be
  /// used and they do not suffice.
  private int[] allocate(int available) {
    int[] last = new int[registers];
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (step.target >= 0) {
        last[step.target] = i;
      }
      if (step.form != Form.SHIFT && step.a >= 0) {
        last[step.a] = i;
      }
      if (step.b >= 0) {
        last[step.b] = i;
      }
      if (step.form == Form.FUSED && step.c >= 0) {
        last[step.c] = i;
      }
    }
    int[] place = new int[registers];
    Arrays.fill(place, NONE);
    int[] owner = new int[Routine.REGISTERS];
    Arrays.fill(owner, -1);
    for (int i = 0; i < pinned; i++) {
      place[i] = i;
      owner[i] = i;
      last[i] = Integer.MAX_VALUE;
    }
    for (int i = 0; i < steps.size(); i++) {
      int target = steps.get(i).target;
      if (target < 0 || place[target] != NONE) {
        continue;
      }
      int free = -1;
      int furthest = -1;
      for (int r = pinned; r < available; r++) {
        if (owner[r] < 0 || last[owner[r]] <= i) {
          free = r;
          if (owner[r] >= 0) {
            break; // prefer the register of an operand that dies here
          }
        } else if (furthest < 0 || last[owner[r]] > last[owner[furthest]]) {
          furthest = r;
        }
      }
      if (free < 0) {
        if (available == Routine.REGISTERS) {
          return null;
        }
        if (last[owner[furthest]] <= last[target]) {
          place[target] = ~frame.vectors(16);
          continue;
        }
        place[owner[furthest]] = ~frame.vectors(16);
        free = furthest;
      }
      owner[free] = target;
      place[target] = free;
    }
    return place;
  }

  private void emit(Assembler to, Step step, int[] places) {
    VectorOp op = step.op;
    int target = 0;
    boolean spilled = false;
    if (step.target >= 0) {
      spilled = places[step.target] < 0;
      target = spilled ? Routine.REGISTERS - 1 : places[step.target];
      if (spilled && readsTarget(step)) {
        fetch(to, target, Address.frame(~places[step.target]));
      }
    }
    int a = 0;
    if (step.form != Form.SHIFT && step.a >= 0) {
      a = inRegister(to, step.a, places, Routine.REGISTERS - 2);
    }
    Address from = step.b == NONE ? null : address(step.b, places);
    switch (step.form) {
      case PLAIN, COMPARE, STORE, SHIFT -> {
        int reg = target;
        int second = a;
        if (step.form == Form.COMPARE) {
          reg = CONDITION;
        } else if (step.form == Form.STORE) {
          reg = a;
          second = 0;
        } else if (step.form == Form.SHIFT) {
          reg = step.a;
          second = target;
        }
        if (from == null) {
          to.vector(
              op, op.opcode, reg, second, places[step.b], step.mask, step.zero, step.immediate);
        } else {
          VectorOp load = op == VectorOp.MOVE ? VectorOp.LOAD : op;
          to.vector(load, load.opcode, reg, second, from, step.mask, step.zero, step.immediate);
        }
      }
      case FUSED -> fused(to, step, places, target, a, from);
      case GENERAL -> {
        int source = step.c;
        if (step.immediate >= 0) {
          to.move(Assembler.WORK, source);
          to.addFrame(Assembler.WORK, step.immediate);
          source = Assembler.WORK;
        }
        to.vector(op, op.opcode, target, 0, source, 0, false, 0);
      }
      case SMALL -> {
        to.loadSmall(Assembler.WORK, from, step.c);
        if (step.immediate > 0) {
          to.shiftLeftBy(Assembler.WORK, step.immediate);
        }
        to.vector(op, op.opcode, target, 0, Assembler.WORK, 0, false, 0);
      }
      case HALF_STORE -> {
        to.vector(op, op.opcode, a, 0, Assembler.SHIFT, 0, false, 0);
        to.saveHalf(from, Assembler.SHIFT);
      }
    }
    if (spilled) {
      Address slot = Address.frame(~places[step.target]);
      to.vector(VectorOp.STORE, VectorOp.STORE.opcode, target, 0, slot, 0, false, 0);
    }
  }

  /// Fused multiply-add overwrites one operand, so its form follows from the register assignment.
  private void fused(Assembler to, Step step, int[] places, int target, int a, Address from) {
    VectorOp op = step.op;
    Address sum = address(step.c, places);
    int b = from == null ? places[step.b] : -1;
    int c = sum == null ? places[step.c] : -1;
    if (b == target && c != target) {
      b = a;
      a = target;
    }
    if (a == target && c != target) {
      if (sum == null && from != null) {
        to.vector(op, op.opcode, target, c, from, 0, false, 0);
        return;
      }
      if (from != null) {
        b = fetch(to, Routine.REGISTERS - 3, from);
      }
      if (sum == null) {
        to.vector(op, op.opcode + 0x10, target, b, c, 0, false, 0);
      } else {
        to.vector(op, op.opcode + 0x10, target, b, sum, 0, false, 0);
      }
      return;
    }
    if (sum != null) {
      fetch(to, target, sum);
    } else if (c != target) {
      to.vector(VectorOp.MOVE, VectorOp.MOVE.opcode, target, 0, c, 0, false, 0);
    }
    if (from == null) {
      to.vector(op, op.opcode + 0x20, target, a, b, 0, false, 0);
    } else {
      to.vector(op, op.opcode + 0x20, target, a, from, 0, false, 0);
    }
  }

  private Address address(int operand, int[] places) {
    if (operand < 0) {
      return addresses.get(~operand);
    }
    return places[operand] < 0 ? Address.frame(~places[operand]) : null;
  }

  private int inRegister(Assembler to, int operand, int[] places, int spare) {
    int place = places[operand];
    return place >= 0 ? place : fetch(to, spare, Address.frame(~place));
  }

  private static int fetch(Assembler to, int register, Address from) {
    VectorOp op = from.broadcast ? VectorOp.BROADCAST : VectorOp.LOAD;
    to.vector(op, op.opcode, register, 0, from, 0, false, 0);
    return register;
  }
}
