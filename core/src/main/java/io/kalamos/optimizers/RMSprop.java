package io.kalamos.optimizers;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
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
    boolean centered,
    OptimizerOptions options)
    implements WithOptions<RMSprop> {
  public RMSprop {
    Objects.requireNonNull(learningRate);
    Objects.requireNonNull(options);
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
    return new RMSprop(learningRate, 0.9, 0, 1e-7, false, OptimizerOptions.NONE);
  }

  public RMSprop rho(double rho) {
    return Vary.of(this, "rho", rho);
  }

  public RMSprop momentum(double momentum) {
    return Vary.of(this, "momentum", momentum);
  }

  public RMSprop epsilon(double epsilon) {
    return Vary.of(this, "epsilon", epsilon);
  }

  public RMSprop centered(boolean centered) {
    return Vary.of(this, "centered", centered);
  }

  @Override
  public RMSprop options(OptimizerOptions options) {
    return Vary.of(this, "options", options);
  }

  @Override
  public RMSprop withLearningRate(LearningRateSchedule rate) {
    return Vary.of(this, "learningRate", rate);
  }

  @Override
  public String name() {
    return "rmsprop";
  }

  @Override
  public void update(Update update, Node weight, Node gradient) {
    Node g = cast(gradient, weight.dtype());
    Node v = Moments.mixed(update, "velocity", square(g), rho);
    Node variance =
        centered ? subtract(v, square(Moments.mixed(update, "average_gradient", g, rho))) : v;
    Node rate = cast(update.learningRate(), weight.dtype());
    Node step = divide(multiply(g, rate), sqrt(add(variance, epsilon)));
    if (momentum > 0) {
      step = add(multiply(update.slot("momentum"), momentum), step);
      update.assign("momentum", step);
    }
    update.assignWeight(subtract(weight, step));
  }
}
