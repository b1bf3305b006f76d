package io.kalamos.optimizers;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.Objects;

/// Moving means m of the gradient and v of its square, corrected for their start at zero (Kingma
/// and Ba, 2015, the form before section 2.1): w -= alpha * m / (sqrt(v) + epsilon) with alpha =
/// rate * sqrt(1 - beta2^t) / (1 - beta1^t) at step t.
///
/// @param amsgrad divides by the greatest v so far (Reddi et al., 2018)
public record Adam(
    LearningRateSchedule learningRate,
    double beta1,
    double beta2,
    double epsilon,
    boolean amsgrad,
    OptimizerOptions options)
    implements WithOptions<Adam> {
  public Adam {
    Objects.requireNonNull(learningRate);
    Objects.requireNonNull(options);
    Refusal.unlessBelowOne("Adam", "beta1", beta1, "Keras's default is 0.9.");
    Refusal.unlessBelowOne("Adam", "beta2", beta2, "Keras's default is 0.999.");
    Refusal.unlessPositive("Adam", "epsilon", epsilon, "Keras's default is 1e-7.");
  }

  public static Adam of() {
    return of(0.001);
  }

  public static Adam of(double learningRate) {
    return of(LearningRateSchedule.constant(learningRate));
  }

  public static Adam of(LearningRateSchedule learningRate) {
    return new Adam(learningRate, 0.9, 0.999, 1e-7, false, OptimizerOptions.NONE);
  }

  public Adam beta1(double beta1) {
    return Vary.of(this, "beta1", beta1);
  }

  public Adam beta2(double beta2) {
    return Vary.of(this, "beta2", beta2);
  }

  public Adam epsilon(double epsilon) {
    return Vary.of(this, "epsilon", epsilon);
  }

  public Adam amsgrad(boolean amsgrad) {
    return Vary.of(this, "amsgrad", amsgrad);
  }

  @Override
  public Adam options(OptimizerOptions options) {
    return Vary.of(this, "options", options);
  }

  @Override
  public Adam withLearningRate(LearningRateSchedule rate) {
    return Vary.of(this, "learningRate", rate);
  }

  @Override
  public String name() {
    return "adam";
  }

  @Override
  public void update(Update update, Node weight, Node gradient) {
    Node g = cast(gradient, weight.dtype());
    Node m = Moments.toward(update, "momentum", g, beta1);
    Node v = Moments.toward(update, "velocity", square(g), beta2);
    if (amsgrad) {
      v = maximum(update.slot("velocity_hat"), v);
      update.assign("velocity_hat", v);
    }
    Node alpha = cast(alpha(update), weight.dtype());
    update.assignWeight(subtract(weight, divide(multiply(m, alpha), add(sqrt(v), epsilon))));
  }

  /// A single number: the rate with both corrections.
  private Node alpha(Update update) {
    Node t = update.iteration();
    return divide(
        multiply(update.learningRate(), sqrt(Moments.correction(t, beta2))),
        Moments.correction(t, beta1));
  }
}
