package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.List;
import java.util.Optional;

/// The sums of products of two inputs along an axis of each: (batch, a, n) and (batch, n, b) with
/// axes 2 and 1 become (batch, a, b); two vectors (batch, n) become (batch, 1).
///
/// No mask leads further. Keras class `Dot`.
///
/// @param axes one for both inputs, or one for each, counted with the batch as axis 0
/// @param normalize whether vectors have length 1 first, so that the results are cosines
public record Dot(Optional<String> name, List<Integer> axes, boolean normalize) implements Layer {
  public Dot {
    name.ifPresent(n -> Options.name("Dot", n));
    axes = List.copyOf(axes);
    if (axes.size() != 2 || axes.contains(0)) {
      throw Refusal.of(
          "Dot",
          "an axis behind the batch for each of two inputs",
          "axes",
          axes,
          "Name two axes, such as Dot.of(2, 1).");
    }
  }

  public static Dot of(int both) {
    return of(both, both);
  }

  public static Dot of(int first, int second) {
    return new Dot(Optional.empty(), List.of(first, second), false);
  }

  @Override
  public Dot named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public Dot normalize(boolean normalize) {
    return Vary.of(this, "normalize", normalize);
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    List<Node> inputs = Merging.two(call, call.inputs());
    Node a = lastly(call, inputs.get(0), axes.get(0));
    Node b = lastly(call, inputs.get(1), axes.get(1));
    Shape left = a.shape();
    Shape right = b.shape();
    if (left.dim(-1) != right.dim(-1)) {
      throw call.rejects(
          "the size " + left.dim(-1) + " along axis " + axes.get(1) + " as in the first input",
          inputs.get(1).shape(),
          "Choose axes of one size.");
    }
    Node product = Ops.matmul(matrices(a), matrices(b), false, true);
    Shape kept = left.slice(0, left.rank() - 1);
    for (int axis = 1; axis < right.rank() - 1; axis++) {
      kept = kept.append(right.dim(axis));
    }
    return Ops.reshape(product, kept.rank() == 1 ? kept.append(1) : kept);
  }

  /// The axis behind the others, its vectors of length 1 if so asked.
  private Node lastly(Call call, Node x, int axis) {
    int rank = x.shape().rank();
    Node moved =
        Axes.transposed(x, Axes.last(rank, Axes.behindBatch(call, x.shape(), List.of(axis))));
    if (!normalize) {
      return moved;
    }
    Node square = Ops.sumLast(Ops.square(moved));
    return Ops.multiply(moved, Ops.rsqrt(Ops.maximum(square, 1e-24)));
  }

  /// (batch, vectors, size).
  private static Node matrices(Node x) {
    Shape shape = x.shape();
    int vectors = Math.toIntExact(shape.product(1, shape.rank() - 1));
    return Ops.reshape(x, Shape.of(shape.dim(0), vectors, shape.dim(-1)));
  }
}
