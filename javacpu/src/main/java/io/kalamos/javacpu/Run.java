package io.kalamos.javacpu;

import io.kalamos.engine.Batch;
import io.kalamos.engine.ShapeException;
import io.kalamos.engine.Tensor;
import java.util.HashMap;
import java.util.Map;

/// What differs from run to run: the rows, the counter of the random numbers, the bound data.
final class Run {
  final long seed;
  int[] rows;
  int from;
  int step;
  private final Map<String, Binding> bindings = new HashMap<>();

  Run(long seed) {
    this.seed = seed;
  }

  /// The data of an input, empty until it is bound.
  static final class Binding {
    final Batch input;
    Tensor data;

    private Binding(Batch input) {
      this.input = input;
    }

    /// Names a tensor to pick rows from.
    void bind(Tensor data) {
      boolean fits =
          data.dtype() == input.dtype()
              && data.shape().rank() == input.shape().rank()
              && data.shape().rank() > 0
              && data.shape().with(0, input.shape().dim(0)).equals(input.shape());
      if (!fits) {
        throw new ShapeException(
            "input "
                + input.name()
                + ": expected rows of "
                + input.dtype()
                + input.shape().slice(1, input.shape().rank())
                + ", received data="
                + data
                + ". Reshape or convert the data.");
      }
      this.data = data;
    }

    /// The row of the data that row `index` of the batch is, checked.
    int row(Run run, int index) {
      int row = run.rows[run.from + index];
      if (row < 0 || row >= data.shape().dim(0)) {
        throw new IndexOutOfBoundsException(
            "input "
                + input.name()
                + ": expected rows 0 to "
                + (data.shape().dim(0) - 1)
                + " of the data "
                + data
                + ", received row="
                + row
                + ". Pick rows that exist.");
      }
      return row;
    }
  }

  Binding binding(Batch input) {
    return bindings.computeIfAbsent(input.name(), name -> new Binding(input));
  }

  Map<String, Binding> bindings() {
    return bindings;
  }
}
