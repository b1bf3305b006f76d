package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Objects;

/// Categorical cross-entropy times alpha (1 - prediction)^gamma: what is easy counts little. Keras
/// class `CategoricalFocalCrossentropy`; Lin et al., "Focal Loss for Dense Object Detection", 2017.
///
/// @param alpha by which all classes are multiplied
/// @param gamma how much less easy samples count
/// @param fromLogits whether predictions are the inputs of a softmax that the model leaves out
/// @param labelSmoothing how much of each target goes to all classes alike
/// @param axis of the classes
public record CategoricalFocalCrossentropy(
    String name,
    double alpha,
    double gamma,
    boolean fromLogits,
    double labelSmoothing,
    int axis,
    Reduction reduction)
    implements KerasLoss<CategoricalFocalCrossentropy> {
  public CategoricalFocalCrossentropy {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
    Refusal.unlessBelowOne(
        "CategoricalFocalCrossentropy",
        "labelSmoothing",
        labelSmoothing,
        "Use 0.1, or 0 for none.");
    Focus.check("CategoricalFocalCrossentropy", alpha, gamma);
  }

  public static CategoricalFocalCrossentropy of() {
    return new CategoricalFocalCrossentropy(
        "categorical_focal_crossentropy", 0.25, 2, false, 0, -1, Reduction.SUM_OVER_BATCH_SIZE);
  }

  public CategoricalFocalCrossentropy alpha(double alpha) {
    return Vary.of(this, "alpha", alpha);
  }

  public CategoricalFocalCrossentropy gamma(double gamma) {
    return Vary.of(this, "gamma", gamma);
  }

  public CategoricalFocalCrossentropy fromLogits(boolean fromLogits) {
    return Vary.of(this, "fromLogits", fromLogits);
  }

  public CategoricalFocalCrossentropy labelSmoothing(double labelSmoothing) {
    return Vary.of(this, "labelSmoothing", labelSmoothing);
  }

  public CategoricalFocalCrossentropy axis(int axis) {
    return Vary.of(this, "axis", axis);
  }

  @Override
  public TargetKind target() {
    return TargetKind.ONE_HOT;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node classes = Operands.wide(Operands.toLast(name, prediction, axis));
    Node given = Operands.toLast(name, Operands.oneHot(name, target, prediction), axis);
    Node smooth = CategoricalCrossentropy.smooth(given, labelSmoothing, target);
    Node shares = fromLogits ? softmax(classes) : divide(classes, sumLast(classes));
    Node p = clip(shares, LogProbabilities.EPSILON, 1 - LogProbabilities.EPSILON);
    Node hard = multiply(power(subtract(1, p), like(p, gamma)), alpha);
    return Operands.sumOverLast(multiply(hard, neg(multiply(smooth, log(p)))));
  }
}
