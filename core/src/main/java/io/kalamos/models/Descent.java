package io.kalamos.models;

import io.kalamos.constraints.Constraint;
import io.kalamos.engine.Assign;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Parameter;
import io.kalamos.engine.Variable;
import io.kalamos.optimizers.OptimizerOptions;
import io.kalamos.optimizers.Update;
import java.util.List;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;

/// One weight's part of a training step: what the optimizer's rule writes, with the common options
/// around it.
final class Descent implements Update {
  static final String LEARNING_RATE = "learning_rate";
  private static final String ITERATION = "iteration";

  /// The slot of a weight's moving average.
  static final String AVERAGE = "average";

  private final Node parameter;
  private final Variable weight;
  private final Slots slots;
  private final OptimizerOptions options;
  private final Optional<Constraint> constraint;
  private final List<Assign> assigns;

  Descent(
      Node parameter,
      Slots slots,
      OptimizerOptions options,
      Optional<Constraint> constraint,
      List<Assign> assigns) {
    this.parameter = parameter;
    this.weight = ((Parameter) parameter.op()).variable();
    this.slots = slots;
    this.options = options;
    this.constraint = constraint;
    this.assigns = assigns;
  }

  /// The gradient that the rule is given: unscaled, and the mean over the steps of an update.
  Node gathered(Node gradient) {
    Node g = Ops.cast(gradient, weight.dtype());
    Node unscaled = options.lossScaleFactor().map(factor -> Ops.divide(g, factor)).orElse(g);
    return options
        .gradientAccumulationSteps()
        .map(
            steps -> {
              Node sum = Ops.add(unscaled, slot("gradient_accumulator"));
              write("gradient_accumulator", Ops.select(due(), Ops.like(sum, 0), sum));
              return Ops.divide(sum, steps);
            })
        .orElse(unscaled);
  }

  /// The weight that the rule is given: a little smaller where it decays.
  Node decayed() {
    if (!options.decays(weight.path())) {
      return parameter;
    }
    Node rate = Ops.cast(learningRate(), weight.dtype());
    Node lost = Ops.multiply(Ops.multiply(parameter, options.weightDecay().orElseThrow()), rate);
    return Ops.subtract(parameter, lost);
  }

  private int stepsOfAnUpdate() {
    return options.gradientAccumulationSteps().orElse(1);
  }

  /// 1 in the steps that make an update.
  private Node due() {
    int steps = stepsOfAnUpdate();
    return count("update_due", done -> (done + 1) % steps == 0 ? 1 : 0);
  }

  private Node count(String name, LongToDoubleFunction ofStepsDone) {
    slots.count(name, ofStepsDone);
    return Ops.scalar(name);
  }

  @Override
  public Node learningRate() {
    return Ops.scalar(LEARNING_RATE);
  }

  @Override
  public Node iteration() {
    return number(ITERATION, t -> t);
  }

  @Override
  public Node number(String name, LongToDoubleFunction ofIteration) {
    int steps = stepsOfAnUpdate();
    return count(name, done -> ofIteration.applyAsDouble(done / steps + 1));
  }

  @Override
  public Node slot(String name, double initial) {
    return Ops.parameter(slots.get(weight, name, initial));
  }

  @Override
  public void assign(String slot, Node value) {
    write(slot, whenDue(value, slot(slot)));
  }

  private Node whenDue(Node value, Node before) {
    return stepsOfAnUpdate() == 1
        ? value
        : Ops.select(due(), Ops.cast(value, before.dtype()), before);
  }

  private void write(String slot, Node value) {
    Variable variable = slots.get(weight, slot, 0);
    assigns.add(new Assign(variable, Ops.cast(value, variable.dtype()).within("optimizer")));
  }

  @Override
  public void assignWeight(Node value) {
    Node updated = whenDue(value, parameter);
    Node followed = options.useEma() ? averaged(updated) : updated;
    Node kept = constraint.map(rule -> rule.project(followed)).orElse(followed);
    assigns.add(new Assign(weight, Ops.cast(kept, weight.dtype()).within("optimizer")));
  }

  /// Lets the average follow; the weight, or the average where it replaces it now.
  private Node averaged(Node value) {
    int steps = stepsOfAnUpdate();
    double stays = options.emaMomentum();
    Node old = Ops.cast(count("ema_momentum", done -> done < steps ? 0 : stays), value.dtype());
    Node average =
        Ops.add(Ops.multiply(slot(AVERAGE), old), Ops.multiply(value, Ops.subtract(1, old)));
    write(AVERAGE, average);
    return options
        .emaOverwriteFrequency()
        .map(
            frequency -> {
              Node now = count("ema_due", done -> (done / steps + 1) % frequency == 0 ? 1 : 0);
              return Ops.select(now, average, value);
            })
        .orElse(value);
  }
}
