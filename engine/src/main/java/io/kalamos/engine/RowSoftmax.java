package io.kalamos.engine;

import static io.kalamos.engine.Ops.*;

import java.util.List;

/// exp(x) / sum(exp(x)) along the last axis.
///
/// It stays one op until the plan is made, so that a loss can find the logits below it and use the
/// stable form.
public record RowSoftmax() implements Op {
  @Override
  public Shape shape(List<Node> inputs) {
    return inputs.getFirst().shape();
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    Node weighted = multiply(upstream, self);
    return List.of(subtract(weighted, multiply(self, sumLast(weighted))));
  }

  /// The definition in simpler ops.
  public static Node expand(Node x) {
    Node exp = exp(subtract(x, maxLast(x)));
    return divide(exp, sumLast(exp));
  }

  @Override
  public String label() {
    return "Softmax";
  }
}
