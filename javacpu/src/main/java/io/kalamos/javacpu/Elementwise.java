package io.kalamos.javacpu;

import io.kalamos.engine.BFloat16;
import io.kalamos.engine.Binary;
import io.kalamos.engine.Node;
import io.kalamos.engine.Unary;
import io.kalamos.javacpu.Values.Floats;

/// Functions of elements at the same place, by their definitions in double precision; float32 has
/// loops of its own, which read repeated operands in blocks.
final class Elementwise {
  private static final int BLOCK = 1024;

  private Elementwise() {}

  static Kernel unary(Unary f, Values x, Values y, int size) {
    if (x instanceof Floats(float[] in, _) && y instanceof Floats(float[] out, _)) {
      return (part, parts) ->
          FloatLoops.unary(
              f, in, out, Kernel.from(size, part, parts), Kernel.from(size, part + 1, parts));
    }
    return (part, parts) -> {
      for (int i = Kernel.from(size, part, parts); i < Kernel.from(size, part + 1, parts); i++) {
        y.set(i, f.apply(x.get(i)));
      }
    };
  }

  static Kernel cast(Values x, Values y, int size) {
    return (part, parts) -> {
      int to = Kernel.from(size, part + 1, parts);
      for (int i = Kernel.from(size, part, parts); i < to; i++) {
        y.set(i, x.get(i));
      }
    };
  }

  static Kernel binary(Binary f, Node node, Values a, Values b, Values y, Scratch scratch) {
    View left = View.broadcast(node.input(0).shape(), node.shape());
    View right = View.broadcast(node.input(1).shape(), node.shape());
    int size = (int) node.shape().size();
    if (a instanceof Floats(float[] x0, _)
        && b instanceof Floats(float[] x1, _)
        && y instanceof Floats(float[] out, _)) {
      if (left.plain() && right.plain()) {
        return (part, parts) ->
            FloatLoops.binary(
                f, x0, x1, out, Kernel.from(size, part, parts), Kernel.from(size, part + 1, parts));
      }
      for (int slot = 0; slot < 3; slot++) {
        scratch.need(slot, BLOCK);
      }
      return (part, parts) -> {
        float[] block0 = scratch.get(part, 0);
        float[] block1 = scratch.get(part, 1);
        float[] result = scratch.get(part, 2);
        int to = Kernel.from(size, part + 1, parts);
        for (int i = Kernel.from(size, part, parts); i < to; i += BLOCK) {
          int count = Math.min(BLOCK, to - i);
          left.read(x0, i, count, block0, 0);
          right.read(x1, i, count, block1, 0);
          FloatLoops.binary(f, block0, block1, result, 0, count);
          System.arraycopy(result, 0, out, i, count);
        }
      };
    }
    return (part, parts) -> {
      int to = Kernel.from(size, part + 1, parts);
      for (int i = Kernel.from(size, part, parts); i < to; i++) {
        y.set(i, f.apply(a.get(left.at(i)), b.get(right.at(i))));
      }
    };
  }

  static Kernel select(Node node, Values c, Values a, Values b, Values y, Scratch scratch) {
    View condition = View.broadcast(node.input(0).shape(), node.shape());
    View left = View.broadcast(node.input(1).shape(), node.shape());
    View right = View.broadcast(node.input(2).shape(), node.shape());
    int size = (int) node.shape().size();
    if (c instanceof Floats(float[] x0, _)
        && a instanceof Floats(float[] x1, _)
        && b instanceof Floats(float[] x2, _)
        && y instanceof Floats(float[] out, _)) {
      for (int slot = 0; slot < 4; slot++) {
        scratch.need(slot, BLOCK);
      }
      return (part, parts) -> {
        float[] block0 = scratch.get(part, 0);
        float[] block1 = scratch.get(part, 1);
        float[] block2 = scratch.get(part, 2);
        float[] result = scratch.get(part, 3);
        int to = Kernel.from(size, part + 1, parts);
        for (int i = Kernel.from(size, part, parts); i < to; i += BLOCK) {
          int count = Math.min(BLOCK, to - i);
          condition.read(x0, i, count, block0, 0);
          left.read(x1, i, count, block1, 0);
          right.read(x2, i, count, block2, 0);
          FloatLoops.select(block0, block1, block2, result, 0, count);
          System.arraycopy(result, 0, out, i, count);
        }
      };
    }
    return (part, parts) -> {
      int to = Kernel.from(size, part + 1, parts);
      for (int i = Kernel.from(size, part, parts); i < to; i++) {
        y.set(i, c.get(condition.at(i)) != 0 ? a.get(left.at(i)) : b.get(right.at(i)));
      }
    };
  }

  /// Copies elements into another order or repeats them.
  static Kernel rearrange(View view, Values x, Values y, int size) {
    if (x instanceof Floats(float[] in, _) && y instanceof Floats(float[] out, _)) {
      return (part, parts) -> {
        int from = Kernel.from(size, part, parts);
        view.read(in, from, Kernel.from(size, part + 1, parts) - from, out, from);
      };
    }
    return (part, parts) -> {
      int to = Kernel.from(size, part + 1, parts);
      for (int i = Kernel.from(size, part, parts); i < to; i++) {
        y.set(i, x.get(view.at(i)));
      }
    };
  }

  /// Copies elements to places of a larger value.
  static Kernel insert(View places, Values x, Values y, int size) {
    if (x instanceof Floats(float[] in, _) && y instanceof Floats(float[] out, _)) {
      return (part, parts) -> {
        int from = Kernel.from(size, part, parts);
        places.write(in, from, out, from, Kernel.from(size, part + 1, parts) - from);
      };
    }
    return (part, parts) -> {
      int to = Kernel.from(size, part + 1, parts);
      for (int i = Kernel.from(size, part, parts); i < to; i++) {
        y.set(places.at(i), x.get(i));
      }
    };
  }

  /// Zeros everywhere.
  static Kernel clear(Values y, int size) {
    return (part, parts) -> {
      int to = Kernel.from(size, part + 1, parts);
      for (int i = Kernel.from(size, part, parts); i < to; i++) {
        y.set(i, 0);
      }
    };
  }

  /// Rounds what a float32 loop wrote to bfloat16.
  static Kernel rounding(float[] values, int size) {
    return (part, parts) -> {
      int to = Kernel.from(size, part + 1, parts);
      for (int i = Kernel.from(size, part, parts); i < to; i++) {
        values[i] = BFloat16.toFloat(BFloat16.fromFloat(values[i]));
      }
    };
  }

  /// Adds a bias per channel (or none: `null`) and applies a function (or none: `null`) in place.
  static Kernel epilogue(Values y, Values bias, Unary activation, int size, int channels) {
    int rows = size / channels;
    return (part, parts) -> {
      int to = Kernel.from(rows, part + 1, parts);
      for (int row = Kernel.from(rows, part, parts); row < to; row++) {
        for (int channel = 0; channel < channels; channel++) {
          int i = row * channels + channel;
          double value = bias == null ? y.get(i) : y.get(i) + bias.get(channel);
          y.set(i, activation == null ? value : activation.apply(value));
        }
      }
    };
  }
}
