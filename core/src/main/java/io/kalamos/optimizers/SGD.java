package io.kalamos.optimizers;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.Objects;

/// Gradient descent: w -= rate * g. With momentum m = momentum * m - rate * g and w += m, or, in
/// Nesterov's form, w += momentum * m - rate * g.
public record SGD(
    LearningRateSchedule learningRate, double momentum, boolean nesterov, OptimizerOptions options)
    implements WithOptions<SGD> {
  public SGD {
    Objects.requireNonNull(learningRate);
    Objects.requireNonNull(options);
    Refusal.unlessBelowOne("SGD", "momentum", momentum, "Use 0.9, or 0 for none.");
  }

  public static SGD of() {
    return of(0.01);
  }

  public static SGD of(double learningRate) {
    return of(LearningRateSchedule.constant(learningRate));
  }

  public static SGD of(LearningRateSchedule learningRate) {
    return new SGD(learningRate, 0, false, OptimizerOptions.NONE);
  }

  public SGD momentum(double momentum) {
    return Vary.of(this, "momentum", momentum);
  }

  /// Looks ahead: uses the gradient where the momentum leads.
  public SGD nesterov(boolean nesterov) {
    return Vary.of(this, "nesterov", nesterov);
  }

  @Override
  public SGD options(OptimizerOptions options) {
    return Vary.of(this, "options", options);
  }

  @Override
  public SGD withLearningRate(LearningRateSchedule rate) {
    return Vary.of(this, "learningRate", rate);
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
