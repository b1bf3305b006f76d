package io.kalamos.onnx;

import static java.util.Map.entry;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Parts of tensors by place, and room around them.
final class IndexOperators {
  static final Map<String, Operator> ALL =
      Map.ofEntries(
          entry("Slice", IndexOperators::slice),
          entry("Gather", IndexOperators::gather),
          entry("Pad", IndexOperators::pad),
          entry("OneHot", IndexOperators::oneHot),
          entry("NonZero", IndexOperators::nonZero));

  private IndexOperators() {}

  private static List<Value> slice(Site s) {
    int rank = s.rank(0);
    boolean attributes = s.opset() < 10;
    long[] starts = attributes ? s.numbers("starts") : s.numbers(1);
    long[] ends = attributes ? s.numbers("ends") : s.numbers(2);
    long[] all = IntStream.range(0, starts.length).asLongStream().toArray();
    long[] axes = attributes ? s.numbers("axes", all) : s.has(3) ? s.numbers(3) : all;
    long[] ones = new long[starts.length];
    Arrays.fill(ones, 1);
    long[] steps = !attributes && s.has(4) ? s.numbers(4) : ones;
    if (ends.length != starts.length
        || axes.length != starts.length
        || steps.length != starts.length) {
      throw s.refusal(
          starts.length + " ends, axes and steps for as many starts",
          "ends",
          Site.shown(ends),
          "Export the model anew.");
    }
    s.axes(axes, rank);
    Node y = s.x(0);
    Shape shape = s.shape(0);
    for (int i = 0; i < starts.length; i++) {
      int axis = s.axis(axes[i], rank);
      Node part = shape.size() == 0 ? null : sliced(s, y, axis, starts[i], ends[i], steps[i]);
      shape = part == null ? shape.with(axis, 0) : part.shape();
      y = part == null ? y : part;
    }
    if (shape.size() > 0) {
      return s.give(y);
    }
    if (!s.known(0)) {
      throw s.refusal("a part that is not empty", "starts", Site.shown(starts), "Export anew.");
    }
    return List.of(Value.Known.of(s.type(0), new double[0], shape));
  }

  /// The elements of an axis from `start` on in steps; null where there are none.
  private static Node sliced(Site s, Node x, int axis, long start, long end, long step) {
    int size = x.shape().dim(axis);
    if (step == 0 || size == 0) {
      throw s.refusal("steps other than 0", "steps", step, "Export the model anew.");
    }
    long from = start < 0 ? Math.max(start, -size) + size : start;
    long to = end < 0 ? Math.max(end, -size - 1L) + size : end;
    if (step < 0) {
      s.unrolls("size of a reversed axis", size);
      long first = Math.clamp(from, -1, size - 1);
      long last = end < -size ? -1 : Math.clamp(to, -1, size - 1);
      return forward(
          Ops.reverse(x, axis), axis, size - 1 - first, size - 1 - last, -Math.max(step, -size));
    }
    return forward(
        x, axis, Math.clamp(from, 0, size), Math.clamp(to, 0, size), Math.min(step, size));
  }

  private static Node forward(Node x, int axis, long from, long to, long step) {
    if (from >= to) {
      return null;
    }
    Node part = Ops.slice(x, axis, (int) from, (int) to);
    int stride = (int) step;
    if (stride == 1) {
      return part;
    }
    int count = Math.ceilDiv(part.shape().dim(axis), stride);
    int[] after = new int[part.shape().rank()];
    after[axis] = count * stride - part.shape().dim(axis);
    Node even = Ops.pad(part, new int[after.length], after);
    Shape shape = part.shape();
    Node grid = Ops.reshape(even, widened(shape.with(axis, count), axis + 1, stride));
    return Ops.reshape(Ops.slice(grid, axis + 1, 0, 1), shape.with(axis, count));
  }

  private static Shape widened(Shape shape, int axis, int size) {
    return Shape.of(
        IntStream.concat(
                IntStream.concat(Arrays.stream(shape.slice(0, axis).toArray()), IntStream.of(size)),
                Arrays.stream(shape.slice(axis, shape.rank()).toArray()))
            .toArray());
  }

  /// Parts along an axis by whole numbers, known or computed.
  private static List<Value> gather(Site s) {
    Shape shape = s.shape(0);
    int rank = shape.rank();
    int axis = s.axis(s.number("axis", 0), rank);
    int size = shape.dim(axis);
    Shape places = s.shape(1);
    Shape result =
        Shape.of(
            IntStream.concat(
                    IntStream.concat(
                        Arrays.stream(shape.slice(0, axis).toArray()),
                        Arrays.stream(places.toArray())),
                    Arrays.stream(shape.slice(axis + 1, rank).toArray()))
                .toArray());
    if (s.known(1) && places.size() <= (s.known(0) ? Integer.MAX_VALUE : 16)) {
      return s.give(picked(s, s.x(0), axis, s.numbers(1), result));
    }
    Integer[] first =
        IntStream.concat(IntStream.of(axis), IntStream.range(0, rank).filter(a -> a != axis))
            .boxed()
            .toArray(Integer[]::new);
    Node turned = Ops.transpose(s.x(0), first);
    int units = Math.toIntExact(shape.size() / Math.max(1, size));
    Node raw = s.x(1);
    Node wrapped = Ops.select(Ops.less(raw, Ops.like(raw, 0)), Ops.add(raw, size), raw);
    Node found =
        Ops.gather(Ops.reshape(turned, Shape.of(size, units)), Ops.cast(wrapped, DType.INT32));
    int more = places.rank();
    int[] open =
        IntStream.concat(
                Arrays.stream(places.toArray()),
                Arrays.stream(turned.shape().slice(1, rank).toArray()))
            .toArray();
    Integer[] back =
        IntStream.concat(
                IntStream.concat(IntStream.range(more, more + axis), IntStream.range(0, more)),
                IntStream.range(more + axis, more + rank - 1))
            .boxed()
            .toArray(Integer[]::new);
    return s.give(Ops.transpose(Ops.reshape(found, Shape.of(open)), back));
  }

  /// A few known places, as slices.
  private static Node picked(Site s, Node x, int axis, long[] places, Shape result) {
    int size = x.shape().dim(axis);
    s.unrolls("places", places.length);
    List<Node> parts = new ArrayList<>();
    for (long place : places) {
      int at = s.axis(place, size);
      parts.add(Ops.slice(x, axis, at, at + 1));
    }
    if (parts.isEmpty()) {
      throw s.refusal("1 place or more", "indices", "[]", "Export the model anew.");
    }
    return Ops.reshape(Ops.concatenate(axis, parts), result);
  }

  private static List<Value> pad(Site s) {
    Node y = s.x(0);
    int rank = y.shape().rank();
    long[] pads = s.opset() < 11 ? s.numbers("pads") : s.numbers(1);
    long[] every = IntStream.range(0, rank).asLongStream().toArray();
    long[] named = s.opset() >= 18 && s.has(3) ? s.numbers(3) : every;
    s.axes(named, rank);
    if (pads.length != 2 * named.length) {
      throw s.refusal(
          2 * named.length + " numbers", "pads", Site.shown(pads), "Export the model anew.");
    }
    String mode = s.text("mode", "constant");
    double value = s.opset() < 11 ? s.real("value", 0) : s.has(2) ? s.number(2) : 0;
    int[] before = new int[rank];
    int[] after = new int[rank];
    for (int i = 0; i < named.length; i++) {
      int axis = s.axis(named[i], rank);
      before[axis] = s.size("pads", pads[i], Integer.MIN_VALUE);
      after[axis] = s.size("pads", pads[i + named.length], Integer.MIN_VALUE);
    }
    for (int axis = 0; axis < rank; axis++) {
      y = cropped(s, y, axis, before, after);
    }
    return s.give(
        switch (mode) {
          case "constant" -> surrounded(y, before, after, value);
          case "edge", "reflect", "wrap" -> continued(s, y, before, after, mode);
          default ->
              throw s.refusal(
                  "mode constant, edge, reflect or wrap",
                  "mode",
                  Names.shown(mode),
                  "Export anew.");
        });
  }

  /// Cuts off what negative pads name, and makes them 0.
  private static Node cropped(Site s, Node x, int axis, int[] before, int[] after) {
    int size = x.shape().dim(axis);
    long from = Math.max(0, -(long) before[axis]);
    long to = size + Math.min(0L, after[axis]);
    if (from >= to) {
      throw s.refusal("pads that leave something", "pads", before[axis], "Export the model anew.");
    }
    before[axis] = Math.max(0, before[axis]);
    after[axis] = Math.max(0, after[axis]);
    return Ops.slice(x, axis, (int) from, (int) to);
  }

  private static Node surrounded(Node x, int[] before, int[] after, double value) {
    Node zeros = Ops.pad(x, before, after);
    if (value == 0) {
      return zeros;
    }
    Node inside = Ops.pad(Ops.broadcastTo(Ops.like(x, 1), x.shape()), before, after);
    return Ops.select(inside, zeros, Ops.like(x, value));
  }

  /// Repeats what is inside: the edge, its mirror image, or the other end.
  private static Node continued(Site s, Node x, int[] before, int[] after, String mode) {
    Node y = x;
    for (int axis = 0; axis < before.length; axis++) {
      int size = y.shape().dim(axis);
      int low = before[axis];
      int high = after[axis];
      s.unrolls("pads", (long) low + high);
      int most = mode.equals("reflect") ? size - 1 : mode.equals("wrap") ? size : Integer.MAX_VALUE;
      if (low > most || high > most) {
        throw s.refusal(
            "pads of at most " + most + " for mode " + mode,
            "pads",
            Math.max(low, high),
            "Pad less, or with a constant.");
      }
      List<Node> parts = new ArrayList<>();
      for (int i = -low; i < size + high; i++) {
        int place = place(mode, i, size);
        if (i < 0 || i >= size) {
          parts.add(Ops.slice(y, axis, place, place + 1));
        } else if (i == 0) {
          parts.add(y);
        }
      }
      y = Ops.concatenate(axis, parts);
    }
    return y;
  }

  private static int place(String mode, int i, int size) {
    return switch (mode) {
      case "edge" -> Math.clamp(i, 0, size - 1);
      case "reflect" -> i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i;
      default -> Math.floorMod(i, size);
    };
  }

  private static List<Value> oneHot(Site s) {
    int classes = s.size("depth", (long) s.number(1), 1);
    if (classes > 1 << 24) {
      throw s.refusal("depth of at most 2^24", "depth", classes, "Use fewer classes.");
    }
    Node places = s.x(0);
    int rank = places.shape().rank();
    int axis = s.axis(s.number("axis", -1), rank + 1);
    Node raw = Ops.reshape(places, places.shape().append(1));
    Node wrapped = Ops.select(Ops.less(raw, Ops.like(raw, 0)), Ops.add(raw, classes), raw);
    Node hot = Ops.oneHot(wrapped, classes, s.dtype());
    Integer[] order =
        IntStream.concat(
                IntStream.concat(IntStream.range(0, axis), IntStream.of(rank)),
                IntStream.range(axis, rank))
            .boxed()
            .toArray(Integer[]::new);
    Node values = s.x(2);
    Node off = Ops.reshape(Ops.slice(values, 0, 0, 1), Shape.SCALAR);
    Node on = Ops.reshape(Ops.slice(values, 0, 1, 2), Shape.SCALAR);
    Node scaled = Ops.add(Ops.multiply(hot, Ops.subtract(on, off)), off);
    return s.give(Ops.transpose(scaled, order), s.type(2));
  }

  /// Where known numbers are not 0.
  private static List<Value> nonZero(Site s) {
    Shape shape = s.shape(0);
    double[] values = s.constant(0).values();
    int[] found = IntStream.range(0, values.length).filter(i -> values[i] != 0).toArray();
    double[] places = new double[shape.rank() * found.length];
    for (int axis = 0; axis < shape.rank(); axis++) {
      long stride = shape.product(axis + 1, shape.rank());
      for (int i = 0; i < found.length; i++) {
        places[axis * found.length + i] = found[i] / stride % shape.dim(axis);
      }
    }
    return List.of(Value.Known.of(ElementType.INT64, places, Shape.of(shape.rank(), found.length)));
  }
}
