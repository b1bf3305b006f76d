package io.kalamos.optimizers;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.Objects;

/// Divides the gradient by the root of a moving mean of its square (Hinton's lecture 6, 2012): v =
/// rho * v + (1 - rho) * g², w -= rate * g / sqrt(v + epsilon).
///
/// @param centered divides by the variance, v minus the square of the gradient's moving mean
public record RMSprop(
    LearningRateSchedule learningRate,
    double rho,
    double momentum,
    double epsilon,
    boolean centered)
    implements Optimizer {
  public RMSprop {
    Objects.requireNonNull(learningRate);
    Refusal.unlessBelowOne("RMSprop", "rho", rho, "Keras's default is 0.9.");
    Refusal.unlessBelowOne("RMSprop", "momentum", momentum, "Use 0.9, or 0 for none.");
    Refusal.unlessPositive("RMSprop", "epsilon", epsilon, "Keras's default is 1e-7.");
  }

  public static RMSprop of() {
    return of(0.001);
  }

  public static RMSprop of(double learningRate) {
    return of(LearningRateSchedule.constant(learningRate));
  }

  public static RMSprop of(LearningRateSchedule learningRate) {
    return new RMSprop(learningRate, 0.9, 0, 1e-7, false);
  }

  public RMSprop rho(double rho) {
    return new RMSprop(learningRate, rho, momentum, epsilon, centered);
  }

  public RMSprop momentum(double momentum) {
    return new RMSprop(learningRate, rho, momentum, epsilon, centered);
  }

  public RMSprop epsilon(double epsilon) {
    return new RMSprop(learningRate, rho, momentum, epsilon, centered);
  }

  public RMSprop centered(boolean centered) {
    return new RMSprop(learningRate, rho, momentum, epsilon, centered);
  }

  @Override
  public RMSprop withLearningRate(LearningRateSchedule rate) {
    return new RMSprop(rate, rho, momentum, epsilon, centered);
  }

  @Override
  public String name() {
    return "rmsprop";
  }

  @Override
  public void update(Update update, Node weight, Node gradient) {
    Node g = cast(gradient, weight.dtype());
    Node v = average(update, "velocity", square(g));
    Node variance = centered ? subtract(v, square(average(update, "average_gradient", g))) : v;
    Node rate = cast(update.learningRate(), weight.dtype());
    Node step = divide(multiply(g, rate), sqrt(add(variance, epsilon)));
    if (momentum > 0) {
      step = add(multiply(update.slot("momentum"), momentum), step);
      update.assign("momentum", step);
    }
    update.assignWeight(subtract(weight, step));
  }

  private Node average(Update update, String slot, Node value) {
    Node moved = add(multiply(update.slot(slot), rho), multiply(value, 1 - rho));
    update.assign(slot, moved);
    return moved;
  }
}
