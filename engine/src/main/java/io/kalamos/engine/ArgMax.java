package io.kalamos.engine;

import java.util.Collections;
import java.util.List;

/// The index of the greatest element along the last axis (the first of equals), as int32; the axis
/// stays with size 1.
public record ArgMax() implements Op {
  @Override
  public Shape shape(List<Node> inputs) {
    return inputs.getFirst().shape().with(-1, 1);
  }

  @Override
  public DType dtype(List<Node> inputs) {
    return DType.INT32;
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    return Collections.singletonList(null);
  }
}
