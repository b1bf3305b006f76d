package io.kalamos.data;

import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Data with targets, row by row: any types, used where they lie.
///
/// @param x a tensor for each input of the model, shape (samples, ...)
/// @param y a tensor for each output of the model, shape (samples, ...)
public record Samples(List<Tensor> x, List<Tensor> y) implements Data {
  public Samples {
    x = List.copyOf(x);
    y = List.copyOf(y);
    if (x.isEmpty() || y.isEmpty()) {
      throw Refusal.of(
          "data",
          "at least one tensor x and one tensor y",
          x.isEmpty() ? "x" : "y",
          "[]",
          "Give a tensor for each input and output of the model.");
    }
    int rows = -1;
    for (List<Tensor> tensors : List.of(x, y)) {
      String what = tensors == x ? "x" : "y";
      for (Tensor tensor : tensors) {
        if (tensor.shape().rank() == 0) {
          throw Refusal.of(
              "data", what + " of shape (samples, ...)", what, tensor, "Add the axis of samples.");
        }
        rows = rows < 0 ? tensor.shape().dim(0) : rows;
        if (tensor.shape().dim(0) != rows) {
          throw Refusal.of(
              "data",
              "as many rows in " + what + " as in x (" + rows + ")",
              what + ".shape",
              tensor.shape(),
              "Give one target for each sample.");
        }
      }
    }
  }

  public static Samples of(Tensor x, Tensor y) {
    return new Samples(List.of(x), List.of(y));
  }

  /// The number of samples.
  public int size() {
    return x.getFirst().shape().dim(0);
  }

  /// The samples `from` (inclusive) to `to` (exclusive); nothing is copied.
  public Samples rows(int from, int to) {
    return new Samples(
        x.stream().map(t -> t.rows(from, to)).toList(),
        y.stream().map(t -> t.rows(from, to)).toList());
  }

  /// These samples in this order: copied, unless they lie behind each other.
  public Samples select(int[] rows) {
    for (int row : rows) {
      if (row < 0 || row >= size()) {
        throw Refusal.of(
            "samples", "rows from 0 to " + (size() - 1), "row", row, "Choose rows that exist.");
      }
    }
    for (int i = 1; i < rows.length; i++) {
      if (rows[i] != rows[i - 1] + 1) {
        return new Samples(
            x.stream().map(tensor -> select(tensor, rows)).toList(),
            y.stream().map(tensor -> select(tensor, rows)).toList());
      }
    }
    return rows.length == 0 ? rows(0, 0) : rows(rows[0], rows[rows.length - 1] + 1);
  }

  private static Tensor select(Tensor tensor, int[] rows) {
    Tensor selected = Tensor.zeros(tensor.dtype(), tensor.shape().with(0, rows.length));
    long bytes = tensor.shape().rowSize() * tensor.dtype().bytes();
    for (int i = 0; i < rows.length; i++) {
      MemorySegment.copy(tensor.memory(), rows[i] * bytes, selected.memory(), i * bytes, bytes);
    }
    return selected;
  }

  /// The first samples; nothing is copied.
  public Samples take(int count) {
    return rows(0, Math.min(count, size()));
  }
}
