package io.kalamos.testkit;

import static io.kalamos.engine.Ops.*;
import static io.kalamos.testkit.OpRow.Domain.*;
import static io.kalamos.testkit.OpRow.Operand.data;
import static io.kalamos.testkit.OpRow.Operand.weight;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The rows of the op table in which the axis of the samples moves, merges with others or splits:
/// threads that share a batch cannot go on by themselves there.
final class RegroupingRows {
  private final int b;
  private final List<OpRow> rows = new ArrayList<>();

  private RegroupingRows(int batch) {
    this.b = batch;
  }

  static List<OpRow> all(int batch) {
    RegroupingRows table = new RegroupingRows(batch);
    table.merged();
    table.moved();
    table.finer();
    table.others();
    return table.rows;
  }

  private void add(String name, Function<List<Node>, Node> forward, OpRow.Operand... operands) {
    rows.add(OpRow.of(name, forward, operands));
  }

  /// A row whose numbers are exact in every type, so that the same of them are equal.
  private void exact(String name, Function<List<Node>, Node> forward, OpRow.Operand... operands) {
    rows.add(OpRow.of(name, forward, operands).rough());
  }

  private void merged() {
    OpRow.Operand x = data(SIGNED, b, 4);
    Shape later = Shape.of(1, 4 * b, 1);
    add("sum of samples in a later axis", in -> sum(reshape(in.get(0), later), 1), x);
    add("sum of samples in the first axis", in -> sum(reshape(in.get(0), later), 0), x);
    add("maximum of samples in a later axis", in -> max(reshape(in.get(0), later), 1), x);
    add(
        "comparison, samples in a later axis",
        in -> {
          Node hits = sum(reshape(greater(in.get(0), 0.5), later), 1);
          return multiply(hits, sum(reshape(in.get(0), later), 1));
        },
        x);
    add("samples in a row", in -> exp(reshape(in.get(0), Shape.of(4 * b))), x);
    add("softmax over all samples", in -> softmax(reshape(in.get(0), Shape.of(1, 4 * b))), x);
    add(
        "samples in a later axis and back",
        in -> tanh(reshape(neg(reshape(in.get(0), later)), Shape.of(b, 4))),
        x);
    add(
        "samples in a later axis, steering others",
        in -> {
          Node flat = reshape(in.get(0), later);
          return select(greater(flat, 0), flat, neg(flat));
        },
        x);
    add(
        "samples steer what one thread computes",
        in -> {
          Node alone = reverse(exp(in.get(0)), 0);
          return select(greater(in.get(0), 0), tanh(alone), neg(alone));
        },
        x);
    add(
        "product of samples in a row",
        in -> matmul(reshape(in.get(0), Shape.of(1, 4 * b)), in.get(1)),
        x,
        weight(SIGNED, 4 * b, 3));
  }

  private void moved() {
    OpRow.Operand x = data(SIGNED, b, 4, 3);
    add("transpose [1, 0]", in -> exp(transpose(in.get(0), 1, 0)), data(SIGNED, b, 6));
    add("transpose [2, 0, 1]", in -> tanh(transpose(in.get(0), 2, 0, 1)), x);
    add("sum behind a transpose", in -> sum(transpose(in.get(0), 1, 0, 2), 1, 2), x);
    add(
        "samples by themselves",
        in -> Ops.add(transpose(in.get(0), 1, 0), in.get(0)),
        data(SIGNED, b, b));
    add(
        "sums of rows along columns",
        in -> Ops.add(in.get(0), reshape(sumLast(in.get(0)), Shape.of(1, b))),
        data(SIGNED, b, b));
  }

  /// Several rows of the first axis belong to a sample.
  private void finer() {
    OpRow.Operand x = data(SIGNED, b, 6, 4);
    Shape finer = Shape.of(6 * b, 4);
    add("more rows than samples", in -> exp(reshape(in.get(0), finer)), x);
    add("sums of more rows than samples", in -> sum(reshape(square(in.get(0)), finer), 0), x);
    add(
        "product of more rows than samples",
        in -> relu(matmul(reshape(in.get(0), finer), in.get(1))),
        x,
        weight(SIGNED, 4, 5));
    Window same = Window.valid(3, 3, 1, 1).same(48, 48);
    Window two = Window.valid(2, 2, 2, 2);
    exact(
        "conv2d + bias + max pool + relu of two pictures a sample",
        in -> {
          Node made = conv2d(reshape(in.get(0), Shape.of(2 * b, 48, 48, 1)), in.get(1), same, 1);
          return relu(maxPool2d(Ops.add(made, in.get(2)), two));
        },
        data(GRID, b, 2, 48 * 48),
        weight(GRID, 3, 3, 1, 8),
        weight(GRID, 8));
    rows.add(
        OpRow.of(
                "conv2d + average pool of two pictures a sample",
                in -> {
                  Node pictures = reshape(in.get(0), Shape.of(2 * b, 48, 48, 2));
                  return averagePool2d(conv2d(pictures, in.get(1), same, 1), two);
                },
                data(SIGNED, b, 2, 48 * 48 * 2),
                weight(SIGNED, 3, 3, 2, 8))
            .loosened(4));
  }

  private void others() {
    exact(
        "random numbers for sums of rows",
        in -> {
          Node sums = sumLast(in.get(0));
          return multiply(sums, cast(greaterEqual(randomUniform(sums, 5), 0.5), sums.dtype()));
        },
        data(SIGNED, b, 6));
    add(
        "sums of a variable's rows along its columns",
        in -> Ops.add(in.get(0), reshape(sumLast(in.get(0)), Shape.of(6))),
        weight(SIGNED, 6, 6));
    exact(
        "conv2d + bias + max pool + relu of a variable",
        in -> {
          Window window = Window.valid(3, 3, 1, 1).same(8, 8);
          Node made = Ops.add(conv2d(in.get(0), in.get(1), window, 1), in.get(2));
          return relu(maxPool2d(made, Window.valid(2, 2, 2, 2)));
        },
        weight(GRID, 3, 8, 8, 1),
        weight(GRID, 3, 3, 1, 8),
        weight(GRID, 8));
  }
}
