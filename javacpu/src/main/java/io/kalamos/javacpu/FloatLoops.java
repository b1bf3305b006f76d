package io.kalamos.javacpu;

import io.kalamos.engine.Binary;
import io.kalamos.engine.Unary;

/// Element-wise loops over float32. All arrays are indexed alike, which is what lets the compiler
/// use vector instructions: with different offsets it cannot rule out that they overlap.
final class FloatLoops {
  private FloatLoops() {}

  static void unary(Unary f, float[] x, float[] y, int from, int to) {
    switch (f) {
      case NEG -> {
        for (int i = from; i < to; i++) {
          y[i] = -x[i];
        }
      }
      case ABS -> {
        for (int i = from; i < to; i++) {
          y[i] = Math.abs(x[i]);
        }
      }
      case SQRT -> {
        for (int i = from; i < to; i++) {
          y[i] = (float) Math.sqrt(x[i]);
        }
      }
      case RELU -> {
        for (int i = from; i < to; i++) {
          y[i] = Math.max(x[i], 0f);
        }
      }
      case SIGN, EXP, LOG, RSQRT, SIN, COS, TANH, SIGMOID, ERF, FLOOR, ROUND -> {
        for (int i = from; i < to; i++) {
          y[i] = (float) f.apply(x[i]);
        }
      }
    }
  }

  static void binary(Binary f, float[] a, float[] b, float[] y, int from, int to) {
    switch (f) {
      case ADD -> {
        for (int i = from; i < to; i++) {
          y[i] = a[i] + b[i];
        }
      }
      case SUBTRACT -> {
        for (int i = from; i < to; i++) {
          y[i] = a[i] - b[i];
        }
      }
      case MULTIPLY -> {
        for (int i = from; i < to; i++) {
          y[i] = a[i] * b[i];
        }
      }
      case DIVIDE -> {
        for (int i = from; i < to; i++) {
          y[i] = a[i] / b[i];
        }
      }
      case MAXIMUM -> {
        for (int i = from; i < to; i++) {
          y[i] = Math.max(a[i], b[i]);
        }
      }
      case MINIMUM -> {
        for (int i = from; i < to; i++) {
          y[i] = Math.min(a[i], b[i]);
        }
      }
      case POWER -> {
        for (int i = from; i < to; i++) {
          y[i] = (float) Math.pow(a[i], b[i]);
        }
      }
      case EQUAL -> {
        for (int i = from; i < to; i++) {
          y[i] = a[i] == b[i] ? 1 : 0;
        }
      }
      case NOT_EQUAL -> {
        for (int i = from; i < to; i++) {
          y[i] = a[i] != b[i] ? 1 : 0;
        }
      }
      case GREATER -> {
        for (int i = from; i < to; i++) {
          y[i] = a[i] > b[i] ? 1 : 0;
        }
      }
      case GREATER_EQUAL -> {
        for (int i = from; i < to; i++) {
          y[i] = a[i] >= b[i] ? 1 : 0;
        }
      }
      case LESS -> {
        for (int i = from; i < to; i++) {
          y[i] = a[i] < b[i] ? 1 : 0;
        }
      }
      case LESS_EQUAL -> {
        for (int i = from; i < to; i++) {
          y[i] = a[i] <= b[i] ? 1 : 0;
        }
      }
    }
  }

  /// Without branches, which random conditions would make slow.
  static void select(float[] condition, float[] a, float[] b, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      int mask = condition[i] != 0 ? -1 : 0;
      int bits = Float.floatToRawIntBits(a[i]) & mask | Float.floatToRawIntBits(b[i]) & ~mask;
      y[i] = Float.intBitsToFloat(bits);
    }
  }
}
