package io.kalamos.constraints;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;
import java.util.List;

/// The lengths of a weight's vectors.
final class Norms {
  /// Added to lengths before dividing; Keras's `epsilon()`.
  private static final double EPSILON = 1e-7;

  private Norms() {}

  /// The root of the sum of squares along axes, which stay with size 1; negative axes count from
  /// the end.
  static Node of(String where, Node weight, List<Integer> axis) {
    int rank = weight.shape().rank();
    Integer[] axes = axis.stream().map(a -> a < 0 ? a + rank : a).toArray(Integer[]::new);
    for (int i = 0; i < axes.length; i++) {
      if (axes[i] < 0 || axes[i] >= rank) {
        throw Refusal.of(
            where,
            "axes of a weight of shape " + weight.shape(),
            "axis",
            axis,
            "Use 0 for a dense kernel (inputs, units), and 0, 1, 2 for a kernel of a 2D"
                + " convolution.");
      }
    }
    return Ops.sqrt(Ops.sum(Ops.square(weight), axes));
  }

  /// The weight with its vectors brought from the lengths `norms` to `wanted`.
  static Node scaled(Node weight, Node norms, Node wanted) {
    return Ops.multiply(weight, Ops.divide(wanted, Ops.add(norms, EPSILON)));
  }

  /// The weight divided by its lengths.
  static Node unit(Node weight, Node norms) {
    return Ops.divide(weight, Ops.add(norms, EPSILON));
  }

  static List<Integer> checked(String where, List<Integer> axis) {
    if (axis.isEmpty() || axis.stream().distinct().count() != axis.size()) {
      throw Refusal.of(where, "one or more axes, each once", "axis", axis, "Keras's default is 0.");
    }
    return List.copyOf(axis);
  }
}
