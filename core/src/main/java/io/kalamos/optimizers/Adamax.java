package io.kalamos.optimizers;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.Objects;

/// Adam with the greatest gradient of late in the place of the root of v (Kingma and Ba, 2015,
/// section 7.1): u = max(beta2 * u, |g|), w -= rate * m / ((1 - beta1^t) * (u + epsilon)).
public record Adamax(
    LearningRateSchedule learningRate,
    double beta1,
    double beta2,
    double epsilon,
    OptimizerOptions options)
    implements WithOptions<Adamax> {
  public Adamax {
    Objects.requireNonNull(learningRate);
    Objects.requireNonNull(options);
    Refusal.unlessBelowOne("Adamax", "beta1", beta1, "Keras's default is 0.9.");
    Refusal.unlessBelowOne("Adamax", "beta2", beta2, "Keras's default is 0.999.");
    Refusal.unlessPositive("Adamax", "epsilon", epsilon, "Keras's default is 1e-7.");
  }

  public static Adamax of() {
    return of(0.001);
  }

  public static Adamax of(double learningRate) {
    return of(LearningRateSchedule.constant(learningRate));
  }

  public static Adamax of(LearningRateSchedule learningRate) {
    return new Adamax(learningRate, 0.9, 0.999, 1e-7, OptimizerOptions.NONE);
  }

  public Adamax beta1(double beta1) {
    return Vary.of(this, "beta1", beta1);
  }

  public Adamax beta2(double beta2) {
    return Vary.of(this, "beta2", beta2);
  }

  public Adamax epsilon(double epsilon) {
    return Vary.of(this, "epsilon", epsilon);
  }

  @Override
  public Adamax options(OptimizerOptions options) {
    return Vary.of(this, "options", options);
  }

  @Override
  public Adamax withLearningRate(LearningRateSchedule rate) {
    return Vary.of(this, "learningRate", rate);
  }

  @Override
  public String name() {
    return "adamax";
  }

  @Override
  public void update(Update update, Node weight, Node gradient) {
    Node g = cast(gradient, weight.dtype());
    Node m = Moments.toward(update, "momentum", g, beta1);
    Node u = maximum(multiply(update.slot("norm"), beta2), abs(g));
    update.assign("norm", u);
    Node rate = cast(update.learningRate(), weight.dtype());
    Node correction = cast(Moments.correction(update.iteration(), beta1), weight.dtype());
    Node scale = multiply(add(u, epsilon), correction);
    update.assignWeight(subtract(weight, divide(multiply(m, rate), scale)));
  }
}
