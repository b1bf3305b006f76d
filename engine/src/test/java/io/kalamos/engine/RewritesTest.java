package io.kalamos.engine;

import static io.kalamos.engine.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// One row of each rewrite table at a time: what the rule makes of a graph, in words. That results
/// stay equal is tested where there is a backend to compute them.
class RewritesTest {
  private static final Node X = Node.of(new Batch("x", Shape.of(2, 4, 4, 3), DType.FLOAT32));
  private static final Node M = Node.of(new Batch("m", Shape.of(2, 3), DType.FLOAT32));
  private static final Node W = parameter("w", 3, 5);
  private static final Node MANY =
      Node.of(new Batch("many", Shape.of(8, W.shape().dim(0)), DType.FLOAT32));
  private static final Node BIAS = parameter("b", 5);
  private static final Node KERNEL = parameter("k", 3, 3, 3, 5);

  private static Node parameter(String path, int... sizes) {
    return Ops.parameter(new Variable(path, Tensor.zeros(DType.FLOAT32, Shape.of(sizes)), true));
  }

  @TestFactory
  Stream<DynamicTest> forward() {
    Window pool = Window.valid(2, 2, 2, 2);
    return Stream.of(
        rule(
            Rewrites.FORWARD,
            "relu behind the pool",
            maxPool2d(relu(X), pool),
            "relu(MaxPool2D 2x2 stride 2x2(Input x))"),
        rule(
            Rewrites.FORWARD,
            "relu behind the pool, not where relu is used elsewhere",
            usedTwice(relu(X), pool),
            "add(Reshape(Reduce sum[0, 1, 2, 3](MaxPool2D 2x2 stride 2x2(relu(Input x)))),"
                + " Reshape(Reduce sum[0, 1, 2, 3](relu(Input x))))"),
        rule(
            Rewrites.FORWARD,
            "pooled convolution of one channel",
            maxPool2d(relu(narrowConvolution(1)), pool),
            "Cast bfloat16(relu(MaxPool2D 2x2 stride 2x2(add(Conv2D 1x1(Cast float32(Cast"
                + " bfloat16(Input x)), Parameter kernel), Parameter bias))))"),
        rule(
            Rewrites.FORWARD,
            "pooled convolution, not of two channels",
            maxPool2d(narrowConvolution(2), pool),
            "MaxPool2D 2x2 stride 2x2(add(Conv2D 1x1(Cast bfloat16(Input x), Cast"
                + " bfloat16(Parameter kernel)), Cast bfloat16(Parameter bias)))"));
  }

  private static Node narrowConvolution(int channels) {
    Node x = Node.of(new Batch("x", Shape.of(2, 4, 4, channels), DType.FLOAT32));
    Node kernel = parameter("kernel", 1, 1, channels, 3);
    Node product =
        conv2d(cast(x, DType.BFLOAT16), cast(kernel, DType.BFLOAT16), Window.valid(1, 1, 1, 1), 1);
    return add(product, cast(parameter("bias", 3), DType.BFLOAT16));
  }

  private static Node usedTwice(Node relu, Window pool) {
    return add(sumAll(maxPool2d(relu, pool)), sumAll(relu));
  }

  @TestFactory
  Stream<DynamicTest> algebra() {
    return Stream.of(
        rule(Rewrites.ALGEBRA, "add zero", add(M, 0), "Input m"),
        rule(Rewrites.ALGEBRA, "zero first", add(like(M, 0), M), "Input m"),
        rule(
            Rewrites.ALGEBRA,
            "add zero, not where it repeats",
            add(parameter("s"), fill(0, Shape.of(2), DType.FLOAT32)),
            "add(Parameter s, Fill 0.0)"),
        rule(Rewrites.ALGEBRA, "subtract zero", subtract(M, 0), "Input m"),
        rule(Rewrites.ALGEBRA, "subtract from zero", subtract(0, M), "subtract(Fill 0.0, Input m)"),
        rule(Rewrites.ALGEBRA, "times one", multiply(M, 1), "Input m"),
        rule(Rewrites.ALGEBRA, "divide by one", divide(M, 1), "Input m"),
        rule(
            Rewrites.ALGEBRA,
            "divide by a power of two",
            divide(M, 4),
            "multiply(Input m, Fill 0.25)"),
        rule(Rewrites.ALGEBRA, "divide by three", divide(M, 3), "divide(Input m, Fill 3.0)"),
        rule(Rewrites.ALGEBRA, "fold a function", exp(like(M, 0)), "Fill 1.0"),
        rule(Rewrites.ALGEBRA, "fold two", add(like(M, 2), 3), "Fill 5.0"),
        rule(Rewrites.ALGEBRA, "fold a cast", cast(like(M, 2), DType.FLOAT64), "Fill 2.0"),
        rule(
            Rewrites.ALGEBRA,
            "reshape of a reshape",
            reshape(reshape(M, Shape.of(6)), Shape.of(3, 2)),
            "Reshape(Input m)"),
        rule(
            Rewrites.ALGEBRA, "reshape to itself", Node.of(new Reshaping(M.shape()), M), "Input m"),
        rule(
            Rewrites.ALGEBRA,
            "repetition inside arithmetic",
            add(M, broadcastTo(parameter("s"), M.shape())),
            "add(Input m, Parameter s)"),
        rule(
            Rewrites.ALGEBRA,
            "repetition, not where it makes the shape",
            add(parameter("s"), broadcastTo(parameter("t"), M.shape())),
            "add(Parameter s, BroadcastTo(Parameter t))"),
        rule(
            Rewrites.ALGEBRA,
            "pooling keeps sums",
            sum(poolGradient(), 0, 1, 2),
            "Reduce sum[0, 1, 2](Parameter up)"),
        rule(
            Rewrites.ALGEBRA,
            "constants have any shape",
            broadcastTo(like(M, 2), Shape.of(7)),
            "Fill 2.0"),
        rule(
            Rewrites.ALGEBRA,
            "slice of everything",
            Node.of(new Slice(List.of(0, 0), List.of(2, 3)), M),
            "Input m"),
        rule(
            Rewrites.ALGEBRA,
            "slice of a slice",
            slice(slice(X, 1, 1, 4), 1, 1, 3),
            "Slice [0, 2, 0, 0] to [2, 4, 4, 3](Input x)"),
        rule(
            Rewrites.ALGEBRA,
            "slice of a concatenation",
            slice(concatenate(1, M, parameter("p", 2, 4)), 1, 4, 6),
            "Slice [0, 1] to [2, 3](Parameter p)"),
        rule(
            Rewrites.ALGEBRA,
            "slice of a concatenation, a whole part",
            slice(concatenate(1, parameter("p", 2, 4), M), 1, 4, 7),
            "Input m"),
        rule(
            Rewrites.ALGEBRA,
            "slice of a concatenation, not across parts",
            slice(concatenate(1, M, parameter("p", 2, 4)), 1, 2, 4),
            "Slice [0, 2] to [2, 4](Concatenation [1](Input m, Parameter p))"),
        rule(
            Rewrites.ALGEBRA,
            "pad of nothing",
            Node.of(new Pad(List.of(0, 0), List.of(0, 0)), M),
            "Input m"),
        rule(Rewrites.ALGEBRA, "concatenation of one", Node.of(new Concatenation(0), M), "Input m"),
        rule(Rewrites.ALGEBRA, "neighbouring slices", concatenate(1, split(X, 1, 4)), "Input x"),
        rule(
            Rewrites.ALGEBRA,
            "neighbouring slices, not turned round",
            reverse(M, 1),
            "Concatenation [1](Slice [0, 2] to [2, 3](Input m), Slice [0, 1] to [2, 2](Input m),"
                + " Slice [0, 0] to [2, 1](Input m))"),
        rule(Rewrites.ALGEBRA, "product with zeros", matmul(zeros(M, 3), W), "Fill 0.0"));
  }

  private static Node zeros(Node x, int columns) {
    return fill(0, Shape.of(x.shape().dim(0), columns), x.dtype());
  }

  private static Node poolGradient() {
    Node pooled = maxPool2d(X, Window.valid(2, 2, 2, 2));
    Node upstream = parameter("up", 2, 2, 2, 3);
    return Node.of(new MaxPool2DGradient(Window.valid(2, 2, 2, 2)), X, pooled, upstream);
  }

  @TestFactory
  Stream<DynamicTest> lowering() {
    Window window = Window.valid(3, 3, 1, 1);
    return Stream.of(
        rule(
            Rewrites.LOWERING,
            "expand softmax",
            softmax(M),
            "divide(exp(subtract(Input m, Reduce max[1](Input m))),"
                + " Reduce sum[1](exp(subtract(Input m, Reduce max[1](Input m)))))"),
        rule(
            Rewrites.LOWERING,
            "expand log softmax",
            logSoftmax(M),
            "subtract(subtract(Input m, Reduce max[1](Input m)),"
                + " log(Reduce sum[1](exp(subtract(Input m, Reduce max[1](Input m))))))"),
        rule(
            Rewrites.LOWERING,
            "bias into the product",
            add(matmul(M, W), BIAS),
            "MatMul+bias(Input m, Parameter w, Parameter b)"),
        rule(
            Rewrites.LOWERING,
            "bias and relu into the product",
            relu(add(matmul(M, W), BIAS)),
            "MatMul+bias+relu(Input m, Parameter w, Parameter b)"),
        rule(
            Rewrites.LOWERING,
            "scale into the product",
            multiply(matmul(MANY, W), BIAS),
            "MatMul(Input many, multiply(Parameter w, Parameter b))"),
        rule(
            Rewrites.LOWERING,
            "normalisation into the product",
            relu(add(multiply(add(matmul(MANY, W), BIAS), exp(BIAS)), BIAS)),
            "MatMul+bias+relu(Input many, multiply(Parameter w, exp(Parameter b)),"
                + " add(multiply(Parameter b, exp(Parameter b)), Parameter b))"),
        rule(
            Rewrites.LOWERING,
            "scale into the product, not where the weights are more",
            multiply(matmul(M, W), BIAS),
            "multiply(MatMul(Input m, Parameter w), Parameter b)"),
        rule(
            Rewrites.LOWERING,
            "scale into the product, not what depends on the data",
            multiply(matmul(MANY, W), Node.of(new Batch("s", Shape.of(5), DType.FLOAT32))),
            "multiply(MatMul(Input many, Parameter w), Input s)"),
        rule(
            Rewrites.LOWERING,
            "relu into the convolution",
            relu(conv2d(X, KERNEL, window, 1)),
            "Conv2D 3x3+relu(Input x, Parameter k)"));
  }

  @Test
  void equalNodesBecomeOne() {
    Graph graph = Graph.of("y", add(exp(M), exp(M)));
    Node y = Rewriter.apply(Rewrites.ALGEBRA, graph).outputs().get("y");
    assertEquals(y.input(0), y.input(1));
  }

  private static DynamicTest rule(List<Rule> table, String name, Node before, String after) {
    return dynamicTest(
        name,
        () -> {
          Graph rewritten = Rewriter.apply(table, Graph.of("y", before));
          assertEquals(List.of(), Verifier.problems(rewritten));
          Node y = rewritten.outputs().get("y");
          assertEquals(before.shape(), y.shape());
          assertEquals(before.dtype(), y.dtype());
          assertEquals(after, words(y));
        });
  }

  private static String words(Node node) {
    if (node.inputs().isEmpty()) {
      return node.op().label();
    }
    return node.op().label()
        + node.inputs().stream()
            .map(RewritesTest::words)
            .collect(Collectors.joining(", ", "(", ")"));
  }
}
