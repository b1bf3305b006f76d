package io.kalamos.onnx;

import static java.util.Map.entry;

import io.kalamos.engine.Convolution2DInputGradient;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Convolutions and pooling of pictures and sequences with channels first.
final class ConvolutionOperators {
  static final Map<String, Operator> ALL =
      Map.ofEntries(
          entry("Conv", ConvolutionOperators::convolution),
          entry("ConvTranspose", ConvolutionOperators::transposed),
          entry("MaxPool", ConvolutionOperators::maxPool),
          entry("AveragePool", ConvolutionOperators::averagePool),
          entry("GlobalAveragePool", s -> s.give(Ops.mean(s.x(0), spatial(s)))),
          entry("GlobalMaxPool", s -> s.give(Ops.max(s.x(0), spatial(s)))));

  private ConvolutionOperators() {}

  private static Integer[] spatial(Site s) {
    return IntStream.range(2, Math.max(2, s.rank(0))).boxed().toArray(Integer[]::new);
  }

  /// The sizes of the kernel along height and width, which an attribute may repeat.
  static long[] kernel(Site s) {
    Shape kernel = s.shape(1);
    if (kernel.rank() != s.rank(0) || kernel.rank() < 3) {
      throw s.refusal(
          "a kernel with as many axes as the input " + s.shape(0),
          "kernel",
          kernel,
          "Export the model anew.");
    }
    long[] sizes = Arrays.stream(kernel.slice(2, kernel.rank()).toArray()).asLongStream().toArray();
    long[] named = s.numbers("kernel_shape", sizes);
    if (!Arrays.equals(named, sizes)) {
      throw s.refusal(
          "kernel_shape " + Arrays.toString(sizes) + " as the kernel has",
          "kernel_shape",
          Site.shown(named),
          "Export the model anew.");
    }
    return sizes;
  }

  static int groups(Site s) {
    int groups = s.size("group", s.number("group", 1), 1);
    if (s.shape(0).dim(1) % groups != 0) {
      throw s.refusal(
          "groups that divide the channels of " + s.shape(0), "group", groups, "Export anew.");
    }
    return groups;
  }

  private static List<Value> convolution(Site s) {
    Sliding sliding = Sliding.of(s, kernel(s));
    Node y =
        sliding.back(
            Ops.conv2d(
                sliding.pictures(s.x(0)), sliding.kernel(s.x(1)), sliding.window(), groups(s)));
    return s.give(s.has(2) ? Ops.add(y, channels(s.x(2), s.rank(0))) : y);
  }

  /// A number for each channel, in line with axis 1 of a rank.
  static Node channels(Node x, int rank) {
    int[] sizes = new int[rank - 1];
    Arrays.fill(sizes, 1);
    sizes[0] = x.shape().dim(0);
    return Ops.reshape(x, Shape.of(sizes));
  }

  private static List<Value> transposed(Site s) {
    int rank = s.rank(0);
    Widening widening = Widening.of(s, kernel(s));
    int groups = groups(s);
    Sliding sliding = new Sliding(rank, widening.window(), 0, 0);
    int filters = Math.multiplyExact(s.shape(1).dim(1), groups);
    Shape output = Shape.of(s.shape(0).dim(0), widening.height(), widening.width(), filters);
    Node wide =
        Node.of(
            new Convolution2DInputGradient(widening.window(), groups, output),
            sliding.pictures(s.x(0)),
            sliding.kernel(s.x(1)));
    Node y = sliding.back(widening.finished(wide));
    return s.give(s.has(2) ? Ops.add(y, channels(s.x(2), rank)) : y);
  }

  private static List<Value> maxPool(Site s) {
    if (s.node().outputs().stream().filter(name -> !name.isEmpty()).count() > 1) {
      throw s.refusal(
          "one output", "outputs", s.node().outputs().size(), "Places of maxima are not read.");
    }
    Sliding sliding = Sliding.of(s, s.numbers("kernel_shape"));
    return s.give(sliding.back(Ops.maxPool2d(sliding.pictures(s.x(0)), sliding.whole())));
  }

  /// Padding counts as zeros where the file says so; what only `ceil_mode` adds never counts.
  private static List<Value> averagePool(Site s) {
    Sliding sliding = Sliding.of(s, s.numbers("kernel_shape"));
    Node x = sliding.pictures(s.x(0));
    Window window = sliding.whole();
    if (s.flag("count_include_pad", false)) {
      Window declared = sliding.window();
      x =
          Ops.pad(
              x,
              new int[] {0, declared.top(), declared.left(), 0},
              new int[] {0, declared.bottom(), declared.right(), 0});
      window = Sliding.with(window, 0, 0, sliding.moreBottom(), sliding.moreRight());
    }
    return s.give(sliding.back(Ops.averagePool2d(x, window)));
  }
}
