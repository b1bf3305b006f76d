package io.kalamos.optimizers;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.Objects;

/// Steps as long as those of late, divided by gradients of late (Zeiler, 2012): with moving means v
/// of the gradient's square and d of the step's, step = -sqrt(d + epsilon) / sqrt(v + epsilon) * g
/// and w += rate * step. The paper's rate is 1.
public record Adadelta(
    LearningRateSchedule learningRate, double rho, double epsilon, OptimizerOptions options)
    implements WithOptions<Adadelta> {
  public Adadelta {
    Objects.requireNonNull(learningRate);
    Objects.requireNonNull(options);
    Refusal.unlessBelowOne("Adadelta", "rho", rho, "Keras's default is 0.95.");
    Refusal.unlessPositive("Adadelta", "epsilon", epsilon, "Keras's default is 1e-7.");
  }

  public static Adadelta of() {
    return of(0.001);
  }

  public static Adadelta of(double learningRate) {
    return of(LearningRateSchedule.constant(learningRate));
  }

  public static Adadelta of(LearningRateSchedule learningRate) {
    return new Adadelta(learningRate, 0.95, 1e-7, OptimizerOptions.NONE);
  }

  public Adadelta rho(double rho) {
    return Vary.of(this, "rho", rho);
  }

  public Adadelta epsilon(double epsilon) {
    return Vary.of(this, "epsilon", epsilon);
  }

  @Override
  public Adadelta options(OptimizerOptions options) {
    return Vary.of(this, "options", options);
  }

  @Override
  public Adadelta withLearningRate(LearningRateSchedule rate) {
    return Vary.of(this, "learningRate", rate);
  }

  @Override
  public String name() {
    return "adadelta";
  }

  @Override
  public void update(Update update, Node weight, Node gradient) {
    Node g = cast(gradient, weight.dtype());
    Node v = Moments.mixed(update, "accumulated_grad", square(g), rho);
    Node before = update.slot("accumulated_delta_var");
    Node step = neg(divide(multiply(root(before), g), root(v)));
    Moments.mixed(update, "accumulated_delta_var", square(step), rho);
    Node rate = cast(update.learningRate(), weight.dtype());
    update.assignWeight(add(weight, multiply(step, rate)));
  }

  private Node root(Node mean) {
    return sqrt(add(mean, epsilon));
  }
}
