package io.kalamos.optimizers;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.Objects;

/// Gradient descent: w -= rate * g. With momentum m = momentum * m - rate * g and w += m, or, in
/// Nesterov's form, w += momentum * m - rate * g.
public record SGD(LearningRateSchedule learningRate, double momentum, boolean nesterov)
    implements Optimizer {
  public SGD {
    Objects.requireNonNull(learningRate);
    Refusal.unlessBelowOne("SGD", "momentum", momentum, "Use 0.9, or 0 for none.");
  }

  public static SGD of() {
    return of(0.01);
  }

  public static SGD of(double learningRate) {
    return of(LearningRateSchedule.constant(learningRate));
  }

  public static SGD of(LearningRateSchedule learningRate) {
    return new SGD(learningRate, 0, false);
  }

  public SGD momentum(double momentum) {
    return new SGD(learningRate, momentum, nesterov);
  }

  /// Looks ahead: uses the gradient where the momentum leads.
  public SGD nesterov(boolean nesterov) {
    return new SGD(learningRate, momentum, nesterov);
  }

  @Override
  public SGD withLearningRate(LearningRateSchedule rate) {
    return new SGD(rate, momentum, nesterov);
  }

  @Override
  public String name() {
    return "sgd";
  }

  @Override
  public void update(Update update, Node weight, Node gradient) {
    Node rate = cast(update.learningRate(), weight.dtype());
    Node step = multiply(cast(gradient, weight.dtype()), rate);
    if (momentum == 0) {
      update.assignWeight(subtract(weight, step));
      return;
    }
    Node m = subtract(multiply(update.slot("momentum"), momentum), step);
    update.assign("momentum", m);
    update.assignWeight(add(weight, nesterov ? subtract(multiply(m, momentum), step) : m));
  }
}
