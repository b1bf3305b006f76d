package io.kalamos.testkit;

import static io.kalamos.engine.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.Gradients;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Program;
import io.kalamos.engine.Reduce;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import io.kalamos.engine.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every operation that real Keras computed, in our ops on the plain Java backend, in float32.
class GoldenOperationTest {
  private static final double TOLERANCE = 2e-5;

  /// What the engine's ops do not express by themselves: losses and batch normalization belong to
  /// the layers and are tested there.
  private static final List<String> OF_THE_LAYERS = List.of("batch_norm");

  @TestFactory
  Stream<DynamicTest> keras() {
    return Stream.of("ops", "arrangements")
        .flatMap(table -> Golden.operations(table).stream())
        .filter(golden -> !golden.name().startsWith("loss-"))
        .filter(golden -> !OF_THE_LAYERS.contains(golden.op()))
        .map(golden -> dynamicTest(golden.name(), () -> check(golden)));
  }

  private static void check(Golden.Operation golden) {
    List<Node> inputs = new ArrayList<>();
    for (int i = 0; i < golden.inputs().size(); i++) {
      inputs.add(parameter(new Variable("in" + i, tensor(golden.inputs().get(i)), true)));
    }
    Node y = node(golden, inputs);
    LinkedHashMap<String, Node> outputs = new LinkedHashMap<>();
    outputs.put("y", y);
    if (!golden.gradients().isEmpty()) {
      Node seed = constant(tensor(golden.seed().orElseThrow()));
      List<Node> sources = golden.gradients().keySet().stream().map(inputs::get).toList();
      List<Node> gradients = Gradients.of(sumAll(multiply(y, reshape(seed, y.shape()))), sources);
      int n = 0;
      for (int input : golden.gradients().keySet()) {
        outputs.put("grad" + input, gradients.get(n++));
      }
    }
    Graph graph = new Graph(outputs, List.of());
    try (Program program = OpTable.oracle().compile(graph, CompileOptions.seeded(0))) {
      program.run(new int[0], 0, 0);
      compare(golden.name(), golden.outputs().getFirst(), program.output("y"));
      golden
          .gradients()
          .forEach(
              (input, expected) ->
                  compare(
                      golden.name() + " gradient " + input,
                      expected,
                      program.output("grad" + input)));
    }
  }

  private static Node node(Golden.Operation golden, List<Node> in) {
    Node x = in.getFirst();
    return switch (golden.op()) {
      case "relu" -> relu(x);
      case "sigmoid" -> sigmoid(x);
      case "tanh" -> tanh(x);
      case "exp" -> exp(x);
      case "negative" -> neg(x);
      case "square" -> square(x);
      case "abs" -> abs(x);
      case "log" -> log(x);
      case "sqrt" -> sqrt(x);
      case "rsqrt" -> rsqrt(x);
      case "reciprocal" -> divide(1, x);
      case "softmax" -> softmax(x);
      case "log_softmax" -> logSoftmax(x);
      case "add" -> add(x, in.get(1));
      case "subtract" -> subtract(x, in.get(1));
      case "multiply" -> multiply(x, in.get(1));
      case "divide" -> divide(x, in.get(1));
      case "maximum" -> maximum(x, in.get(1));
      case "minimum" -> minimum(x, in.get(1));
      case "matmul" -> matmul(x, in.get(1));
      case "conv2d" -> {
        Shape kernel = in.get(1).shape();
        yield conv2d(
            x,
            in.get(1),
            window(golden, x, kernel.dim(0), kernel.dim(1)),
            (int) golden.config().get("groups").number());
      }
      case "max_pool" -> maxPool2d(x, pool(golden, x));
      case "average_pool" -> averagePool2d(x, pool(golden, x));
      case "global_average_pool" -> mean(x, 1, 2);
      case "sum" -> sum(x, axes(golden, x));
      case "mean" -> mean(x, axes(golden, x));
      case "max" -> Node.of(max(axes(golden, x)), x);
      case "min" -> neg(Node.of(max(axes(golden, x)), neg(x)));
      case "argmax" -> {
        boolean last = axis(golden, x) == x.shape().rank() - 1;
        yield argMax(last ? x : transpose(x, 1, 0));
      }
      case "slice" -> {
        int[] start = ints(golden, "start");
        int[] shape = ints(golden, "shape");
        Node part = x;
        for (int axis = 0; axis < start.length; axis++) {
          part = slice(part, axis, start[axis], start[axis] + shape[axis]);
        }
        yield part;
      }
      case "pad" -> pad(x, ints(golden, "before"), ints(golden, "after"));
      case "concatenate" -> concatenate(number(golden, "axis"), in);
      case "stack" -> stack(number(golden, "axis"), in);
      case "flip" -> reverse(x, number(golden, "axis"));
      case "take" -> gather(x, in.get(1));
      case "conv_transpose" -> widened(golden, x, in.get(1));
      case "depthwise_conv" -> {
        Shape kernel = in.get(1).shape();
        int channels = kernel.dim(2);
        Shape grouped = Shape.of(kernel.dim(0), kernel.dim(1), 1, channels * kernel.dim(3));
        yield conv2d(
            x,
            reshape(in.get(1), grouped),
            window(golden, x, kernel.dim(0), kernel.dim(1)),
            channels);
      }
      case String other -> throw new AssertionError("no op for " + other);
    };
  }

  private static Node widened(Golden.Operation golden, Node x, Node kernel) {
    int[] strides = pair(golden, "strides").orElseThrow();
    int[] dilation = pair(golden, "dilation").orElseThrow();
    Window window =
        Window.valid(kernel.shape().dim(0), kernel.shape().dim(1), strides[0], strides[1])
            .dilated(dilation[0], dilation[1]);
    boolean same = golden.config().get("padding").text().equals("same");
    int height = x.shape().dim(1) * strides[0];
    int width = x.shape().dim(2) * strides[1];
    if (same) {
      return conv2dTranspose(x, kernel, window.same(height, width), height, width);
    }
    int higher = height + Math.max(window.spanHeight() - strides[0], 0);
    int wider = width + Math.max(window.spanWidth() - strides[1], 0);
    return conv2dTranspose(x, kernel, window, higher, wider);
  }

  private static int number(Golden.Operation golden, String key) {
    return (int) golden.config().get(key).number();
  }

  private static int[] ints(Golden.Operation golden, String key) {
    return golden.config().get(key).items().stream().mapToInt(n -> (int) n.number()).toArray();
  }

  private static int axis(Golden.Operation golden, Node x) {
    return Math.floorMod((int) golden.config().get("axis").number(), x.shape().rank());
  }

  private static Reduce max(Integer... axes) {
    return new Reduce(Reduce.Kind.MAX, List.of(axes));
  }

  private static Integer[] axes(Golden.Operation golden, Node x) {
    Json axis = golden.config().get("axis");
    if (axis instanceof Json.Null) {
      return IntStream.range(0, x.shape().rank()).boxed().toArray(Integer[]::new);
    }
    return axis.items().stream()
        .map(a -> Math.floorMod((int) a.number(), x.shape().rank()))
        .toArray(Integer[]::new);
  }

  private static Window pool(Golden.Operation golden, Node x) {
    int[] size = pair(golden, "pool").orElseThrow();
    return window(golden, x, size[0], size[1]);
  }

  private static Window window(Golden.Operation golden, Node x, int height, int width) {
    int[] strides = pair(golden, "strides").orElseThrow();
    int[] dilation = pair(golden, "dilation").orElse(new int[] {1, 1});
    Window window =
        Window.valid(height, width, strides[0], strides[1]).dilated(dilation[0], dilation[1]);
    boolean same = golden.config().get("padding").text().equals("same");
    return same ? window.same(x.shape().dim(1), x.shape().dim(2)) : window;
  }

  private static Optional<int[]> pair(Golden.Operation golden, String key) {
    return Optional.ofNullable(golden.config().get(key))
        .map(json -> json.items().stream().mapToInt(item -> (int) item.number()).toArray());
  }

  private static Tensor tensor(Npy array) {
    return array instanceof Npy.Ints
        ? Tensor.of(array.ints(), array.shape())
        : Tensor.of(array.floats(), array.shape());
  }

  private static void compare(String name, Npy expected, Tensor received) {
    double[] values =
        switch (expected) {
          case Npy.Floats(_, float[] floats) ->
              IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
          case Npy.Ints(_, int[] ints) -> Arrays.stream(ints).asDoubleStream().toArray();
          case Npy.Longs(_, long[] longs) -> Arrays.stream(longs).asDoubleStream().toArray();
          case Npy.Doubles(_, double[] doubles) -> doubles;
          case Npy.Bytes _ -> throw new AssertionError("bytes are no result");
        };
    assertEquals(values.length, received.size(), name);
    double scale = Arrays.stream(values).map(Math::abs).max().orElse(0);
    for (int i = 0; i < values.length; i++) {
      double difference = Math.abs(values[i] - received.get(i));
      int at = i;
      assertTrue(
          difference <= TOLERANCE * Math.max(1, scale),
          () -> name + "[" + at + "]: Keras " + values[at] + ", here " + received.get(at));
    }
  }
}
