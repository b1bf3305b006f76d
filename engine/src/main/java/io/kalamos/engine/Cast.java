package io.kalamos.engine;

import java.util.Collections;
import java.util.List;

/// Converts the element type; no gradient flows into whole numbers.
public record Cast(DType to) implements Op {
  @Override
  public Shape shape(List<Node> inputs) {
    return inputs.getFirst().shape();
  }

  @Override
  public DType dtype(List<Node> inputs) {
    return to;
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    DType from = self.input(0).dtype();
    return Collections.singletonList(from.floating() ? Ops.cast(upstream, from) : null);
  }

  @Override
  public boolean elementwise() {
    return true;
  }

  @Override
  public String label() {
    return "Cast " + to;
  }
}
