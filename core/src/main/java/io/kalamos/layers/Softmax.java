package io.kalamos.layers;

import io.kalamos.activations.Activations;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// exp(x) / sum(exp(x)) along the axis, or over all places of several axes. A second input says
/// with 1 and 0 which places count, and so does a mask of time steps; the others become 0.
///
/// Keras class `Softmax`.
///
/// @param axis counted with the batch as axis 0; the last by default
public record Softmax(Optional<String> name, List<Integer> axis) implements Layer {
  /// What places that do not count have before the softmax, as in Keras.
  private static final double NEVER = -1e9;

  public Softmax {
    name.ifPresent(n -> Options.name("Softmax", n));
    axis = List.copyOf(axis);
    if (axis.isEmpty()) {
      throw Refusal.of("Softmax", "one axis or more", "axis", axis, "The last one is -1.");
    }
  }

  public static Softmax of() {
    return new Softmax(Optional.empty(), List.of(-1));
  }

  @Override
  public Softmax named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public Softmax axis(int... axis) {
    return Vary.of(this, "axis", IntStream.of(axis).boxed().toList());
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    List<Integer> along = Axes.behindBatch(call, x.shape(), axis);
    Optional<Node> counts = counts(call, x.shape());
    Node steered = counts.map(c -> Ops.select(c, x, Ops.like(x, NEVER))).orElse(x);
    Node y = softmax(steered, along);
    return counts.map(c -> Ops.select(c, y, Ops.like(y, 0))).orElse(y);
  }

  /// The axes go behind the others, as one row.
  private static Node softmax(Node x, List<Integer> along) {
    Shape shape = x.shape();
    Integer[] order = Axes.last(shape.rank(), along);
    Node moved = Axes.transposed(x, order);
    int kept = shape.rank() - along.size();
    Shape rows =
        moved
            .shape()
            .slice(0, kept)
            .append(Math.toIntExact(moved.shape().product(kept, shape.rank())));
    Node y = Precise.apply(Activations.SOFTMAX, Ops.reshape(moved, rows));
    return Axes.transposed(Ops.reshape(y, moved.shape()), Axes.inverse(order));
  }

  private static Optional<Node> counts(Call call, Shape shape) {
    if (call.inputs().size() > 2) {
      throw call.rejects("one input, or one and its mask", shape, "Give no more than two inputs.");
    }
    Optional<Node> mask =
        call.inputs().size() == 2 ? Optional.of(call.inputs().get(1)) : call.mask(0);
    return mask.map(
        m -> {
          boolean fits = m.shape().rank() <= shape.rank();
          for (int i = 1; fits && i <= m.shape().rank(); i++) {
            fits = m.shape().dim(-i) == 1 || m.shape().dim(-i) == shape.dim(-i);
          }
          if (!fits) {
            throw call.rejects(
                "a mask that repeats to " + Merging.open(shape), m.shape(), "Reshape the mask.");
          }
          return Ops.greater(Ops.cast(m, DType.FLOAT32), 0.5);
        });
  }
}
