package io.kalamos.testkit;

import static io.kalamos.engine.Ops.*;
import static io.kalamos.testkit.OpRow.Domain.*;
import static io.kalamos.testkit.OpRow.Operand.data;
import static io.kalamos.testkit.OpRow.Operand.weight;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;
import java.util.ArrayList;
import java.util.List;

/// The rows of the op table about parts of values: slices, joins, gathered rows, products of many
/// matrices, and convolutions that widen.
final class ArrangementRows {
  private final int b;
  private final List<OpRow> rows = new ArrayList<>();

  private ArrangementRows(int batch) {
    this.b = batch;
  }

  static List<OpRow> all(int batch) {
    ArrangementRows table = new ArrangementRows(batch);
    table.parts();
    table.gathering();
    table.batchedProducts();
    table.widenings();
    return table.rows;
  }

  private void add(OpRow row) {
    rows.add(row);
  }

  private void parts() {
    OpRow.Operand x = data(SIGNED, b, 4, 3, 6);
    OpRow.Operand row = data(SIGNED, b, 12);
    int[][] ranges = {{1, 1, 3}, {2, 0, 2}, {3, 2, 3}, {-1, 1, 6}, {1, 3, 4}};
    for (int[] range : ranges) {
      add(
          OpRow.of(
              "slice axis %d from %d to %d".formatted(range[0], range[1], range[2]),
              in -> slice(in.get(0), range[0], range[1], range[2]),
              x));
    }
    add(OpRow.of("slice of samples", in -> slice(in.get(0), 0, b / 2, b), data(SIGNED, b, 6)));
    add(OpRow.of("slice of a variable", in -> slice(in.get(0), 0, 2, 5), weight(SIGNED, 7, 5)));
    add(
        OpRow.of(
            "slice, then arithmetic",
            in -> tanh(Ops.add(slice(in.get(0), 1, 3, 9), slice(in.get(0), 1, 5, 11))),
            row));
    add(OpRow.of("pad", in -> pad(in.get(0), new int[] {0, 1, 0, 2}, new int[] {0, 2, 3, 0}), x));
    add(OpRow.of("pad a row", in -> pad(in.get(0), new int[] {0, 3}, new int[] {0, 0}), row));
    add(
        OpRow.of(
            "pad a variable",
            in -> pad(in.get(0), new int[] {1, 0}, new int[] {0, 4}),
            weight(SIGNED, 7, 5)));
    add(
        OpRow.of(
            "concatenate channels",
            in -> concatenate(-1, in),
            x,
            data(SIGNED, b, 4, 3, 2),
            data(SIGNED, b, 4, 3, 1)));
    add(OpRow.of("concatenate rows", in -> concatenate(1, in), x, data(SIGNED, b, 2, 3, 6)));
    add(
        OpRow.of(
            "concatenate, then arithmetic",
            in -> relu(concatenate(1, exp(in.get(0)), in.get(1), neg(in.get(0)))),
            row,
            data(SIGNED, b, 5)));
    add(
        OpRow.of(
            "concatenate variables",
            in -> concatenate(0, in),
            weight(SIGNED, 3, 5),
            weight(SIGNED, 2, 5)));
    add(
        OpRow.of(
            "concatenate with constants",
            in -> concatenate(1, repeated(in.get(0), 2, 3), in.get(0), randomUniform(in.get(0), 4)),
            row));
    add(OpRow.of("concatenate with itself", in -> concatenate(1, in.get(0), in.get(0)), row));
    add(OpRow.of("stack", in -> stack(1, in), row, row));
    add(OpRow.of("stack behind", in -> stack(-1, in), row, row));
    add(
        OpRow.of(
            "split, then products",
            in -> {
              List<Node> parts = split(in.get(0), 1, 3);
              return Ops.add(multiply(parts.get(0), parts.get(1)), parts.get(2));
            },
            row));
    add(OpRow.of("reverse", in -> reverse(in.get(0), 1), x));
    add(
        OpRow.of(
                "a recurrence",
                in -> {
                  Node state = fill(0, Shape.of(b, 4), in.get(1).dtype());
                  List<Node> states = new ArrayList<>();
                  for (Node step : split(in.get(0), 1, 6)) {
                    Node inner = Ops.add(matmul(state, in.get(1)), in.get(2));
                    state = tanh(Ops.add(reshape(step, Shape.of(b, 4)), inner));
                    states.add(state);
                  }
                  return stack(1, states);
                },
                data(SIGNED, b, 6, 4),
                weight(SIGNED, 4, 4),
                weight(SIGNED, 4))
            .loosened(4));
    add(
        OpRow.of(
            "transpose of a sum over the batch",
            in -> matmul(in.get(1), transpose(sum(in.get(0), 0), 1, 0)),
            data(SIGNED, b, 5),
            weight(SIGNED, 3, 5)));
  }

  private static Node repeated(Node x, double value, int columns) {
    return fill(value, Shape.of(x.shape().dim(0), columns), x.dtype());
  }

  private void gathering() {
    OpRow.Operand table = weight(SIGNED, 10, 7);
    add(
        OpRow.of(
            "gather", in -> gather(in.get(1), in.get(0)), data(DType.INT32, DIGITS, b, 6), table));
    add(
        OpRow.of(
            "gather by column",
            in -> tanh(gather(in.get(1), in.get(0))),
            data(DType.INT32, DIGITS, b, 1),
            table));
    add(
        OpRow.of(
            "gather by bytes",
            in -> gather(in.get(1), in.get(0)),
            data(DType.UINT8, DIGITS, b),
            table));
    add(
        OpRow.of(
            "gather outside of the matrix",
            in -> gather(in.get(1), cast(subtract(multiply(in.get(0), 3), 10), DType.INT32)),
            data(SIGNED, b, 4),
            weight(SIGNED, 5, 20)));
    add(
        OpRow.of(
            "gather wide rows",
            in -> gather(in.get(1), in.get(0)),
            data(DType.INT32, DIGITS, b, 2),
            weight(SIGNED, 10, 300)));
  }

  private void batchedProducts() {
    OpRow.Operand a = data(SIGNED, b, 3, 4, 5);
    batched("", false, false, a, data(SIGNED, b, 3, 5, 6));
    batched(" aᵀ", true, false, a, data(SIGNED, b, 3, 4, 6));
    batched(" bᵀ", false, true, a, data(SIGNED, b, 3, 6, 5));
    batched(" aᵀ bᵀ", true, true, a, data(SIGNED, b, 3, 6, 4));
    batched(" of rank 3", false, true, data(SIGNED, b, 7, 5), data(SIGNED, b, 7, 5));
    batched(" of variables", false, false, weight(SIGNED, 2, 3, 4), weight(SIGNED, 2, 4, 5));
    batched(" with one matrix", false, false, data(SIGNED, b, 7, 5), weight(SIGNED, 5, 6));
    add(
        OpRow.of(
            "batched matmul + bias + relu",
            in -> relu(Ops.add(matmul(in.get(0), in.get(1)), in.get(2))),
            data(SIGNED, b, 4, 5),
            data(SIGNED, b, 5, 6),
            weight(SIGNED, 6)));
    add(
        OpRow.of(
                "attention",
                in -> {
                  Node scores = matmul(in.get(0), in.get(1), false, true);
                  return matmul(softmax(multiply(scores, 0.5)), in.get(2));
                },
                data(SIGNED, b, 2, 5, 4),
                data(SIGNED, b, 2, 5, 4),
                data(SIGNED, b, 2, 5, 3))
            .loosened(2));
  }

  private void batched(
      String kind, boolean transposeA, boolean transposeB, OpRow.Operand a, OpRow.Operand b) {
    add(
        OpRow.of(
            "batched matmul" + kind,
            in -> matmul(in.get(0), in.get(1), transposeA, transposeB),
            a,
            b));
  }

  private void widenings() {
    int[][] cases = {{3, 1, 1}, {3, 2, 1}, {2, 2, 1}, {4, 2, 1}, {3, 1, 2}};
    for (int[] one : cases) {
      Window valid = Window.valid(one[0], one[0], one[1], one[1]).dilated(one[2], one[2]);
      widening(
          "valid",
          valid,
          (5 - 1) * one[1] + valid.spanHeight(),
          (4 - 1) * one[1] + valid.spanWidth());
      int height = 5 * one[1];
      int width = 4 * one[1];
      widening("same", valid.same(height, width), height, width);
    }
  }

  private void widening(String padding, Window window, int height, int width) {
    add(
        OpRow.of(
            "conv2d transpose %s %s".formatted(window, padding),
            in -> conv2dTranspose(in.get(0), in.get(1), window, height, width),
            data(SIGNED, b, 5, 4, 3),
            weight(SIGNED, window.height(), window.width(), 6, 3)));
  }
}
