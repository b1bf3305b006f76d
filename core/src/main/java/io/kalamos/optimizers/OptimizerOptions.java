package io.kalamos.optimizers;

import io.kalamos.options.Grouped;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What Keras's optimizers have in common around their rules: what happens to a gradient before the
/// rule sees it, and to a weight before and after. All of it is off unless asked for.
///
/// In a step gradients are unscaled, gathered and clipped, weights decay, the rule is applied, the
/// averages follow, and constraints come last.
///
/// @param weightDecay the part of a weight, times the learning rate, that is taken off before each
///   update
/// @param clipnorm the greatest length of each weight's gradient
/// @param clipvalue the greatest size of each element of a gradient
/// @param globalClipnorm the greatest length of all gradients together
/// @param useEma whether moving averages of the weights are kept, which replace the weights at the
///   end of training
/// @param emaMomentum the part of an average that stays at each step
/// @param emaOverwriteFrequency updates after which the averages replace the weights; empty for at
///   the end of training only
/// @param lossScaleFactor multiplies the loss before gradients are taken and divides them after;
///   float32 and bfloat16 do not need it
/// @param gradientAccumulationSteps steps whose mean gradient makes one update; schedules count
///   steps, rules count updates
/// @param excludeFromWeightDecay texts of weights that do not decay: where one is found in the
///   weight's name, such as `bias`, or, if it has a `/`, in its path, such as `dense_1/`
public record OptimizerOptions(
    Optional<Double> weightDecay,
    Optional<Double> clipnorm,
    Optional<Double> clipvalue,
    Optional<Double> globalClipnorm,
    boolean useEma,
    double emaMomentum,
    Optional<Integer> emaOverwriteFrequency,
    Optional<Double> lossScaleFactor,
    Optional<Integer> gradientAccumulationSteps,
    List<String> excludeFromWeightDecay)
    implements Grouped {
  /// Nothing but the rule.
  public static final OptimizerOptions NONE =
      new OptimizerOptions(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false,
          0.99,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of());

  private static final String WHERE = "optimizer";

  public OptimizerOptions {
    excludeFromWeightDecay = List.copyOf(excludeFromWeightDecay);
    weightDecay.ifPresent(
        rate -> Refusal.unlessNotNegative(WHERE, "weightDecay", rate, "AdamW's default is 0.004."));
    String toDo = "Use 1, or leave it out.";
    clipnorm.ifPresent(norm -> Refusal.unlessPositive(WHERE, "clipnorm", norm, toDo));
    clipvalue.ifPresent(value -> Refusal.unlessPositive(WHERE, "clipvalue", value, toDo));
    globalClipnorm.ifPresent(norm -> Refusal.unlessPositive(WHERE, "globalClipnorm", norm, toDo));
    if (Stream.of(clipnorm, clipvalue, globalClipnorm).filter(Optional::isPresent).count() > 1) {
      throw Refusal.of(
          WHERE,
          "one of clipnorm, clipvalue and globalClipnorm",
          "clipnorm",
          text(clipnorm)
              + ", clipvalue="
              + text(clipvalue)
              + ", globalClipnorm="
              + text(globalClipnorm),
          "Leave the others out.");
    }
    if (!(emaMomentum >= 0 && emaMomentum <= 1)) {
      throw Refusal.of(
          WHERE, "emaMomentum from 0 to 1", "emaMomentum", emaMomentum, "Keras's default is 0.99.");
    }
    emaOverwriteFrequency.ifPresent(
        updates ->
            Refusal.unlessAtLeast(
                WHERE,
                "emaOverwriteFrequency",
                updates,
                1,
                "Leave it out to take the averages at the end of training."));
    lossScaleFactor.ifPresent(
        factor -> Refusal.unlessPositive(WHERE, "lossScaleFactor", factor, "Leave it out."));
    gradientAccumulationSteps.ifPresent(
        steps ->
            Refusal.unlessAtLeast(
                WHERE,
                "gradientAccumulationSteps",
                steps,
                2,
                "Leave it out to update at each step."));
  }

  private static String text(Optional<Double> value) {
    return value.map(String::valueOf).orElse("none");
  }

  OptimizerOptions with(String option, Object value) {
    return Vary.of(this, option, value);
  }

  /// Whether a weight of this path decays.
  public boolean decays(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return weightDecay.isPresent()
        && excludeFromWeightDecay.stream()
            .noneMatch(text -> (text.contains("/") ? path : name).contains(text));
  }
}
