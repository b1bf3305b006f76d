package io.kalamos.initializers;

import io.kalamos.engine.CounterRandom;
import io.kalamos.engine.ShapeException;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;

/// A random matrix whose columns, or rows where there are fewer of them, are orthogonal and of
/// length gain (Saxe et al., 2014); the first axes of a kernel count as one. Keras's `Orthogonal`.
///
/// The Q of the QR decomposition of normal numbers with a positive diagonal in R, so that every
/// such matrix is as likely as any other.
public record Orthogonal(double gain) implements Initializer {
  public Orthogonal {
    Refusal.unlessFinite("Orthogonal", "gain", gain, "Keras's default is 1.");
  }

  public static Orthogonal of() {
    return new Orthogonal(1);
  }

  public static Orthogonal of(double gain) {
    return new Orthogonal(gain);
  }

  @Override
  public void fill(Tensor weight, long seed, int stream) {
    int rank = weight.shape().rank();
    if (rank < 2) {
      throw new ShapeException(
          "Orthogonal: expected a weight with two axes or more, received shape="
              + weight.shape()
              + ". Use another initializer for vectors.");
    }
    int columns = weight.shape().dim(-1);
    int rows = Math.toIntExact(weight.shape().product(0, rank - 1));
    boolean wide = rows < columns;
    double[][] vectors = normal(Math.min(rows, columns), Math.max(rows, columns), seed, stream);
    orthogonalize(vectors);
    weight.fill(
        i -> {
          int row = i / columns;
          int column = i % columns;
          return gain * (wide ? vectors[row][column] : vectors[column][row]);
        });
  }

  private static double[][] normal(int count, int length, long seed, int stream) {
    double[][] vectors = new double[count][length];
    for (int j = 0; j < count; j++) {
      for (int i = 0; i < length; i++) {
        vectors[j][i] = CounterRandom.normal(seed, stream, 0, i * count + j);
      }
    }
    return vectors;
  }

  /// Gram and Schmidt's way, each vector twice, which is enough for full precision.
  private static void orthogonalize(double[][] vectors) {
    for (int j = 0; j < vectors.length; j++) {
      for (int pass = 0; pass < 2; pass++) {
        for (int before = 0; before < j; before++) {
          double part = dot(vectors[j], vectors[before]);
          for (int i = 0; i < vectors[j].length; i++) {
            vectors[j][i] -= part * vectors[before][i];
          }
        }
      }
      double length = Math.sqrt(dot(vectors[j], vectors[j]));
      for (int i = 0; i < vectors[j].length; i++) {
        vectors[j][i] /= length;
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
