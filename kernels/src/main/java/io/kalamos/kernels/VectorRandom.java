package io.kalamos.kernels;

/// Threefry-2x32-20 as vector code, bit for bit that of [io.kalamos.engine.CounterRandom].
final class VectorRandom {
  private static final int PARITY = 0x1BD11BDA;
  private static final int STREAM_STEP = 0x9E3779B9;
  private static final int[] ROTATIONS = {13, 15, 26, 6, 17, 29, 16, 24};

  /// Words of the frame: three of the key, the start of the second word, five key injections.
  private final int[] slots = new int[9];

  /// Emits the computation of the words from seed and step, whose addresses lie at these places of
  /// the frame.
  VectorRandom(Frame frame, Assembler to, int seed, int step, int stream) {
    for (int i = 0; i < slots.length; i++) {
      slots[i] = frame.word();
    }
    int[] key = {Assembler.SHIFT, Assembler.ROW, Assembler.COUNT};
    to.load(Assembler.WORK, seed);
    to.loadInt(key[0], new Address(Assembler.WORK, -1, 0, 0, -1, false));
    to.loadInt(key[1], new Address(Assembler.WORK, -1, 0, 4, -1, false));
    to.add(key[1], stream * STREAM_STEP, false);
    to.move(key[2], key[0]);
    to.xorWord(key[2], key[1]);
    to.xorWordWith(key[2], PARITY);
    for (int i = 0; i < 3; i++) {
      to.saveWord(slots[i], key[i]);
    }
    to.load(Assembler.WORK, step);
    to.loadInt(Assembler.WORK, new Address(Assembler.WORK, -1, 0, 0, -1, false));
    to.add(Assembler.WORK, key[1]);
    to.saveWord(slots[3], Assembler.WORK);
    for (int group = 0; group < 5; group++) {
      to.move(Assembler.WORK, key[(group + 2) % 3]);
      to.add(Assembler.WORK, group + 1, false);
      to.saveWord(slots[4 + group], Assembler.WORK);
    }
  }

  /// Floats in [0, 1) for the counters in `index`.
  int uniform(VectorCode code, int index) {
    int x = code.apply(VectorOp.INT_ADD, index, word(code, slots[0]));
    int y = code.copy(word(code, slots[3]));
    for (int round = 0; round < 20; round++) {
      x = code.apply(VectorOp.INT_ADD, x, y);
      y = code.apply(VectorOp.XOR, code.rotateLeft(y, ROTATIONS[round & 7]), x);
      if ((round & 3) == 3) {
        int group = round >> 2;
        x = code.apply(VectorOp.INT_ADD, x, word(code, slots[(group + 1) % 3]));
        y = code.apply(VectorOp.INT_ADD, y, word(code, slots[4 + group]));
      }
    }
    int integer = code.apply(VectorOp.FROM_INT, code.shiftRight(x, 8));
    return code.apply(VectorOp.MULTIPLY, integer, code.constant(0x1p-24f));
  }

  private static int word(VectorCode code, int slot) {
    return code.memory(Address.repeated(slot));
  }
}
