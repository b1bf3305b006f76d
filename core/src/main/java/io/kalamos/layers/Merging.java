package io.kalamos.layers;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;

/// What layers with several inputs share: how inputs of different shapes meet, and which time steps
/// of the result count.
final class Merging {
  private Merging() {}

  /// The inputs with as many axes each, 1s behind the batch where one had fewer; the result's mask
  /// is set. An error of the layer where sizes do not fit.
  static List<Node> aligned(Call call) {
    List<Node> inputs = call.inputs();
    int rank = inputs.stream().mapToInt(input -> input.shape().rank()).max().orElseThrow();
    List<Node> aligned = inputs.stream().map(input -> widened(input, rank)).toList();
    Shape common = aligned.getFirst().shape();
    for (int i = 1; i < aligned.size(); i++) {
      Shape shape = aligned.get(i).shape();
      for (int axis = 0; axis < rank; axis++) {
        int have = common.dim(axis);
        int next = shape.dim(axis);
        if (have != next && have != 1 && next != 1) {
          throw call.rejects(
              "inputs whose sizes are equal or 1, as the ones before of " + open(common),
              inputs.get(i).shape(),
              "Reshape one of them, or bring both to one size by a layer.");
        }
        common = common.with(axis, Math.max(have, next));
      }
    }
    mask(call, false, masks -> masks.stream().reduce(Ops::maximum).orElseThrow());
    return aligned;
  }

  private static Node widened(Node x, int rank) {
    Shape shape = x.shape();
    int missing = rank - shape.rank();
    return Ops.reshape(
        x,
        Shape.of(
            IntStream.range(0, rank)
                .map(
                    axis ->
                        axis == 0 ? shape.dim(0) : axis <= missing ? 1 : shape.dim(axis - missing))
                .toArray()));
  }

  /// Two inputs; an error of the layer where there are others.
  static List<Node> two(Call call, List<Node> inputs) {
    if (inputs.size() != 2) {
      throw call.rejects(
          "two inputs, and got " + inputs.size(),
          inputs.getFirst().shape(),
          "Apply it with .on(first, second).");
    }
    return inputs;
  }

  /// The product, to which steps that do not count in an input add no factor; steps that count in
  /// no input become 0 where all have masks.
  static Node product(Call call, List<Node> inputs) {
    Node product = null;
    Optional<Node> counts = Optional.empty();
    int masks = 0;
    for (int i = 0; i < inputs.size(); i++) {
      Node x = inputs.get(i);
      Optional<Node> mine = counts(call, i, x);
      Node factor = mine.map(c -> Ops.select(c, x, Ops.like(x, 1))).orElse(x);
      product = product == null ? factor : Ops.multiply(product, factor);
      masks += mine.isPresent() ? 1 : 0;
      Optional<Node> before = counts;
      counts = mine.map(c -> before.map(b -> Ops.maximum(b, c)).orElse(c)).or(() -> before);
    }
    Node y = product;
    boolean all = masks == inputs.size();
    return all ? counts.map(c -> Ops.select(c, y, Ops.like(y, 0))).orElse(y) : y;
  }

  /// Joins the inputs by an operation in which steps that do not count take no part.
  static Node ofSteps(Call call, List<Node> inputs, BinaryOperator<Node> operation) {
    Node result = inputs.getFirst();
    Optional<Node> counts = counts(call, 0, result);
    for (int i = 1; i < inputs.size(); i++) {
      Node next = inputs.get(i);
      Node before = result;
      Optional<Node> mine = counts(call, i, next);
      Node steered = mine.map(c -> Ops.select(c, next, before)).orElse(next);
      Node kept = counts.map(c -> Ops.select(c, before, steered)).orElse(before);
      counts = counts.flatMap(c -> mine.map(m -> Ops.maximum(c, m)));
      result = operation.apply(kept, steered);
    }
    return result;
  }

  /// The mask of an input, repeated over all that belongs to a step.
  private static Optional<Node> counts(Call call, int input, Node x) {
    return call.mask(input)
        .map(
            mask -> {
              Shape shape = mask.shape();
              while (shape.rank() < x.shape().rank()) {
                shape = shape.append(1);
              }
              return Ops.broadcastTo(Ops.cast(Ops.reshape(mask, shape), x.dtype()), x.shape());
            });
  }

  /// Sets the result's mask from those of the inputs.
  ///
  /// @param complete whether an input without a mask counts everywhere; else there is no mask
  ///   unless all inputs have one
  static void mask(Call call, boolean complete, Function<List<Node>, Node> join) {
    List<Node> masks = new ArrayList<>();
    List<Node> inputs = call.inputs();
    int known = 0;
    for (int i = 0; i < inputs.size(); i++) {
      Optional<Node> mask = call.mask(i);
      known += mask.isPresent() ? 1 : 0;
      if (mask.isEmpty() && complete && inputs.get(i).shape().rank() > 1) {
        mask = Optional.of(Ops.fill(1, inputs.get(i).shape().slice(0, 2), DType.FLOAT32));
      }
      mask.ifPresent(masks::add);
    }
    if (known > 0 && masks.size() == inputs.size()) {
      call.mask(join.apply(masks));
    }
  }

  /// A shape as messages show it.
  static Shape open(Shape shape) {
    return shape.with(0, Shape.OPEN);
  }
}
