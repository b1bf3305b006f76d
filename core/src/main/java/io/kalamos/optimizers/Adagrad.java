package io.kalamos.optimizers;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.Objects;

/// Divides the gradient by the root of the sum a of all its squares (Duchi et al., 2011): w -= rate
/// * g / sqrt(a + epsilon).
///
/// @param initialAccumulatorValue what the sum begins with
public record Adagrad(
    LearningRateSchedule learningRate,
    double initialAccumulatorValue,
    double epsilon,
    OptimizerOptions options)
    implements WithOptions<Adagrad> {
  public Adagrad {
    Objects.requireNonNull(learningRate);
    Objects.requireNonNull(options);
    Refusal.unlessNotNegative(
        "Adagrad", "initialAccumulatorValue", initialAccumulatorValue, "Keras's default is 0.1.");
    Refusal.unlessPositive("Adagrad", "epsilon", epsilon, "Keras's default is 1e-7.");
  }

  public static Adagrad of() {
    return of(0.001);
  }

  public static Adagrad of(double learningRate) {
    return of(LearningRateSchedule.constant(learningRate));
  }

  public static Adagrad of(LearningRateSchedule learningRate) {
    return new Adagrad(learningRate, 0.1, 1e-7, OptimizerOptions.NONE);
  }

  public Adagrad initialAccumulatorValue(double initialAccumulatorValue) {
    return Vary.of(this, "initialAccumulatorValue", initialAccumulatorValue);
  }

  public Adagrad epsilon(double epsilon) {
    return Vary.of(this, "epsilon", epsilon);
  }

  @Override
  public Adagrad options(OptimizerOptions options) {
    return Vary.of(this, "options", options);
  }

  @Override
  public Adagrad withLearningRate(LearningRateSchedule rate) {
    return Vary.of(this, "learningRate", rate);
  }

  @Override
  public String name() {
    return "adagrad";
  }

  @Override
  public void update(Update update, Node weight, Node gradient) {
    Node g = cast(gradient, weight.dtype());
    Node sum = add(update.slot("accumulator", initialAccumulatorValue), square(g));
    update.assign("accumulator", sum);
    Node rate = cast(update.learningRate(), weight.dtype());
    update.assignWeight(subtract(weight, divide(multiply(g, rate), sqrt(add(sum, epsilon)))));
  }
}
