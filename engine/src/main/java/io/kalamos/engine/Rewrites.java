package io.kalamos.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/// The rewrite tables: one rule a row.
public final class Rewrites {
  private Rewrites() {}

  /// Before gradients are taken: what changes which values the backward pass needs.
  public static final List<Rule> FORWARD =
      List.of(
          new Rule(
              "relu behind the pool",
              "max(relu(x)) = relu(max(x)), a quarter of the work",
              (node, uses) -> {
                boolean movable =
                    node.op() instanceof MaxPool2D
                        && node.input(0).op() == Unary.RELU
                        && uses.applyAsInt(node.input(0)) == 1;
                return movable ? Ops.relu(Node.of(node.op(), node.input(0).input(0))) : null;
              }),
          new Rule(
              "pooled convolution of one channel",
              "max(cast(x)) = cast(max(x)); products of one channel gain nothing in bfloat16",
              (node, uses) -> widenedPool(node)),
          new Rule(
              "relu before the cast",
              "relu(cast(x)) = cast(relu(x))",
              (node, uses) -> {
                boolean pooled =
                    node.op() == Unary.RELU
                        && node.input(0).op() instanceof Cast
                        && node.input(0).input(0).op() instanceof MaxPool2D;
                return pooled ? Ops.cast(Ops.relu(node.input(0).input(0)), node.dtype()) : null;
              }));

  /// The pooling over a convolution and its bias in float32, if they are bfloat16 and of one
  /// channel.
  private static Node widenedPool(Node node) {
    boolean convolution =
        node.op() instanceof MaxPool2D
            && node.dtype() == DType.BFLOAT16
            && node.input(0).op() == Binary.ADD
            && node.input(0).input(0).op() instanceof Convolution2D op
            && op.groups() == 1
            && node.input(0).input(0).input(0).shape().dim(3) == 1;
    if (!convolution) {
      return null;
    }
    Node sum = node.input(0);
    Node product = sum.input(0);
    Node kernel = precise(product.input(1));
    Node bias = precise(sum.input(1));
    Node wide = Node.of(product.op(), Ops.cast(product.input(0), DType.FLOAT32), kernel);
    return Ops.cast(Node.of(node.op(), Ops.add(wide, bias)), DType.BFLOAT16);
  }

  /// A value in float32: as it was before it was rounded, where that is known.
  public static Node precise(Node value) {
    boolean rounded = value.op() instanceof Cast && value.input(0).dtype() == DType.FLOAT32;
    return rounded ? value.input(0) : Ops.cast(value, DType.FLOAT32);
  }

  /// After gradients: algebra.
  public static final List<Rule> ALGEBRA =
      List.of(
          new Rule("add zero", "x + 0 = x", (node, uses) -> neutral(node, Binary.ADD, 0)),
          new Rule("subtract zero", "x - 0 = x", (node, uses) -> neutral(node, Binary.SUBTRACT, 0)),
          new Rule("times one", "x * 1 = x", (node, uses) -> neutral(node, Binary.MULTIPLY, 1)),
          new Rule("divide by one", "x / 1 = x", (node, uses) -> neutral(node, Binary.DIVIDE, 1)),
          new Rule(
              "divide by a constant",
              "x / c = x * (1/c) where c is a power of two, so that no bit changes",
              (node, uses) -> {
                boolean exact =
                    node.op() == Binary.DIVIDE
                        && node.input(1).op() instanceof Fill fill
                        && Math.abs(Math.getExponent(fill.value())) < 100
                        && Math.abs(fill.value())
                            == Math.scalb(1.0, Math.getExponent(fill.value()));
                return exact
                    ? Ops.multiply(node.input(0), reciprocal((Fill) node.input(1).op()))
                    : null;
              }),
          new Rule("fold constants", "f(c) is a constant", (node, uses) -> fold(node)),
          new Rule(
              "reshape of a reshape",
              "only the last shape counts",
              (node, uses) ->
                  node.op() instanceof Reshaping && node.input(0).op() instanceof Reshaping
                      ? Ops.reshape(node.input(0).input(0), node.shape())
                      : null),
          new Rule(
              "reshape to itself",
              "reshape(x, shape of x) = x",
              (node, uses) ->
                  node.op() instanceof Reshaping && node.shape().equals(node.input(0).shape())
                      ? node.input(0)
                      : null),
          new Rule(
              "repetition inside arithmetic",
              "f(x, broadcast y) = f(x, y), which repeats y by itself",
              (node, uses) -> unrepeated(node)),
          new Rule(
              "pooling keeps sums",
              "sum over pixels of a max pooling's gradient = the same of its upstream gradient",
              (node, uses) -> {
                boolean overPixels =
                    node.op() instanceof Reduce reduce
                        && reduce.kind() == Reduce.Kind.SUM
                        && reduce.axes().equals(List.of(0, 1, 2))
                        && node.input(0).op() instanceof MaxPool2DGradient;
                return overPixels ? Node.of(node.op(), node.input(0).input(2)) : null;
              }),
          new Rule(
              "constants have any shape",
              "reshape(c) = broadcast(c) = c in the new shape",
              (node, uses) ->
                  (node.op() instanceof Reshaping || node.op() instanceof BroadcastTo)
                          && node.input(0).op() instanceof Fill fill
                      ? Ops.fill(fill.value(), node.shape(), node.dtype())
                      : null),
          new Rule(
              "slice of everything",
              "slice(x) = x where it has the shape of x",
              (node, uses) ->
                  node.op() instanceof Slice && node.shape().equals(node.input(0).shape())
                      ? node.input(0)
                      : null),
          new Rule(
              "slice of a slice", "one slice", (node, uses) -> Rearrangements.sliceOfSlice(node)),
          new Rule(
              "slice of a reshaped slice",
              "one slice, where the reshape drops axes of size 1",
              (node, uses) -> Rearrangements.sliceOfReshapedSlice(node)),
          new Rule(
              "slice of a concatenation",
              "slice(concatenate(a, b)) = slice(a) where it lies within a",
              (node, uses) -> Rearrangements.sliceOfConcatenation(node)),
          new Rule(
              "pad of nothing",
              "pad(x) = x where it has the shape of x",
              (node, uses) ->
                  node.op() instanceof Pad && node.shape().equals(node.input(0).shape())
                      ? node.input(0)
                      : null),
          new Rule(
              "concatenation of one",
              "concatenate(x) = x",
              (node, uses) ->
                  node.op() instanceof Concatenation && node.inputs().size() == 1
                      ? node.input(0)
                      : null),
          new Rule(
              "neighbouring slices",
              "concatenate(x[a:b], x[b:c]) = x[a:c]",
              (node, uses) -> Rearrangements.neighbouringSlices(node)),
          new Rule(
              "product with zeros",
              "0 b = 0: the first step of a recurrent layer",
              (node, uses) ->
                  node.op() instanceof MatMul product
                          && product.epilogue().equals(Epilogue.NONE)
                          && isFill(node.input(0), 0)
                      ? Ops.fill(0, node.shape(), node.dtype())
                      : null));

  /// Before the plan: composed functions are written out, products take in bias and activation.
  public static final List<Rule> LOWERING =
      List.of(
          new Rule(
              "expand softmax",
              "exp(x - max) / sum(exp(x - max))",
              (node, uses) ->
                  node.op() instanceof RowSoftmax ? RowSoftmax.expand(node.input(0)) : null),
          new Rule(
              "expand log softmax",
              "x - max - log(sum(exp(x - max)))",
              (node, uses) ->
                  node.op() instanceof RowLogSoftmax ? RowLogSoftmax.expand(node.input(0)) : null),
          new Rule(
              "slice of a sum",
              "(a + b)[i] = a[i] + b[i], added where the slice is used",
              (node, uses) -> Rearrangements.sliceOfSum(node)),
          new Rule(
              "scale into the product",
              "(xW + b) s = x(W s) + b s, as in a normalisation by statistics that are known",
              Scaling::intoProduct),
          new Rule("bias into the product", "xW + b in one pass", Rewrites::bias),
          new Rule("relu into the product", "relu(xW + b) in one pass", Rewrites::activation));

  private static double reciprocal(Fill fill) {
    return 1 / fill.value();
  }

  private static Node neutral(Node node, Binary op, double value) {
    if (node.op() != op) {
      return null;
    }
    if (isFill(node.input(1), value) && node.shape().equals(node.input(0).shape())) {
      return node.input(0);
    }
    boolean left =
        op.commutative()
            && isFill(node.input(0), value)
            && node.shape().equals(node.input(1).shape());
    return left ? node.input(1) : null;
  }

  private static boolean isFill(Node node, double value) {
    return node.op() instanceof Fill fill && fill.value() == value;
  }

  private static Node unrepeated(Node node) {
    boolean arithmetic = node.op() instanceof Binary || node.op() instanceof Select;
    for (int i = 0; arithmetic && i < node.inputs().size(); i++) {
      if (node.input(i).op() instanceof BroadcastTo) {
        List<Node> inputs = new ArrayList<>(node.inputs());
        inputs.set(i, node.input(i).input(0));
        if (node.op().shape(inputs).equals(node.shape())) {
          return Node.of(node.op(), inputs);
        }
      }
    }
    return null;
  }

  private static Node fold(Node node) {
    return switch (node.op()) {
      case Unary f when node.input(0).op() instanceof Fill x ->
          Ops.fill(f.apply(x.value()), node.shape(), node.dtype());
      case Binary f
          when node.input(0).op() instanceof Fill a && node.input(1).op() instanceof Fill b ->
          Ops.fill(f.apply(a.value(), b.value()), node.shape(), node.dtype());
      case Cast _ when node.input(0).op() instanceof Fill x && node.dtype().floating() ->
          Ops.fill(x.value(), node.shape(), node.dtype());
      default -> null;
    };
  }

  private static Node bias(Node node, ToIntFunction<Node> uses) {
    if (node.op() != Binary.ADD) {
      return null;
    }
    Node product = node.input(0);
    Node bias = node.input(1);
    Epilogue epilogue = epilogue(product).orElse(null);
    boolean fits =
        epilogue != null
            && epilogue.activation().isEmpty()
            && uses.applyAsInt(product) == 1
            && ofChannels(bias, product);
    if (!fits) {
      return null;
    }
    Node sum = epilogue.bias() ? Ops.add(product.input(2), bias) : bias;
    return withOperands(
        product, Epilogue.NONE.withBias(), List.of(product.input(0), product.input(1), sum));
  }

  /// Whether a value holds a number for each channel, or column, of a product.
  static boolean ofChannels(Node value, Node product) {
    return value.shape().rank() == 1 && value.shape().dim(0) == product.shape().dim(-1);
  }

  private static Node activation(Node node, ToIntFunction<Node> uses) {
    if (node.op() != Unary.RELU || uses.applyAsInt(node.input(0)) != 1) {
      return null;
    }
    Node product = node.input(0);
    return epilogue(product)
        .filter(epilogue -> epilogue.activation().isEmpty())
        .map(epilogue -> withOperands(product, epilogue.then(Unary.RELU), product.inputs()))
        .orElse(null);
  }

  /// What a product does at last; empty where it is none, or none that could do more.
  static Optional<Epilogue> epilogue(Node node) {
    return switch (node.op()) {
      case MatMul product when product.byWeights() -> Optional.empty(); // it gives addends
      case MatMul product -> Optional.of(product.epilogue());
      case Convolution2D product -> Optional.of(product.epilogue());
      default -> Optional.empty();
    };
  }

  static Node withOperands(Node product, Epilogue epilogue, List<Node> operands) {
    Op op =
        product.op() instanceof MatMul matmul
            ? matmul.with(epilogue)
            : new Convolution2D(
                ((Convolution2D) product.op()).window(),
                ((Convolution2D) product.op()).groups(),
                epilogue);
    return Node.of(op, operands);
  }
}
