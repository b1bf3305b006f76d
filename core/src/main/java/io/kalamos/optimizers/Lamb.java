package io.kalamos.optimizers;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.Objects;

/// Adam's step in each weight brought to the length of the weight (You et al., 2020), for large
/// batches: w -= rate * |w| / |step| * step, where a length of 0 leaves the step as it is.
public record Lamb(
    LearningRateSchedule learningRate,
    double beta1,
    double beta2,
    double epsilon,
    OptimizerOptions options)
    implements WithOptions<Lamb> {
  public Lamb {
    Objects.requireNonNull(learningRate);
    Objects.requireNonNull(options);
    Refusal.unlessBelowOne("Lamb", "beta1", beta1, "Keras's default is 0.9.");
    Refusal.unlessBelowOne("Lamb", "beta2", beta2, "Keras's default is 0.999.");
    Refusal.unlessPositive("Lamb", "epsilon", epsilon, "Keras's default is 1e-7.");
  }

  public static Lamb of() {
    return of(0.001);
  }

  public static Lamb of(double learningRate) {
    return of(LearningRateSchedule.constant(learningRate));
  }

  public static Lamb of(LearningRateSchedule learningRate) {
    return new Lamb(learningRate, 0.9, 0.999, 1e-7, OptimizerOptions.NONE);
  }

  public Lamb beta1(double beta1) {
    return Vary.of(this, "beta1", beta1);
  }

  public Lamb beta2(double beta2) {
    return Vary.of(this, "beta2", beta2);
  }

  public Lamb epsilon(double epsilon) {
    return Vary.of(this, "epsilon", epsilon);
  }

  @Override
  public Lamb options(OptimizerOptions options) {
    return Vary.of(this, "options", options);
  }

  @Override
  public Lamb withLearningRate(LearningRateSchedule rate) {
    return Vary.of(this, "learningRate", rate);
  }

  @Override
  public String name() {
    return "lamb";
  }

  @Override
  public void update(Update update, Node weight, Node gradient) {
    Node g = cast(gradient, weight.dtype());
    Node m = Moments.toward(update, "momentum", g, beta1);
    Node v = Moments.toward(update, "velocity", square(g), beta2);
    Node t = update.iteration();
    Node mean = divide(m, cast(Moments.correction(t, beta1), weight.dtype()));
    Node square = divide(v, cast(Moments.correction(t, beta2), weight.dtype()));
    Node step = divide(mean, add(sqrt(square), epsilon));
    Node rate = cast(update.learningRate(), weight.dtype());
    update.assignWeight(
        subtract(weight, multiply(multiply(step, ratio(length(weight), length(step))), rate)));
  }

  private static Node length(Node vector) {
    return sqrt(sumAll(square(vector)));
  }

  private static Node ratio(Node weight, Node step) {
    Node one = like(weight, 1);
    Node quotient = select(greater(step, 0), divide(weight, step), one);
    return select(greater(weight, 0), quotient, one);
  }
}
