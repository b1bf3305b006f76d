package io.kalamos.optimizers;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.Objects;

/// Steps of one length, with the sign of a mix of momentum and gradient (Chen et al., 2023): w -=
/// rate * sign(beta1 * m + (1 - beta1) * g), m = beta2 * m + (1 - beta2) * g. Wants a rate 3 to 10
/// times smaller than Adam's.
public record Lion(
    LearningRateSchedule learningRate, double beta1, double beta2, OptimizerOptions options)
    implements WithOptions<Lion> {
  public Lion {
    Objects.requireNonNull(learningRate);
    Objects.requireNonNull(options);
    if (!(beta1 > 0 && beta1 <= 1)) {
      throw Refusal.of(
          "Lion", "beta1 above 0 and up to 1", "beta1", beta1, "Keras's default is 0.9.");
    }
    Refusal.unlessBelowOne("Lion", "beta2", beta2, "Keras's default is 0.99.");
  }

  public static Lion of() {
    return of(0.001);
  }

  public static Lion of(double learningRate) {
    return of(LearningRateSchedule.constant(learningRate));
  }

  public static Lion of(LearningRateSchedule learningRate) {
    return new Lion(learningRate, 0.9, 0.99, OptimizerOptions.NONE);
  }

  public Lion beta1(double beta1) {
    return Vary.of(this, "beta1", beta1);
  }

  public Lion beta2(double beta2) {
    return Vary.of(this, "beta2", beta2);
  }

  @Override
  public Lion options(OptimizerOptions options) {
    return Vary.of(this, "options", options);
  }

  @Override
  public Lion withLearningRate(LearningRateSchedule rate) {
    return Vary.of(this, "learningRate", rate);
  }

  @Override
  public String name() {
    return "lion";
  }

  @Override
  public void update(Update update, Node weight, Node gradient) {
    Node g = cast(gradient, weight.dtype());
    Node mix = add(multiply(update.slot("momentum"), beta1), multiply(g, 1 - beta1));
    Moments.mixed(update, "momentum", g, beta2);
    Node rate = cast(update.learningRate(), weight.dtype());
    update.assignWeight(subtract(weight, multiply(sign(mix), rate)));
  }
}
