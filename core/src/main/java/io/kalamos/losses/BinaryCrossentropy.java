package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.Unary;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Objects;

/// -target * log(prediction) - (1 - target) * log(1 - prediction), the mean over an axis. Keras
/// class `BinaryCrossentropy`.
///
/// @param fromLogits whether predictions are the inputs of a sigmoid that the model leaves out
/// @param labelSmoothing how much of each target goes to both sides alike
/// @param axis over which the mean is taken
public record BinaryCrossentropy(
    String name, boolean fromLogits, double labelSmoothing, int axis, Reduction reduction)
    implements KerasLoss<BinaryCrossentropy> {
  public BinaryCrossentropy {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
    Refusal.unlessBelowOne(
        "BinaryCrossentropy", "labelSmoothing", labelSmoothing, "Use 0.1, or 0 for none.");
  }

  public static BinaryCrossentropy of() {
    return new BinaryCrossentropy(
        "binary_crossentropy", false, 0, -1, Reduction.SUM_OVER_BATCH_SIZE);
  }

  public BinaryCrossentropy fromLogits(boolean fromLogits) {
    return Vary.of(this, "fromLogits", fromLogits);
  }

  public BinaryCrossentropy labelSmoothing(double labelSmoothing) {
    return Vary.of(this, "labelSmoothing", labelSmoothing);
  }

  public BinaryCrossentropy axis(int axis) {
    return Vary.of(this, "axis", axis);
  }

  @Override
  public TargetKind target() {
    return TargetKind.PROBABILITY;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node z = smooth(Operands.same(name, target, wide), labelSmoothing);
    Node each =
        fromLogits
            ? ofLogits(z, wide)
            : Operands.below(Unary.SIGMOID, prediction)
                .map(logits -> ofLogits(z, logits))
                .orElseGet(() -> ofProbabilities(z, wide));
    return Operands.meanOverLast(Operands.toLast(name, each, axis));
  }

  static Node smooth(Node target, double smoothing) {
    return smoothing == 0 ? target : add(multiply(target, 1 - smoothing), 0.5 * smoothing);
  }

  /// max(x, 0) - x * z + log(1 + exp(-|x|)): no exponential of a positive number.
  private static Node ofLogits(Node z, Node x) {
    return add(subtract(maximum(x, 0), multiply(x, z)), log(add(exp(neg(abs(x))), 1)));
  }

  static Node ofProbabilities(Node z, Node prediction) {
    Node p = clip(prediction, LogProbabilities.EPSILON, 1 - LogProbabilities.EPSILON);
    Node hit = multiply(z, log(p));
    return neg(add(hit, multiply(subtract(1, z), log(subtract(1, p)))));
  }
}
