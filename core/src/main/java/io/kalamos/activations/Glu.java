package io.kalamos.activations;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.ShapeException;
import java.util.List;

/// The first half of an axis times the sigmoid of the second, so that one half opens and closes the
/// other: that axis of the result is half as long (Dauphin et al., 2017); Keras's `glu`.
///
/// @param axis that is halved, negative ones counted from the end; the last by default
public record Glu(int axis) implements ActivationFunction {
  public static Glu of() {
    return new Glu(-1);
  }

  public static Glu of(int axis) {
    return new Glu(axis);
  }

  @Override
  public String name() {
    return "glu";
  }

  @Override
  public Node apply(Node x) {
    int rank = x.shape().rank();
    if (axis < -rank || axis >= rank || x.shape().dim(axis) % 2 != 0) {
      throw new ShapeException(
          "glu: expected an even size along axis "
              + axis
              + ", received x="
              + x.shape()
              + ". Give the layer before it twice the units.");
    }
    List<Node> halves = Ops.split(x, axis, 2);
    return Ops.multiply(halves.getFirst(), Ops.sigmoid(halves.getLast()));
  }
}
