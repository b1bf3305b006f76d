package io.kalamos.engine;

import static io.kalamos.engine.Ops.*;

import java.util.List;

/// x - log(sum(exp(x))) along the last axis, without overflow.
public record RowLogSoftmax() implements Op {
  @Override
  public Shape shape(List<Node> inputs) {
    return inputs.getFirst().shape();
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    return List.of(subtract(upstream, multiply(exp(self), sumLast(upstream))));
  }

  /// The definition in simpler ops.
  public static Node expand(Node x) {
    Node shifted = subtract(x, maxLast(x));
    return subtract(shifted, log(sumLast(exp(shifted))));
  }

  @Override
  public String label() {
    return "LogSoftmax";
  }
}
