package io.kalamos.kernels;

import io.kalamos.engine.Binary;
import io.kalamos.engine.CounterRandom;
import io.kalamos.engine.Unary;

/// The loops of the portable kernels, each simple enough for the JIT compiler to vectorise.
/// Functions without a vector instruction are computed in double and rounded once.
final class HeapLoops {
  private HeapLoops() {}

  static void unary(Unary function, float[] a, float[] to, int n) {
    switch (function) {
      case NEG -> {
        for (int i = 0; i < n; i++) {
          to[i] = -a[i];
        }
      }
      case ABS -> {
        for (int i = 0; i < n; i++) {
          to[i] = Math.abs(a[i]);
        }
      }
      case SIGN -> {
        for (int i = 0; i < n; i++) {
          to[i] = Math.signum(a[i]);
        }
      }
      case EXP -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Math.exp(a[i]);
        }
      }
      case LOG -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Math.log(a[i]);
        }
      }
      case SQRT -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Math.sqrt(a[i]);
        }
      }
      case SIN -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Math.sin(a[i]);
        }
      }
      case COS -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Math.cos(a[i]);
        }
      }
      case TANH -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Math.tanh(a[i]);
        }
      }
      case SIGMOID -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) (1 / (1 + Math.exp(-a[i])));
        }
      }
      case RELU -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] < 0 ? 0 : a[i];
        }
      }
      case ERF -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Unary.ERF.apply(a[i]);
        }
      }
      case FLOOR -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Math.floor(a[i]);
        }
      }
      case ROUND -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Math.rint(a[i]);
        }
      }
      case RSQRT -> {
        for (int i = 0; i < n; i++) {
          to[i] = 1 / (float) Math.sqrt(a[i]);
        }
      }
    }
  }

  static void binary(Binary function, float[] a, float[] b, float[] to, int n) {
    switch (function) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] + b[i];
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] - b[i];
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] * b[i];
        }
      }
      case DIVIDE -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] / b[i];
        }
      }
      case MAXIMUM -> {
        for (int i = 0; i < n; i++) {
          to[i] = Math.max(a[i], b[i]);
        }
      }
      case MINIMUM -> {
        for (int i = 0; i < n; i++) {
          to[i] = Math.min(a[i], b[i]);
        }
      }
      case POWER -> {
        for (int i = 0; i < n; i++) {
          to[i] = (float) Math.pow(a[i], b[i]);
        }
      }
      case EQUAL -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] == b[i] ? 1f : 0f;
        }
      }
      case NOT_EQUAL -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] != b[i] ? 1f : 0f;
        }
      }
      case GREATER -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] > b[i] ? 1f : 0f;
        }
      }
      case GREATER_EQUAL -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] >= b[i] ? 1f : 0f;
        }
      }
      case LESS -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] < b[i] ? 1f : 0f;
        }
      }
      case LESS_EQUAL -> {
        for (int i = 0; i < n; i++) {
          to[i] = a[i] <= b[i] ? 1f : 0f;
        }
      }
    }
  }

  static void select(float[] condition, float[] a, float[] b, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = condition[i] != 0 ? a[i] : b[i];
    }
  }

  static void uniform(long seed, int stream, int step, int index, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = CounterRandom.uniform(seed, stream, step, index + i);
    }
  }

  static void rowSum(float[] a, float[] to, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      for (int i = r * columns; i < (r + 1) * columns; i++) {
        sum += a[i];
      }
      for (int i = r * columns; i < (r + 1) * columns; i++) {
        to[i] = (float) sum;
      }
    }
  }

  static void rowMax(float[] a, float[] to, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      float max = Float.NEGATIVE_INFINITY;
      for (int i = r * columns; i < (r + 1) * columns; i++) {
        max = Math.max(max, a[i]);
      }
      for (int i = r * columns; i < (r + 1) * columns; i++) {
        to[i] = max;
      }
    }
  }

  static void columnSum(float[] a, double[] sums, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      int at = r * columns;
      for (int c = 0; c < columns; c++) {
        sums[c] += a[at + c];
      }
    }
  }

  /// Copies one row of values into every row.
  static void repeat(float[] line, float[] to, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(line, 0, to, r * columns, columns);
    }
  }

  /// Copies one value per row into every column.
  static void spread(float[] line, float[] to, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        to[r * columns + c] = line[r];
      }
    }
  }

  static void fromBfloat16(short[] from, float[] to, int at, int n) {
    for (int i = 0; i < n; i++) {
      to[at + i] = Float.intBitsToFloat(from[i] << 16);
    }
  }

  static void fromUint8(byte[] from, float[] to, int at, int n) {
    for (int i = 0; i < n; i++) {
      to[at + i] = from[i] & 0xFF;
    }
  }

  static void fromInt32(int[] from, float[] to, int at, int n) {
    for (int i = 0; i < n; i++) {
      to[at + i] = from[i];
    }
  }

  /// Rounds to nearest, ties to even; a NaN stays one.
  static void toBfloat16(float[] from, short[] to, int n) {
    for (int i = 0; i < n; i++) {
      int bits = Float.floatToRawIntBits(from[i]);
      int rounded = bits + 0x7FFF + (bits >>> 16 & 1);
      to[i] = (short) ((from[i] == from[i] ? rounded : bits | 0x400000) >>> 16);
    }
  }
}
