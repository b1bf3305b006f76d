package io.kalamos.optimizers;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.Objects;

/// Moving means m of the gradient and v of its square, corrected for their start at zero (Kingma
/// and Ba, 2015, the form before section 2.1): w -= alpha * m / (sqrt(v) + epsilon) with alpha =
/// rate * sqrt(1 - beta2^t) / (1 - beta1^t) at step t.
///
/// @param amsgrad divides by the greatest v so far (Reddi et al., 2018)
public record Adam(
    LearningRateSchedule learningRate, double beta1, double beta2, double epsilon, boolean amsgrad)
    implements Optimizer {
  public Adam {
    Objects.requireNonNull(learningRate);
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
    return new Adam(learningRate, 0.9, 0.999, 1e-7, false);
  }

  public Adam beta1(double beta1) {
    return new Adam(learningRate, beta1, beta2, epsilon, amsgrad);
  }

  public Adam beta2(double beta2) {
    return new Adam(learningRate, beta1, beta2, epsilon, amsgrad);
  }

  public Adam epsilon(double epsilon) {
    return new Adam(learningRate, beta1, beta2, epsilon, amsgrad);
  }

  public Adam amsgrad(boolean amsgrad) {
    return new Adam(learningRate, beta1, beta2, epsilon, amsgrad);
  }

  @Override
  public Adam withLearningRate(LearningRateSchedule rate) {
    return new Adam(rate, beta1, beta2, epsilon, amsgrad);
  }

  @Override
  public String name() {
    return "adam";
  }

  @Override
  public void update(Update update, Node weight, Node gradient) {
    Node g = cast(gradient, weight.dtype());
    Node m = moved(update, "momentum", g, beta1);
    Node v = moved(update, "velocity", square(g), beta2);
    if (amsgrad) {
      v = maximum(update.slot("velocity_hat"), v);
      update.assign("velocity_hat", v);
    }
    Node alpha = cast(alpha(update), weight.dtype());
    update.assignWeight(subtract(weight, divide(multiply(m, alpha), add(sqrt(v), epsilon))));
  }

  private static Node moved(Update update, String slot, Node value, double beta) {
    Node old = update.slot(slot);
    Node moved = add(old, multiply(subtract(value, old), 1 - beta));
    update.assign(slot, moved);
    return moved;
  }

  /// A single number: the rate with both corrections.
  private Node alpha(Update update) {
    Node t = update.iteration();
    Node first = subtract(1, power(like(t, beta1), t));
    Node second = subtract(1, power(like(t, beta2), t));
    return divide(multiply(update.learningRate(), sqrt(second)), first);
  }
}
