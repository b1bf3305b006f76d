package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Objects;

/// -sum(target * log(prediction)) for targets that are probabilities of the classes, one-hot in
/// most cases. Keras class `CategoricalCrossentropy`.
///
/// @param fromLogits whether predictions are the inputs of a softmax that the model leaves out
/// @param labelSmoothing how much of each target goes to all classes alike
/// @param axis of the classes
public record CategoricalCrossentropy(
    String name, boolean fromLogits, double labelSmoothing, int axis, Reduction reduction)
    implements KerasLoss<CategoricalCrossentropy> {
  public CategoricalCrossentropy {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
    Refusal.unlessBelowOne(
        "CategoricalCrossentropy", "labelSmoothing", labelSmoothing, "Use 0.1, or 0 for none.");
  }

  public static CategoricalCrossentropy of() {
    return new CategoricalCrossentropy(
        "categorical_crossentropy", false, 0, -1, Reduction.SUM_OVER_BATCH_SIZE);
  }

  public CategoricalCrossentropy fromLogits(boolean fromLogits) {
    return Vary.of(this, "fromLogits", fromLogits);
  }

  public CategoricalCrossentropy labelSmoothing(double labelSmoothing) {
    return Vary.of(this, "labelSmoothing", labelSmoothing);
  }

  public CategoricalCrossentropy axis(int axis) {
    return Vary.of(this, "axis", axis);
  }

  @Override
  public TargetKind target() {
    return TargetKind.ONE_HOT;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node logs = LogProbabilities.of(Operands.toLast(name, prediction, axis), fromLogits);
    Node given = Operands.toLast(name, Operands.oneHot(name, target, prediction), axis);
    Node smooth = smooth(given, labelSmoothing, target);
    return Operands.withoutLast(neg(sumLast(multiply(smooth, logs))));
  }

  /// Smoothing by the size of the last axis, as Keras has it whatever the axis of the classes.
  static Node smooth(Node given, double smoothing, Node target) {
    return smoothing == 0
        ? given
        : add(multiply(given, 1 - smoothing), smoothing / target.shape().dim(-1));
  }
}
