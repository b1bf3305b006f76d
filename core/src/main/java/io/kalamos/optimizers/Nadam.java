package io.kalamos.optimizers;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.Objects;

/// Adam with Nesterov's look ahead and a momentum that grows from step to step (Dozat, 2015): u(t)
/// = beta1 * (1 - 0.96^t / 2), P(t) = u(1) * ... * u(t), and w -= rate * (u(t+1) / (1 - P(t+1)) * m
/// + (1 - u(t)) / (1 - P(t)) * g) / (sqrt(v / (1 - beta2^t)) + epsilon).
public record Nadam(
    LearningRateSchedule learningRate,
    double beta1,
    double beta2,
    double epsilon,
    OptimizerOptions options)
    implements WithOptions<Nadam> {
  public Nadam {
    Objects.requireNonNull(learningRate);
    Objects.requireNonNull(options);
    Refusal.unlessBelowOne("Nadam", "beta1", beta1, "Keras's default is 0.9.");
    Refusal.unlessBelowOne("Nadam", "beta2", beta2, "Keras's default is 0.999.");
    Refusal.unlessPositive("Nadam", "epsilon", epsilon, "Keras's default is 1e-7.");
  }

  public static Nadam of() {
    return of(0.001);
  }

  public static Nadam of(double learningRate) {
    return of(LearningRateSchedule.constant(learningRate));
  }

  public static Nadam of(LearningRateSchedule learningRate) {
    return new Nadam(learningRate, 0.9, 0.999, 1e-7, OptimizerOptions.NONE);
  }

  public Nadam beta1(double beta1) {
    return Vary.of(this, "beta1", beta1);
  }

  public Nadam beta2(double beta2) {
    return Vary.of(this, "beta2", beta2);
  }

  public Nadam epsilon(double epsilon) {
    return Vary.of(this, "epsilon", epsilon);
  }

  @Override
  public Nadam options(OptimizerOptions options) {
    return Vary.of(this, "options", options);
  }

  @Override
  public Nadam withLearningRate(LearningRateSchedule rate) {
    return Vary.of(this, "learningRate", rate);
  }

  @Override
  public String name() {
    return "nadam";
  }

  @Override
  public void update(Update update, Node weight, Node gradient) {
    Node g = cast(gradient, weight.dtype());
    Node m = Moments.toward(update, "momentum", g, beta1);
    Node v = Moments.toward(update, "velocity", square(g), beta2);
    Node ofMomentum = update.number("nadam_momentum", t -> u(t + 1) / (1 - product(t + 1)));
    Node ofGradient = update.number("nadam_gradient", t -> (1 - u(t)) / (1 - product(t)));
    Node ahead =
        add(
            multiply(m, cast(ofMomentum, weight.dtype())),
            multiply(g, cast(ofGradient, weight.dtype())));
    Node correction = cast(Moments.correction(update.iteration(), beta2), weight.dtype());
    Node rate = cast(update.learningRate(), weight.dtype());
    Node root = sqrt(divide(v, correction));
    update.assignWeight(subtract(weight, divide(multiply(ahead, rate), add(root, epsilon))));
  }

  private double u(long t) {
    return beta1 * (1 - 0.5 * Math.pow(0.96, t));
  }

  /// P(t); factors behind which it no longer differs from 0 are left out.
  private double product(long t) {
    double product = 1;
    for (long i = 1; i <= t && product > 1e-18; i++) {
      product *= u(i);
    }
    return product;
  }
}
