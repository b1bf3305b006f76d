package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.GraphLimit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// A recurrent layer's way over time, written one step behind the other.
///
/// Products of equal shape share their code, and everything between two products is one pass, so
/// that a loop would be no shorter in time. What the input contributes is one product for all
/// steps.
final class Unrolling {
  /// One step: the states after it; the first is the step's result.
  @FunctionalInterface
  interface Cell {
    /// @param x what the step's input contributes, (batch, gates)
    List<Node> step(Node x, List<Node> states);
  }

  private final Call call;
  private final Recurrence options;
  private final Node x;

  /// Checks the first input of a call: (batch, time, features).
  Unrolling(Call call, Recurrence options) {
    this.call = call;
    this.options = options;
    this.x = call.inputs().getFirst();
    if (x.shape().rank() != 3) {
      throw call.rejects(
          "sequences (batch, time, features)",
          x.shape(),
          "Reshape to (time, features) first: Reshape.of(28, 28) for pictures.");
    }
    GraphLimit.steps(x.shape().dim(1));
  }

  int features() {
    return x.shape().dim(2);
  }

  /// All steps' inputs times the kernel, plus the bias if there is one: (batch, time, gates).
  Node project(Node kernel, Optional<Node> bias) {
    Shape shape = x.shape();
    Node inputs = x;
    if (call.training() && options.dropout() > 0) {
      Shape each = Shape.of(shape.dim(0), 1, features());
      inputs = Ops.multiply(x, mask(each, options.dropout()));
    }
    Node rows = Ops.reshape(inputs, Shape.of(shape.dim(0) * shape.dim(1), features()));
    Node product = Ops.matmul(rows, kernel);
    Node biased = bias.map(b -> Ops.add(product, b)).orElse(product);
    return Ops.reshape(biased, Shape.of(shape.dim(0), shape.dim(1), kernel.shape().dim(1)));
  }

  /// What states are multiplied with before the recurrent product, where there is dropout.
  Optional<Node> stateMask(int units) {
    return call.training() && options.recurrentDropout() > 0
        ? Optional.of(mask(Shape.of(x.shape().dim(0), units), options.recurrentDropout()))
        : Optional.empty();
  }

  private Node mask(Shape shape, double rate) {
    return RandomMask.of(call, shape, rate, options.seed(), x.dtype());
  }

  /// The layer's results: goes over the steps of `projected`, (batch, time, gates).
  Node run(Node projected, int stateCount, int units, Cell cell) {
    int time = projected.shape().dim(1);
    List<Node> states = initial(stateCount, units);
    List<Node> results = new ArrayList<>();
    for (int i = 0; i < time; i++) {
      int t = options.goBackwards() ? time - 1 - i : i;
      List<Node> after = cell.step(at(projected, t), states);
      Optional<Node> counts = call.mask(0).map(mask -> at(mask, t));
      states = counts.isPresent() ? chosen(counts.get(), after, states) : after;
      results.add(result(states.getFirst(), counts));
    }
    if (options.returnState()) {
      states.forEach(call::result);
    }
    if (options.returnSequences()) {
      call.mask(0).ifPresent(call::mask);
      return Ops.stack(1, results);
    }
    return results.getLast();
  }

  /// The further inputs of the call, or zeros.
  private List<Node> initial(int count, int units) {
    Shape shape = Shape.of(x.shape().dim(0), units);
    List<Node> given = call.inputs().subList(1, call.inputs().size());
    if (given.isEmpty()) {
      return Collections.nCopies(count, Ops.fill(0, shape, x.dtype()));
    }
    if (given.size() != count) {
      throw call.rejects(
          "the sequences, and no initial state or " + count,
          x.shape(),
          "The layer got " + given.size() + " states; give all of them or none.");
    }
    for (Node state : given) {
      if (!state.shape().equals(shape)) {
        throw call.rejects(
            "initial states (batch, " + units + ")", state.shape(), "Give states of these units.");
      }
    }
    return given;
  }

  private Node result(Node state, Optional<Node> counts) {
    return options.zeroOutputForMask() && counts.isPresent()
        ? Ops.select(Ops.cast(counts.get(), state.dtype()), state, Ops.like(state, 0))
        : state;
  }

  /// The new states where the step counts, else the old ones.
  private static List<Node> chosen(Node counts, List<Node> after, List<Node> before) {
    List<Node> chosen = new ArrayList<>();
    for (int i = 0; i < after.size(); i++) {
      Node state = after.get(i);
      chosen.add(Ops.select(Ops.cast(counts, state.dtype()), state, before.get(i)));
    }
    return chosen;
  }

  /// One time step: (batch, time, n) becomes (batch, n), and a mask (batch, time) becomes (batch,
  /// 1).
  private static Node at(Node x, int t) {
    Node slice = Ops.slice(x, 1, t, t + 1);
    return x.shape().rank() == 2
        ? slice
        : Ops.reshape(slice, Shape.of(x.shape().dim(0), x.shape().dim(2)));
  }
}
