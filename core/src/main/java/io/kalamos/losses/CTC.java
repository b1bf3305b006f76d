package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import io.kalamos.engine.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// -log(the probability that a sequence of predictions spells the labels), over all ways of
/// stretching the labels over the steps with blanks between them: (batch, steps, classes) of logits
/// beside (batch, most labels) of class indices. Class 0 is the blank and fills the rows behind
/// their last label. Keras class `CTC`; Graves et al., 2006.
///
/// Two equal labels behind each other need a blank between them. Labels that do not fit into the
/// steps have a probability of about exp(-1e5).
///
/// The places on a way are blank, label, blank, label, ..., blank. `ways[s]` is the logarithm of
/// the probability of all ways that have come to place `s` so far; a step stays at a place, goes to
/// the next one, or from a label to another label over the blank between them.
public record CTC(String name, Reduction reduction) implements KerasLoss<CTC> {
  /// The logarithm of the probability of what cannot be.
  private static final double NEVER = -1e5;

  /// What no sum of logarithms gets down to.
  private static final double NOTHING = -1e9;

  public CTC {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
  }

  public static CTC of() {
    return new CTC("ctc", Reduction.SUM_OVER_BATCH_SIZE);
  }

  @Override
  public TargetKind target() {
    return TargetKind.LABEL_SEQUENCE;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Shape given = prediction.shape();
    boolean fits =
        given.rank() == 3 && target.shape().rank() == 2 && target.shape().dim(0) == given.dim(0);
    if (!fits) {
      throw new ShapeException(
          name
              + ": expected labels (batch, most labels) beside logits (batch, steps, classes),"
              + " received target="
              + target.dtype()
              + target.shape()
              + " beside "
              + given
              + ". Fill shorter rows of labels with 0, the blank.");
    }
    Node logs = logSoftmax(Operands.wide(prediction));
    Node labels = cast(target, logs.dtype());
    Node places = betweenBlanks(labels, 0);
    Node each = oneHot(reshape(places, places.shape().append(1)), given.dim(2), logs.dtype());
    Node emitted = matmul(logs, each, false, true); // (batch, steps, places)
    Node over = overBlank(labels);
    Node ways = start(places);
    for (int step = 0; step < given.dim(1); step++) {
      Node here = reshape(slice(emitted, 1, step, step + 1), places.shape());
      ways = add(after(ways, over), here);
    }
    return neg(ended(ways, labels));
  }

  /// The values (batch, n) with another one before, between and behind them: (batch, 2n + 1).
  private static Node betweenBlanks(Node values, double blank) {
    int batch = values.shape().dim(0);
    int n = values.shape().dim(1);
    Node column = reshape(values, Shape.of(batch, n, 1));
    Node pairs = concatenate(2, fill(blank, column.shape(), column.dtype()), column);
    Node last = fill(blank, Shape.of(batch, 1), values.dtype());
    return concatenate(1, reshape(pairs, Shape.of(batch, 2 * n)), last);
  }

  /// What it costs to come to a place from the one before the last: nothing for a label behind a
  /// different one.
  private static Node overBlank(Node labels) {
    int n = labels.shape().dim(1);
    List<Node> costs = new ArrayList<>();
    costs.add(fill(NEVER, Shape.of(labels.shape().dim(0), 1), labels.dtype()));
    if (n > 1) {
      Node same = equal(slice(labels, 1, 1, n), slice(labels, 1, 0, n - 1));
      costs.add(multiply(same, NEVER));
    }
    return betweenBlanks(concatenate(1, costs), NEVER);
  }

  /// Before the first step all ways are at the first blank.
  private static Node start(Node places) {
    Tensor start = Tensor.zeros(places.dtype(), Shape.of(1, places.shape().dim(1)));
    start.fill(place -> place == 0 ? 0 : NEVER);
    return broadcastTo(constant(start), places.shape());
  }

  private static Node after(Node ways, Node over) {
    int batch = ways.shape().dim(0);
    int n = ways.shape().dim(1);
    Node wide = concatenate(1, fill(NEVER, Shape.of(batch, 2), ways.dtype()), ways);
    Node next = slice(wide, 1, 1, n + 1);
    Node jump = add(slice(wide, 1, 0, n), over);
    Node top = maximum(ways, maximum(next, jump));
    Node sum = add(exp(subtract(ways, top)), exp(subtract(next, top)));
    return add(top, log(add(sum, exp(subtract(jump, top)))));
  }

  /// The ways that end at a row's last label or at the blank behind it.
  private static Node ended(Node ways, Node labels) {
    int n = ways.shape().dim(1);
    Tensor numbers = Tensor.zeros(ways.dtype(), Shape.of(n));
    numbers.fill(place -> place);
    Node count = sumLast(notEqual(labels, like(labels, 0)));
    Node behind = subtract(multiply(count, 2), constant(numbers)); // 0 at the blank, 1 at the label
    Node ends = multiply(greater(behind, -0.5), less(behind, like(behind, 1.5)));
    return Operands.withoutLast(logSum(ways, ends));
  }

  /// log(sum(exp(values))) of each row where `counts` is 1.
  private static Node logSum(Node values, Node counts) {
    Node kept = select(counts, values, like(values, NOTHING));
    Node top = maxLast(kept);
    return add(top, log(sumLast(exp(subtract(kept, top)))));
  }
}
