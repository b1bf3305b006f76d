package io.kalamos.optimizers;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.Objects;
import java.util.Optional;

/// Adam whose weights decay by themselves instead of through their gradients (Loshchilov and
/// Hutter, 2019); the only optimizer with a weight decay, 0.004, when nothing is said.
///
/// @param amsgrad divides by the greatest v so far (Reddi et al., 2018)
public record AdamW(
    LearningRateSchedule learningRate,
    double beta1,
    double beta2,
    double epsilon,
    boolean amsgrad,
    OptimizerOptions options)
    implements WithOptions<AdamW> {
  public AdamW {
    Objects.requireNonNull(learningRate);
    Objects.requireNonNull(options);
    if (options.weightDecay().isEmpty()) {
      throw Refusal.of("AdamW", "a weightDecay", "weightDecay", "none", "Use Adam for no decay.");
    }
    Refusal.unlessBelowOne("AdamW", "beta1", beta1, "Keras's default is 0.9.");
    Refusal.unlessBelowOne("AdamW", "beta2", beta2, "Keras's default is 0.999.");
    Refusal.unlessPositive("AdamW", "epsilon", epsilon, "Keras's default is 1e-7.");
  }

  public static AdamW of() {
    return of(0.001);
  }

  public static AdamW of(double learningRate) {
    return of(LearningRateSchedule.constant(learningRate));
  }

  public static AdamW of(LearningRateSchedule learningRate) {
    return new AdamW(
        learningRate,
        0.9,
        0.999,
        1e-7,
        false,
        OptimizerOptions.NONE.with("weightDecay", Optional.of(0.004)));
  }

  public AdamW beta1(double beta1) {
    return Vary.of(this, "beta1", beta1);
  }

  public AdamW beta2(double beta2) {
    return Vary.of(this, "beta2", beta2);
  }

  public AdamW epsilon(double epsilon) {
    return Vary.of(this, "epsilon", epsilon);
  }

  public AdamW amsgrad(boolean amsgrad) {
    return Vary.of(this, "amsgrad", amsgrad);
  }

  @Override
  public AdamW options(OptimizerOptions options) {
    return Vary.of(this, "options", options);
  }

  @Override
  public AdamW withLearningRate(LearningRateSchedule rate) {
    return Vary.of(this, "learningRate", rate);
  }

  @Override
  public String name() {
    return "adamw";
  }

  @Override
  public void update(Update update, Node weight, Node gradient) {
    new Adam(learningRate, beta1, beta2, epsilon, amsgrad, options)
        .update(update, weight, gradient);
  }
}
