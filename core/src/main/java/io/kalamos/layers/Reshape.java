package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.Refusal;
import java.util.Optional;

/// The same numbers of each sample under another shape: (batch, ...) becomes (batch,
/// targetShape...).
///
/// Keras class `Reshape`.
///
/// @param targetShape without the batch; one size may be -1 and is what remains
public record Reshape(Optional<String> name, Shape targetShape) implements Layer {
  public Reshape {
    name.ifPresent(n -> Options.name("Reshape", n));
    int open = 0;
    for (int size : targetShape.toArray()) {
      open += size == Shape.OPEN ? 1 : 0;
      if (size == 0 || open > 1) {
        throw Refusal.of(
            "Reshape",
            "positive sizes and at most one -1",
            "targetShape",
            targetShape,
            "Name the sizes of one sample, without the batch.");
      }
    }
  }

  public static Reshape of(int... sizes) {
    return new Reshape(Optional.empty(), Shape.of(sizes));
  }

  @Override
  public Reshape named(String name) {
    return new Reshape(Optional.of(name), targetShape);
  }

  @Override
  public Node call(Call call, Node x) {
    long row = x.shape().rowSize();
    long known = 1;
    int open = -1;
    for (int axis = 0; axis < targetShape.rank(); axis++) {
      if (targetShape.dim(axis) == Shape.OPEN) {
        open = axis;
      } else {
        known *= targetShape.dim(axis);
      }
    }
    if (open < 0 ? known != row : row % known != 0) {
      throw call.rejects(
          "samples of "
              + (open < 0 ? known + " numbers" : "a multiple of " + known + " numbers")
              + " for targetShape="
              + targetShape,
          x.shape(),
          "Keep the number of elements of a sample.");
    }
    Shape shape = open < 0 ? targetShape : targetShape.with(open, Math.toIntExact(row / known));
    return Ops.reshape(x, shape.prepend(x.shape().dim(0)));
  }
}
