package io.kalamos.onnx;

import static java.util.Map.entry;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Shapes: what changes them, and what asks for them.
final class ShapeOperators {
  static final Map<String, Operator> ALL =
      Map.ofEntries(
          entry("Reshape", s -> s.give(Ops.reshape(s.x(0), target(s)))),
          entry("Flatten", ShapeOperators::flatten),
          entry("Transpose", ShapeOperators::transpose),
          entry("Squeeze", ShapeOperators::squeeze),
          entry("Unsqueeze", ShapeOperators::unsqueeze),
          entry("Expand", ShapeOperators::expand),
          entry("Tile", ShapeOperators::tile),
          entry("Concat", ShapeOperators::concatenate),
          entry("Split", ShapeOperators::split),
          entry("DepthToSpace", ShapeOperators::depthToSpace),
          entry("SpaceToDepth", ShapeOperators::spaceToDepth),
          entry("Shape", ShapeOperators::shape),
          entry("Size", s -> List.of(Value.Known.scalar(ElementType.INT64, s.shape(0).size()))),
          entry("Constant", ShapeOperators::constant),
          entry("ConstantOfShape", ShapeOperators::constantOfShape),
          entry("Range", ShapeOperators::range),
          entry("EyeLike", ShapeOperators::eye),
          entry("Trilu", ShapeOperators::triangle));

  private ShapeOperators() {}

  /// The shape that a Reshape asks for: 0 takes a size over, -1 is what remains, and the batch that
  /// the file was made for stands for the real one.
  static Shape target(Site s) {
    long[] wanted = s.numbers(1);
    Shape from = s.shape(0);
    boolean copies = !s.flag("allowzero", false);
    int[] sizes = new int[wanted.length];
    int open = -1;
    long known = 1;
    for (int i = 0; i < wanted.length; i++) {
      boolean batch = i == 0 && fixedBatch(s, from, wanted[0]);
      if (wanted[i] == -1 && open < 0) {
        open = i;
        continue;
      }
      long size =
          batch ? s.setting().batch() : wanted[i] == 0 && copies ? copied(s, from, i) : wanted[i];
      sizes[i] = s.size("size of a shape", size);
      known *= sizes[i];
      if (known > Integer.MAX_VALUE) {
        throw misfit(s, from, wanted);
      }
    }
    if (open >= 0) {
      if (known == 0 || from.size() % known != 0) {
        throw misfit(s, from, wanted);
      }
      sizes[open] = s.size("size of a shape", from.size() / known);
    }
    return Shape.of(sizes);
  }

  private static int copied(Site s, Shape from, int axis) {
    if (axis >= from.rank()) {
      throw s.refusal("0 only for axes of the input", "shape", from, "Export the model anew.");
    }
    return from.dim(axis);
  }

  private static IllegalArgumentException misfit(Site s, Shape from, long... wanted) {
    return s.refusal(
        "a shape for the " + from.size() + " elements of " + from,
        "shape",
        Site.shown(wanted),
        "Export the model with an open batch as its only open size.");
  }

  /// Whether a constant in a shape is the batch that the file was made for.
  private static boolean fixedBatch(Site s, Shape from, long size) {
    return s.setting().fixedBatch() > 0
        && size == s.setting().fixedBatch()
        && from.rank() > 0
        && from.dim(0) == s.setting().batch();
  }

  private static List<Value> flatten(Site s) {
    Shape shape = s.shape(0);
    long axis = s.number("axis", 1);
    int from = axis == shape.rank() ? shape.rank() : s.axis(axis, shape.rank());
    return s.give(
        Ops.reshape(
            s.x(0),
            Shape.of(
                Math.toIntExact(shape.product(0, from)),
                Math.toIntExact(shape.product(from, shape.rank())))));
  }

  /// The order of axes that a Transpose asks for.
  static int[] order(Site s) {
    int rank = s.rank(0);
    long[] reversed = IntStream.range(0, rank).mapToLong(axis -> rank - 1 - axis).toArray();
    long[] order = s.numbers("perm", reversed);
    if (order.length != rank || s.axes(order, rank).length != rank) {
      throw s.refusal("each of " + rank + " axes once", "perm", Site.shown(order), "Export anew.");
    }
    return Arrays.stream(order).mapToInt(axis -> s.axis(axis, rank)).toArray();
  }

  private static List<Value> transpose(Site s) {
    return s.give(Ops.transpose(s.x(0), IntStream.of(order(s)).boxed().toArray(Integer[]::new)));
  }

  /// Axes that an attribute names before opset 13, an input from then on.
  private static long[] axes(Site s) {
    return s.opset() < 13 ? s.numbers("axes") : s.has(1) ? s.numbers(1) : new long[0];
  }

  private static List<Value> squeeze(Site s) {
    Shape shape = s.shape(0);
    long[] wanted = axes(s);
    int[] axes =
        wanted.length > 0
            ? s.axes(wanted, shape.rank())
            : IntStream.range(0, shape.rank()).filter(axis -> shape.dim(axis) == 1).toArray();
    return s.give(Ops.reshape(s.x(0), ReductionOperators.without(shape, axes)));
  }

  private static List<Value> unsqueeze(Site s) {
    Shape shape = s.shape(0);
    long[] wanted = axes(s);
    int rank = shape.rank() + wanted.length;
    int[] axes = s.axes(wanted, rank);
    int[] sizes = new int[rank];
    int next = 0;
    for (int axis = 0; axis < rank; axis++) {
      sizes[axis] = Arrays.binarySearch(axes, axis) >= 0 ? 1 : shape.dim(next++);
    }
    return s.give(Ops.reshape(s.x(0), Shape.of(sizes)));
  }

  private static List<Value> expand(Site s) {
    long[] wanted = s.numbers(1);
    int[] sizes = Arrays.stream(wanted).mapToInt(size -> s.size("size of a shape", size)).toArray();
    if (sizes.length > 0 && fixedBatch(s, s.shape(0), wanted[0])) {
      sizes[0] = s.setting().batch();
    }
    return s.give(Ops.broadcastTo(s.x(0), Shape.broadcast(s.shape(0), Shape.of(sizes))));
  }

  private static List<Value> tile(Site s) {
    Node y = s.x(0);
    long[] repeats = s.numbers(1);
    if (repeats.length != y.shape().rank()) {
      throw s.refusal(
          "a number for each axis of " + y.shape(), "repeats", Site.shown(repeats), "Export anew.");
    }
    for (int axis = 0; axis < repeats.length; axis++) {
      int times = s.size("repeats", repeats[axis], 1);
      if (y.shape().dim(axis) == 1) {
        y = Ops.broadcastTo(y, y.shape().with(axis, times));
      } else {
        s.unrolls("repeats", times);
        y = Ops.concatenate(axis, Collections.nCopies(times, y));
      }
    }
    return s.give(y);
  }

  /// Constants made for one sample are repeated for all of them.
  private static List<Value> concatenate(Site s) {
    List<Node> parts = new ArrayList<>();
    int rank = s.rank(0);
    int axis = s.axis(s.number("axis", 1), rank);
    for (Node part : s.all()) {
      boolean alone =
          axis != 0
              && s.setting().fixedBatch() == 1
              && part.shape().rank() == rank
              && part.shape().dim(0) == 1;
      boolean empty = part.shape().rank() == rank && part.shape().dim(axis) == 0;
      if (!empty) {
        parts.add(alone ? Ops.broadcastTo(part, part.shape().with(0, largest(s))) : part);
      }
    }
    return parts.isEmpty() ? List.of(s.value(0)) : s.give(Ops.concatenate(axis, parts));
  }

  private static int largest(Site s) {
    return s.all().stream().mapToInt(part -> part.shape().dim(0)).max().orElseThrow();
  }

  private static List<Value> split(Site s) {
    Node x = s.x(0);
    int axis = s.axis(s.number("axis", 0), x.shape().rank());
    int size = x.shape().dim(axis);
    int parts = s.node().outputs().size();
    long[] sizes =
        s.opset() < 13 && s.given("split")
            ? s.numbers("split")
            : s.opset() >= 13 && s.has(1) ? s.numbers(1) : equal(size, parts);
    if (sizes.length != parts
        || Arrays.stream(sizes).anyMatch(part -> part < 0 || part > size)
        || Arrays.stream(sizes).sum() != size) {
      throw s.refusal(
          parts + " parts of " + size + " in all", "split", Site.shown(sizes), "Export anew.");
    }
    List<Value> results = new ArrayList<>();
    int from = 0;
    for (long part : sizes) {
      results.add(
          part == 0
              ? Value.Known.of(s.type(0), new double[0], x.shape().with(axis, 0))
              : s.result(Ops.slice(x, axis, from, from + (int) part), s.type(0)));
      from += (int) part;
    }
    return results;
  }

  /// Parts of one size, the last one smaller where they do not come out even.
  private static long[] equal(int size, int parts) {
    int each = Math.ceilDiv(size, Math.max(parts, 1));
    long[] sizes = new long[parts];
    Arrays.fill(sizes, each);
    sizes[parts - 1] = size - (long) each * (parts - 1);
    return sizes;
  }

  private static List<Value> depthToSpace(Site s) {
    Shape shape = pictures(s);
    int block = s.size("blocksize", s.number("blocksize", 1), 1);
    int channels = shape.dim(1) / block / block;
    boolean first = s.text("mode", "DCR").equals("DCR");
    Node x = s.x(0);
    Node parts =
        first
            ? Ops.reshape(
                x, Shape.of(shape.dim(0), block, block, channels, shape.dim(2), shape.dim(3)))
            : Ops.reshape(
                x, Shape.of(shape.dim(0), channels, block, block, shape.dim(2), shape.dim(3)));
    Node turned =
        first ? Ops.transpose(parts, 0, 3, 4, 1, 5, 2) : Ops.transpose(parts, 0, 1, 4, 2, 5, 3);
    return s.give(
        Ops.reshape(
            turned,
            Shape.of(
                shape.dim(0),
                channels,
                Math.multiplyExact(shape.dim(2), block),
                Math.multiplyExact(shape.dim(3), block))));
  }

  private static List<Value> spaceToDepth(Site s) {
    Shape shape = pictures(s);
    int block = s.size("blocksize", s.number("blocksize", 1), 1);
    int height = shape.dim(2) / block;
    int width = shape.dim(3) / block;
    Node parts =
        Ops.reshape(s.x(0), Shape.of(shape.dim(0), shape.dim(1), height, block, width, block));
    Node turned =
        s.text("mode", "DCR").equals("DCR")
            ? Ops.transpose(parts, 0, 3, 5, 1, 2, 4)
            : Ops.transpose(parts, 0, 1, 3, 5, 2, 4);
    int channels = Math.multiplyExact(shape.dim(1), Math.multiplyExact(block, block));
    return s.give(Ops.reshape(turned, Shape.of(shape.dim(0), channels, height, width)));
  }

  private static Shape pictures(Site s) {
    if (s.rank(0) != 4) {
      throw s.refusal(
          "pictures (batch, channels, height, width)",
          "shape",
          s.shape(0),
          "Export the model anew.");
    }
    return s.shape(0);
  }

  private static List<Value> shape(Site s) {
    int rank = s.rank(0);
    int from = within(s.number("start", 0), rank);
    int to = within(s.number("end", rank), rank);
    int[] sizes = s.shape(0).slice(from, Math.max(from, to)).toArray();
    return List.of(Value.Known.list(Arrays.stream(sizes).asLongStream().toArray()));
  }

  private static int within(long axis, int rank) {
    return Math.clamp(axis < 0 ? axis + rank : axis, 0, rank);
  }

  private static List<Value> constant(Site s) {
    if (s.given("value_int")) {
      return List.of(Value.Known.scalar(ElementType.INT64, s.number("value_int", 0)));
    }
    if (s.given("value_float")) {
      return List.of(Value.Known.scalar(ElementType.FLOAT, s.real("value_float", 0)));
    }
    if (s.given("value_ints")) {
      return List.of(Value.Known.list(s.numbers("value_ints")));
    }
    if (s.given("value_floats")) {
      double[] values = s.reals("value_floats");
      return List.of(Value.Known.of(ElementType.FLOAT, values, Shape.of(values.length)));
    }
    return List.of(
        s.tensor("value")
            .orElseThrow(
                () ->
                    s.refusal(
                        "a tensor, a number or numbers as value",
                        "attributes",
                        s.node().attributes().stream().map(AttributeProto::name).toList(),
                        "Export the model without texts and sparse tensors.")));
  }

  private static List<Value> constantOfShape(Site s) {
    int[] sizes =
        Arrays.stream(s.numbers(0)).mapToInt(size -> s.size("size of a shape", size)).toArray();
    Value.Known value = s.tensor("value").orElse(Value.Known.scalar(ElementType.FLOAT, 0));
    if (value.shape().size() != 1) {
      throw s.refusal("one number as value", "shape", value.shape(), "Export the model anew.");
    }
    return s.give(Ops.fill(value.tensor().get(0), Shape.of(sizes), s.dtype()), value.type());
  }

  private static List<Value> range(Site s) {
    double start = s.number(0);
    double step = s.number(2);
    double count = Math.max(0, Math.ceil((s.number(1) - start) / step));
    if (!(count <= 1 << 24)) {
      throw s.refusal("at most 2^24 numbers", "count", count, "Use a shorter range.");
    }
    double[] values = IntStream.range(0, (int) count).mapToDouble(i -> start + i * step).toArray();
    return List.of(Value.Known.of(s.type(0), values, Shape.of(values.length)));
  }

  private static List<Value> eye(Site s) {
    Shape shape = matrix(s);
    long diagonal = s.number("k", 0);
    int columns = shape.dim(1);
    return List.of(
        filled(
            s, shape, s.element("dtype", s.type(0)), i -> i % columns - i / columns == diagonal));
  }

  private static Shape matrix(Site s) {
    if (s.rank(0) < 2 || s.shape(0).size() > 1 << 24) {
      throw s.refusal("matrices of at most 2^24 numbers", "shape", s.shape(0), "Use smaller ones.");
    }
    return s.shape(0);
  }

  private static Value.Known filled(
      Site s, Shape shape, ElementType type, java.util.function.IntPredicate one) {
    Tensor tensor = Tensor.zeros(Value.Known.stored(type), shape);
    tensor.fill(i -> one.test(i) ? 1 : 0);
    return new Value.Known(type, tensor);
  }

  private static List<Value> triangle(Site s) {
    Shape shape = matrix(s);
    boolean upper = s.flag("upper", true);
    long diagonal = s.has(1) ? (long) s.number(1) : 0;
    int rows = shape.dim(-2);
    int columns = shape.dim(-1);
    Tensor kept = Tensor.zeros(DType.FLOAT32, Shape.of(rows, columns));
    kept.fill(
        i -> {
          long place = i % columns - (long) (i / columns);
          return (upper ? place >= diagonal : place <= diagonal) ? 1 : 0;
        });
    Node mask = Ops.constant(kept.cast(s.dtype()));
    return s.give(Ops.select(mask, s.x(0), Ops.like(s.x(0), 0)));
  }
}
