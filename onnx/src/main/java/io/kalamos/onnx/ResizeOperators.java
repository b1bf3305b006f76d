package io.kalamos.onnx;

import static java.util.Map.entry;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Pictures of another size: along each axis a product with a matrix that holds what each new pixel
/// takes from the old ones.
final class ResizeOperators {
  static final Map<String, Operator> ALL =
      Map.ofEntries(
          entry("Resize", ResizeOperators::resize), entry("Upsample", ResizeOperators::upsample));

  private static final int LARGEST = 1 << 22;

  private ResizeOperators() {}

  /// How new places lie on the old ones.
  private record Way(
      String mode,
      String places,
      String nearest,
      double cubic,
      boolean excludes,
      boolean antialias) {
    /// Where the pixel `i` of `to` lies among `from`.
    double place(double i, int from, int to, double scale) {
      return switch (places) {
        case "half_pixel" -> (i + 0.5) / scale - 0.5;
        case "half_pixel_symmetric" -> {
          double adjusted = to / (scale * from);
          yield from / 2.0 * (1 - adjusted) + (i + 0.5) / scale - 0.5;
        }
        case "pytorch_half_pixel" -> to > 1 ? (i + 0.5) / scale - 0.5 : 0;
        case "align_corners" -> to == 1 ? 0 : i * (from - 1) / (scale * from - 1);
        default -> i / scale;
      };
    }
  }

  private static List<Value> upsample(Site s) {
    double[] scales = s.opset() >= 9 ? s.constant(1).values() : s.reals("scales");
    String mode = s.text("mode", "nearest");
    Way way =
        new Way(mode.equals("bilinear") ? "linear" : mode, "asymmetric", "floor", 0, false, false);
    return s.give(resized(s, way, axes(s.rank(0)), scales, null));
  }

  private static int[] axes(int rank) {
    return IntStream.range(0, rank).toArray();
  }

  private static List<Value> resize(Site s) {
    if (s.opset() < 11) {
      Way way = new Way(s.text("mode", "nearest"), "asymmetric", "floor", 0, false, false);
      return s.give(resized(s, way, axes(s.rank(0)), s.constant(1).values(), null));
    }
    String places = s.text("coordinate_transformation_mode", "half_pixel");
    Way way =
        new Way(
            s.text("mode", "nearest"),
            places,
            s.text("nearest_mode", "round_prefer_floor"),
            s.real("cubic_coeff_a", -0.75),
            s.flag("exclude_outside", false),
            s.flag("antialias", false));
    if (!List.of(
            "half_pixel",
            "half_pixel_symmetric",
            "pytorch_half_pixel",
            "align_corners",
            "asymmetric")
        .contains(places)) {
      throw s.refusal(
          "another coordinate_transformation_mode",
          "coordinate_transformation_mode",
          Names.shown(places),
          "Regions of interest are not read.");
    }
    int rank = s.rank(0);
    long[] named = s.numbers("axes");
    s.axes(named, rank);
    int[] axes =
        s.given("axes")
            ? LongStream.of(named).mapToInt(axis -> s.axis(axis, rank)).toArray()
            : axes(rank);
    boolean bySize = s.has(3) && s.shape(3).size() > 0;
    return s.give(
        bySize
            ? sized(s, way, axes, s.numbers(3))
            : resized(s, way, axes, s.constant(2).values(), null));
  }

  /// By sizes, which may be bounds on both sides between which the proportions stay.
  private static Node sized(Site s, Way way, int[] axes, long... sizes) {
    String policy = s.text("keep_aspect_ratio_policy", "stretch");
    if (policy.equals("stretch") || sizes.length != axes.length) {
      return resized(s, way, axes, null, sizes);
    }
    DoubleStream factors =
        IntStream.range(0, axes.length)
            .mapToDouble(i -> (double) sizes[i] / s.shape(0).dim(axes[i]));
    double factor =
        switch (policy) {
          case "not_larger" -> factors.min().orElse(1);
          case "not_smaller" -> factors.max().orElse(1);
          default ->
              throw s.refusal(
                  "keep_aspect_ratio_policy stretch, not_larger or not_smaller",
                  "keep_aspect_ratio_policy",
                  Names.shown(policy),
                  "Export the model anew.");
        };
    Node y = s.x(0);
    for (int axis : axes) {
      int from = y.shape().dim(axis);
      int to = s.size("size", Math.round(from * factor), 1);
      y = to == from ? y : along(s, way, y, axis, to, factor);
    }
    return y;
  }

  private static Node resized(Site s, Way way, int[] axes, double[] scales, long[] sizes) {
    Node y = s.x(0);
    int given = scales != null ? scales.length : sizes.length;
    if (given != axes.length) {
      throw s.refusal(axes.length + " scales or sizes", "count", given, "Export the model anew.");
    }
    for (int i = 0; i < axes.length; i++) {
      int axis = axes[i];
      int from = y.shape().dim(axis);
      // The batch of the file stands for the real one.
      boolean batch = axis == 0 && sizes != null && s.setting().fixedBatch() == sizes[i];
      if (batch || scales != null && scales[i] == 1) {
        continue;
      }
      double wanted = scales != null ? Math.floor(from * scales[i]) : sizes[i];
      int to = s.size("size", (long) wanted, 1);
      if (to == from && scales == null) {
        continue;
      }
      y = along(s, way, y, axis, to, scales != null ? scales[i] : (double) to / from);
    }
    return y;
  }

  private static Node along(Site s, Way way, Node x, int axis, int to, double scale) {
    int from = x.shape().dim(axis);
    if ((long) from * to > LARGEST) {
      throw s.refusal(
          "at most " + LARGEST + " old times new pixels along an axis",
          "sizes",
          from + " and " + to,
          "Resize pictures before the model.");
    }
    Tensor matrix = Tensor.zeros(DType.FLOAT64, Shape.of(from, to));
    for (int i = 0; i < to; i++) {
      double place = way.place(i, from, to, scale);
      switch (way.mode()) {
        case "nearest" -> add(matrix, to, clamped(nearest(s, way, place), from), i, 1);
        case "linear" -> linear(matrix, from, to, way, place, i, scale);
        case "cubic" -> cubic(matrix, from, to, way, place, i, scale);
        default ->
            throw s.refusal(
                "mode nearest, linear or cubic", "mode", Names.shown(way.mode()), "Export anew.");
      }
    }
    int rank = x.shape().rank();
    Integer[] last = ActivationOperators.swapped(rank, axis);
    Node turned = Ops.transpose(x, last);
    Node rows = Ops.reshape(turned, Shape.of(Math.toIntExact(x.shape().size() / from), from));
    Node y = Ops.matmul(rows, Ops.constant(matrix.cast(s.dtype())));
    return Ops.transpose(Ops.reshape(y, turned.shape().with(-1, to)), last);
  }

  private static void add(Tensor matrix, int to, int row, int column, double weight) {
    long at = (long) row * to + column;
    matrix.set(at, matrix.get(at) + weight);
  }

  private static int clamped(double place, int size) {
    return (int) Math.clamp(place, 0, size - 1);
  }

  private static double nearest(Site s, Way way, double place) {
    return switch (way.nearest()) {
      case "round_prefer_floor" -> Math.ceil(place - 0.5);
      case "round_prefer_ceil" -> Math.floor(place + 0.5);
      case "floor" -> Math.floor(place);
      case "ceil" -> Math.ceil(place);
      default ->
          throw s.refusal(
              "nearest_mode floor, ceil or round_prefer_...",
              "nearest_mode",
              Names.shown(way.nearest()),
              "Export the model anew.");
    };
  }

  private static void linear(
      Tensor matrix, int from, int to, Way way, double place, int i, double scale) {
    double width = way.antialias() ? Math.max(1, 1 / scale) : 1;
    spread(matrix, from, to, place, i, width, way.excludes(), d -> Math.max(0, 1 - Math.abs(d)), 1);
  }

  private static void cubic(
      Tensor matrix, int from, int to, Way way, double place, int i, double scale) {
    double a = way.cubic();
    double width = way.antialias() ? Math.max(1, 1 / scale) : 1;
    spread(
        matrix,
        from,
        to,
        place,
        i,
        width,
        way.excludes(),
        distance -> {
          double d = Math.abs(distance);
          return d <= 1
              ? ((a + 2) * d - (a + 3)) * d * d + 1
              : d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
        },
        2);
  }

  /// What the old pixels near a place add to a new one, by a function of their distance. Pixels
  /// beyond the edge count as the edge, or not at all.
  private static void spread(
      Tensor matrix,
      int from,
      int to,
      double place,
      int i,
      double width,
      boolean excludes,
      java.util.function.DoubleUnaryOperator weight,
      int reach) {
    int first = (int) Math.floor(place - reach * width) + 1;
    int last = (int) Math.ceil(place + reach * width) - 1;
    double all = 0;
    for (int at = first; at <= last; at++) {
      all += excludes && (at < 0 || at >= from) ? 0 : weight.applyAsDouble((at - place) / width);
    }
    for (int at = first; at <= last; at++) {
      boolean outside = at < 0 || at >= from;
      if (!(excludes && outside)) {
        add(matrix, to, clamped(at, from), i, weight.applyAsDouble((at - place) / width) / all);
      }
    }
  }
}
