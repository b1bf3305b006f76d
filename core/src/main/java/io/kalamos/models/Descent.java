package io.kalamos.models;

import io.kalamos.constraints.Constraint;
import io.kalamos.engine.Assign;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Parameter;
import io.kalamos.engine.Variable;
import io.kalamos.optimizers.Update;
import java.util.List;
import java.util.Optional;

/// One weight's part of a training step.
final class Descent implements Update {
  static final String LEARNING_RATE = "learning_rate";
  static final String ITERATION = "iteration";

  private final Variable weight;
  private final Slots slots;
  private final List<Assign> assigns;

  private final Optional<Constraint> constraint;

  Descent(Node parameter, Slots slots, Optional<Constraint> constraint, List<Assign> assigns) {
    this.weight = ((Parameter) parameter.op()).variable();
    this.constraint = constraint;
    this.slots = slots;
    this.assigns = assigns;
  }

  @Override
  public Node learningRate() {
    return Ops.scalar(LEARNING_RATE);
  }

  @Override
  public Node iteration() {
    return Ops.scalar(ITERATION);
  }

  @Override
  public Node slot(String name) {
    return Ops.parameter(slots.get(weight, name));
  }

  @Override
  public void assign(String slot, Node value) {
    Variable variable = slots.get(weight, slot);
    assigns.add(new Assign(variable, Ops.cast(value, variable.dtype()).within("optimizer")));
  }

  @Override
  public void assignWeight(Node value) {
    Node kept = constraint.map(rule -> rule.project(value)).orElse(value);
    assigns.add(new Assign(weight, Ops.cast(kept, weight.dtype()).within("optimizer")));
  }
}
