package io.kalamos.testkit;

import static io.kalamos.engine.Ops.*;
import static io.kalamos.testkit.OpRow.Domain.*;
import static io.kalamos.testkit.OpRow.Operand.data;
import static io.kalamos.testkit.OpRow.Operand.weight;

import io.kalamos.engine.Binary;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Reduce;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Unary;
import io.kalamos.engine.UniformRandom;
import io.kalamos.engine.Window;
import java.util.ArrayList;
import java.util.List;

/// The rows of the op table, for a batch of `b` samples.
final class OpRows {
  private final int b;
  private final List<OpRow> rows = new ArrayList<>();

  private OpRows(int batch) {
    this.b = batch;
  }

  static List<OpRow> all(int batch) {
    OpRows table = new OpRows(batch);
    table.unary();
    table.binary();
    table.selections();
    table.reductions();
    table.rowFunctions();
    table.products();
    table.convolutions();
    table.pools();
    table.rearrangements();
    table.rows.addAll(ArrangementRows.all(batch));
    table.rows.addAll(RegroupingRows.all(batch));
    table.leaves();
    table.compositions();
    return List.copyOf(table.rows);
  }

  private void add(OpRow row) {
    rows.add(row);
  }

  private void unary() {
    for (Unary f : Unary.values()) {
      OpRow.Domain domain =
          switch (f) {
            case LOG, SQRT, RSQRT -> POSITIVE;
            case NEG, ABS, SIGN, EXP, SIN, COS, TANH, SIGMOID, RELU, ERF, FLOOR, ROUND -> SIGNED;
          };
      add(OpRow.of(f.label(), x -> Node.of(f, x), data(domain, b, 37)));
    }
    add(OpRow.of("tanh of a variable", x -> tanh(x.get(0)), weight(SIGNED, 3, 50)));
  }

  private void binary() {
    for (Binary f : Binary.values()) {
      OpRow.Domain left = f == Binary.POWER ? POSITIVE : SIGNED;
      OpRow.Domain right = f == Binary.DIVIDE ? POSITIVE : SIGNED;
      switch (f) {
        case EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL -> pairs(f, GRID, GRID);
        case ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM, POWER -> pairs(f, left, right);
      }
    }
  }

  private void pairs(Binary f, OpRow.Domain left, OpRow.Domain right) {
    pair(f, "alike", data(left, b, 7, 5), data(right, b, 7, 5));
    pair(f, "variables", weight(left, 7, 5), weight(right, 7, 5));
    pair(f, "row", data(left, b, 13), weight(right, 13));
    pair(f, "row first", weight(left, 13), data(right, b, 13));
    pair(f, "column", data(left, b, 13), data(right, b, 1));
    pair(f, "outer", data(left, b, 1, 4), data(right, b, 3, 1));
    pair(f, "scalar", data(left, b, 13), weight(right));
    pair(f, "channels", data(left, b, 4, 3, 6), weight(right, 6));
    pair(f, "picture by channels", data(left, b, 4, 3, 6), data(right, b, 1, 1, 6));
    pair(f, "channels by picture", data(left, b, 1, 1, 6), data(right, b, 4, 3, 6));
    pair(f, "leading axis", data(left, b, 4, 3), weight(right, 4, 3));
  }

  private void pair(Binary f, String kind, OpRow.Operand left, OpRow.Operand right) {
    OpRow row = OpRow.of(f.label() + ", " + kind, x -> Node.of(f, x), left, right);
    add(left.domain() == GRID ? row.rough() : row);
  }

  private void selections() {
    add(
        OpRow.of(
            "select",
            x -> select(greater(x.get(0), 0), x.get(1), x.get(2)),
            data(SIGNED, b, 17),
            data(SIGNED, b, 17),
            data(SIGNED, b, 17)));
    add(
        OpRow.of(
            "select, column and row",
            x -> select(greater(x.get(0), 0), x.get(1), x.get(2)),
            data(SIGNED, b, 1),
            weight(SIGNED, 17),
            data(SIGNED, b, 17)));
    add(
        OpRow.of(
                "cast to float32 and back",
                x -> cast(cast(x.get(0), DType.FLOAT32), x.get(0).dtype()),
                data(SIGNED, b, 9))
            .rough());
    add(
        OpRow.of(
                "cast to bfloat16 and back",
                x -> cast(cast(x.get(0), DType.BFLOAT16), x.get(0).dtype()),
                data(GRID, b, 9))
            .rough());
    add(
        OpRow.of(
                "cast to int32 and back",
                x -> cast(cast(multiply(x.get(0), 4), DType.INT32), x.get(0).dtype()),
                data(SIGNED, b, 9))
            .rough());
  }

  private void reductions() {
    Integer[][] axes = {
      {0}, {1}, {2}, {3}, {1, 2}, {2, 3}, {0, 3}, {1, 3}, {0, 1, 2}, {1, 2, 3}, {0, 1, 2, 3}
    };
    for (Integer[] some : axes) {
      for (Reduce.Kind kind : Reduce.Kind.values()) {
        Reduce op = new Reduce(kind, List.of(some));
        add(OpRow.of(op.label(), x -> Node.of(op, x), data(SIGNED, b, 4, 3, 6)));
      }
    }
    add(OpRow.of("sum of columns", x -> sum(x.get(0), 0), data(SIGNED, b, 130)));
    add(OpRow.of("sum of rows", x -> sumLast(x.get(0)), data(SIGNED, b, 130)));
    add(OpRow.of("sum of all", x -> sumAll(x.get(0)), data(SIGNED, b, 130)));
    add(OpRow.of("mean of all", x -> meanAll(x.get(0)), data(SIGNED, b, 130)));
    add(OpRow.of("sum of a variable", x -> sumAll(square(x.get(0))), weight(SIGNED, 40, 30)));
  }

  private void rowFunctions() {
    int[][] shapes = {{b, 10}, {b, 1}, {b, 4, 7}, {b, 130}};
    for (int[] shape : shapes) {
      String at = " " + Shape.of(shape).slice(1, shape.length);
      add(OpRow.of("softmax" + at, x -> softmax(x.get(0)), data(SIGNED, shape)));
      add(OpRow.of("log softmax" + at, x -> logSoftmax(x.get(0)), data(SIGNED, shape)));
      add(OpRow.of("arg max" + at, x -> argMax(x.get(0)), data(GRID, shape)).rough());
    }
    add(
        OpRow.of(
                "softmax far out, plus x",
                x -> Ops.add(softmax(multiply(x.get(0), 64)), x.get(0)),
                data(SIGNED, b, 10))
            .loosened(2));
    add(
        OpRow.of(
            "log softmax far out", x -> logSoftmax(multiply(x.get(0), 64)), data(SIGNED, b, 10)));
  }

  private void products() {
    OpRow.Operand x = data(SIGNED, b, 19);
    add(OpRow.of("matmul", in -> matmul(in.get(0), in.get(1)), x, weight(SIGNED, 19, 11)));
    add(
        OpRow.of(
            "matmul bᵀ",
            in -> matmul(in.get(0), in.get(1), false, true),
            x,
            weight(SIGNED, 11, 19)));
    add(
        OpRow.of(
            "matmul aᵀ", in -> matmul(in.get(0), in.get(1), true, false), x, data(SIGNED, b, 6)));
    add(
        OpRow.of(
            "matmul aᵀ bᵀ",
            in -> matmul(in.get(0), in.get(1), true, true),
            weight(SIGNED, 6, 9),
            weight(SIGNED, 5, 6)));
    add(
        OpRow.of(
            "matmul of variables",
            in -> matmul(in.get(0), in.get(1)),
            weight(SIGNED, 33, 70),
            weight(SIGNED, 70, 20)));
    int[][] sizes = {{19, 11}, {130, 10}, {70, 600}, {3, 1}};
    for (int[] size : sizes) {
      String at = " " + size[0] + "x" + size[1];
      OpRow.Operand data = data(SIGNED, b, size[0]);
      OpRow.Operand weight = weight(SIGNED, size);
      OpRow.Operand bias = weight(SIGNED, size[1]);
      add(OpRow.of("matmul + bias" + at, in -> dense(in), data, weight, bias));
      add(OpRow.of("matmul + bias + relu" + at, in -> relu(dense(in)), data, weight, bias));
    }
    add(
        OpRow.of(
            "matmul + relu", in -> relu(matmul(in.get(0), in.get(1))), x, weight(SIGNED, 19, 11)));
  }

  private static Node dense(List<Node> in) {
    return Ops.add(matmul(in.get(0), in.get(1)), in.get(2));
  }

  private void convolutions() {
    for (int kernel : new int[] {1, 3, 5, 6}) {
      for (int stride : new int[] {1, 2}) {
        Window valid = Window.valid(kernel, kernel, stride, stride);
        convolution("valid", valid, 1, 11, 9, 3, 8);
        convolution("same", valid.same(11, 9), 1, 11, 9, 3, 8);
      }
    }
    Window three = Window.valid(3, 3, 1, 1);
    convolution("same", three.dilated(2, 2).same(9, 9), 1, 9, 9, 3, 8);
    convolution("valid", three.dilated(2, 2), 1, 9, 9, 3, 8);
    convolution("same", three.same(7, 7), 2, 7, 7, 8, 12);
    convolution("same", three.same(7, 7), 8, 7, 7, 8, 8);
    convolution("same", three.same(7, 7), 8, 7, 7, 8, 16);
    convolution("valid", Window.valid(3, 3, 2, 2), 24, 9, 9, 24, 24);
    convolution("same", three.dilated(2, 2).same(9, 9), 6, 9, 9, 6, 12);
    convolution("same", Window.valid(3, 5, 2, 1).same(8, 9), 1, 8, 9, 3, 4);
    int[][] channels = {{1, 12}, {1, 64}, {8, 16}, {12, 24}, {64, 3}, {64, 16}};
    for (int[] pair : channels) {
      convolution("same", three.same(6, 6), 1, 6, 6, pair[0], pair[1]);
    }
    Window same = three.same(8, 8);
    add(
        OpRow.of(
            "conv2d + bias + relu",
            in -> relu(convolved(in, same)),
            data(SIGNED, b, 8, 8, 3),
            weight(SIGNED, 3, 3, 3, 8),
            weight(SIGNED, 8)));
    add(
        OpRow.of(
            "conv2d + bias + relu + max pool",
            in -> maxPool2d(relu(convolved(in, same)), Window.valid(2, 2, 2, 2)),
            data(SIGNED, b, 8, 8, 1),
            weight(SIGNED, 3, 3, 1, 8),
            weight(SIGNED, 8)));
  }

  private static Node convolved(List<Node> in, Window window) {
    return Ops.add(conv2d(in.get(0), in.get(1), window, 1), in.get(2));
  }

  private void convolution(
      String padding, Window window, int groups, int height, int width, int in, int out) {
    String name =
        "conv2d %s %s, %d to %d channels%s"
            .formatted(window, padding, in, out, groups > 1 ? " in " + groups + " groups" : "");
    add(
        OpRow.of(
            name,
            x -> conv2d(x.get(0), x.get(1), window, groups),
            data(SIGNED, b, height, width, in),
            weight(SIGNED, window.height(), window.width(), in / groups, out)));
  }

  private void pools() {
    Window two = Window.valid(2, 2, 2, 2);
    List<Window> windows =
        List.of(
            two,
            two.same(7, 9),
            Window.valid(3, 3, 1, 1).same(7, 9),
            Window.valid(3, 3, 2, 2).same(7, 9),
            Window.valid(3, 2, 2, 1));
    for (Window window : windows) {
      add(
          OpRow.of(
              "max pool " + window, x -> maxPool2d(x.get(0), window), data(SIGNED, b, 7, 9, 5)));
      add(
          OpRow.of(
              "average pool " + window,
              x -> averagePool2d(x.get(0), window),
              data(SIGNED, b, 7, 9, 5)));
    }
    add(
        OpRow.of("max pool with equals", x -> maxPool2d(x.get(0), two), data(GRID, b, 8, 8, 16))
            .rough());
    add(
        OpRow.of(
            "relu, then max pool", x -> maxPool2d(relu(x.get(0)), two), data(SIGNED, b, 8, 8, 3)));
  }

  private void rearrangements() {
    OpRow.Operand x = data(SIGNED, b, 4, 3, 6);
    add(OpRow.of("reshape", in -> reshape(in.get(0), Shape.of(b, 72)), x));
    add(OpRow.of("flatten, then exp", in -> exp(reshape(in.get(0), Shape.of(b, 72))), x));
    add(OpRow.of("transpose [0, 3, 1, 2]", in -> transpose(in.get(0), 0, 3, 1, 2), x));
    add(OpRow.of("transpose [0, 2, 1, 3]", in -> transpose(in.get(0), 0, 2, 1, 3), x));
    add(OpRow.of("transpose [1, 0]", in -> transpose(in.get(0), 1, 0), weight(SIGNED, 5, 7)));
    add(
        OpRow.of(
            "broadcast channels",
            in -> broadcastTo(in.get(0), Shape.of(b, 4, 3, 6)),
            data(SIGNED, b, 1, 1, 6)));
    add(
        OpRow.of(
            "broadcast a row",
            in -> multiply(broadcastTo(in.get(0), Shape.of(b, 6)), in.get(1)),
            weight(SIGNED, 6),
            data(SIGNED, b, 6)));
  }

  private void leaves() {
    add(
        OpRow.of(
            "rows of uint8",
            in -> multiply(cast(in.get(0), in.get(1).dtype()), multiply(in.get(1), 1 / 256.0)),
            data(DType.UINT8, BYTES, b, 5, 5, 1),
            weight(SIGNED)));
    add(
        OpRow.of(
            "rows of int32",
            in -> multiply(cast(in.get(0), in.get(1).dtype()), in.get(1)),
            data(DType.INT32, DIGITS, b, 3),
            weight(SIGNED, 3)));
    add(
        OpRow.of(
            "one-hot",
            in -> multiply(oneHot(in.get(0), 10, in.get(1).dtype()), in.get(1)),
            data(DType.INT32, DIGITS, b, 1),
            data(SIGNED, b, 10)));
    add(
        OpRow.of(
                "random uniform",
                in -> multiply(in.get(0), randomUniform(in.get(0), 3)),
                data(SIGNED, b, 41))
            .rough());
    add(
        OpRow.of(
            "dropout",
            in -> {
              Node x = in.get(0);
              Node drawn = randomUniform(cast(x, DType.FLOAT32), 5);
              return multiply(x, cast(multiply(greaterEqual(drawn, 0.5), 2), x.dtype()));
            },
            data(SIGNED, b, 41)));
    add(
        OpRow.of(
            "random numbers for all pixels of a channel",
            in -> {
              Node x = in.get(0);
              Node drawn = Node.of(new UniformRandom(7, Shape.of(b, 1, 1, 6), DType.FLOAT32));
              return multiply(x, cast(greaterEqual(drawn, 0.5), x.dtype()));
            },
            data(SIGNED, b, 5, 4, 6)));
    add(
        OpRow.of(
            "random numbers for all rows",
            in -> {
              Node x = in.get(0);
              Node drawn = Node.of(new UniformRandom(7, Shape.of(1, 6), DType.FLOAT32));
              return multiply(x, cast(greaterEqual(drawn, 0.5), x.dtype()));
            },
            data(SIGNED, b, 6)));
    add(OpRow.of("a constant result", in -> fill(2.5, Shape.of(b, 3), DType.FLOAT32)));
    add(
        OpRow.of(
            "scalars",
            in -> {
              Node rate = cast(scalar("rate"), in.get(0).dtype());
              Node decay = subtract(1, power(like(rate, 0.5), rate));
              return multiply(in.get(0), divide(decay, sqrt(rate)));
            },
            data(SIGNED, b, 6)));
  }

  private void compositions() {
    add(
        OpRow.of(
            "cross-entropy",
            in ->
                neg(
                    sumLast(
                        multiply(oneHot(in.get(0), 10, in.get(1).dtype()), logSoftmax(in.get(1))))),
            data(DType.INT32, DIGITS, b, 1),
            data(SIGNED, b, 10)));
    add(
        OpRow.of(
                "batch normalization",
                in -> {
                  Node x = in.get(0);
                  Node mean = mean(x, 0, 1, 2);
                  Node variance = mean(square(subtract(x, mean)), 0, 1, 2);
                  Node scaled = multiply(subtract(x, mean), rsqrt(Ops.add(variance, 1e-3)));
                  return Ops.add(multiply(scaled, in.get(1)), in.get(2));
                },
                data(SIGNED, b, 4, 3, 6),
                weight(POSITIVE, 6),
                weight(SIGNED, 6))
            .loosened(4));
    add(
        OpRow.of(
                "two dense layers",
                in -> matmul(relu(Ops.add(matmul(in.get(0), in.get(1)), in.get(2))), in.get(3)),
                data(SIGNED, b, 20),
                weight(SIGNED, 20, 16),
                weight(SIGNED, 16),
                weight(SIGNED, 16, 10))
            .loosened(2));
  }
}
