package io.kalamos.data;

import io.kalamos.engine.Tensor;
import java.util.List;

/// The rows of tensors that lie in memory.
record Rows(Element tensors, String label) implements Stage {
  @Override
  public Pass open(long epoch) {
    return new IndexPass(cardinality(), row -> row(Math.toIntExact(row)));
  }

  private Pending row(int row) {
    return new Pending() {
      @Override
      public Element make() {
        return tensors.row(row);
      }

      @Override
      public boolean copyTo(Element batch, int to) {
        return tensors.copyRow(row, batch, to);
      }
    };
  }

  @Override
  public long cardinality() {
    Tensor first = tensors.input();
    return first.shape().dim(0);
  }

  @Override
  public List<Stage> sources() {
    return List.of();
  }
}
