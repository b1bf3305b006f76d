package io.kalamos.engine;

import java.util.List;

/// Sum or maximum over axes, which stay with size 1.
public record Reduce(Kind kind, List<Integer> axes) implements Op {
  public enum Kind {
    SUM,
    MAX
  }

  public Reduce {
    axes = List.copyOf(axes);
  }

  @Override
  public Shape shape(List<Node> inputs) {
    Shape shape = inputs.getFirst().shape();
    for (int axis : axes) {
      if (axis < 0 || axis >= shape.rank()) {
        throw new ShapeException(
            "reduce: expected axes below the rank of "
                + shape
                + ", received axes="
                + axes
                + ". Choose axes that exist.");
      }
      shape = shape.with(axis, 1);
    }
    return shape;
  }

  /// A maximum that several elements reach sends its gradient to each of them in equal shares.
  @Override
  public List<Node> gradient(Node self, Node upstream) {
    Node x = self.input(0);
    return switch (kind) {
      case SUM -> List.of(Ops.broadcastTo(upstream, x.shape()));
      case MAX -> {
        Node hits = Ops.equal(x, self);
        Node share = Ops.divide(upstream, Node.of(new Reduce(Kind.SUM, axes), hits));
        yield List.of(Ops.multiply(hits, share));
      }
    };
  }

  @Override
  public String label() {
    return "Reduce " + kind.name().toLowerCase(java.util.Locale.ROOT) + axes;
  }
}
