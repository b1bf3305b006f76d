package io.kalamos.engine;

import java.util.List;
import java.util.function.ToIntFunction;

/// Numbers by which the channels of a product are multiplied become part of its weights, where they
/// don't depend on the data: the weights are multiplied instead, of which there are fewer.
final class Scaling {
  /// Nodes that are looked at: a normalisation's scale has fewer.
  private static final int MOST_NODES = 32;

  private int looked;

  private Scaling() {}

  static Node intoProduct(Node node, ToIntFunction<Node> uses) {
    if (node.op() != Binary.MULTIPLY) {
      return null;
    }
    Node product = node.input(0);
    Node scale = node.input(1);
    Epilogue epilogue = Rewrites.epilogue(product).orElse(null);
    boolean fits =
        epilogue != null
            && epilogue.activation().isEmpty()
            && !(product.op() instanceof MatMul matmul && matmul.transposeB())
            && node.dtype() == product.dtype()
            && uses.applyAsInt(product) == 1
            && Rewrites.ofChannels(scale, product)
            && product.input(1).shape().size() < product.shape().size()
            && new Scaling().known(product.input(1))
            && new Scaling().known(scale);
    if (!fits) {
      return null;
    }
    Node x = product.input(0);
    Node weights = Ops.multiply(product.input(1), scale);
    List<Node> operands =
        epilogue.bias()
            ? List.of(x, weights, Ops.multiply(product.input(2), scale))
            : List.of(x, weights);
    return Rewrites.withOperands(product, epilogue, operands);
  }

  /// Whether a value is made of weights and constants alone.
  private boolean known(Node node) {
    if (++looked > MOST_NODES) {
      return false;
    }
    return switch (node.op()) {
      case Parameter _, Fill _, Literal _ -> true;
      case Op.Leaf _ -> false;
      case Op _ -> node.inputs().stream().allMatch(this::known);
    };
  }
}
