package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Objects;

/// Binary cross-entropy times (1 - probability of the truth)^gamma: what is easy counts little.
/// Keras class `BinaryFocalCrossentropy`; Lin et al., "Focal Loss for Dense Object Detection",
/// 2017.
///
/// @param applyClassBalancing whether ones count `alpha` and zeros 1 - `alpha`
/// @param gamma how much less easy samples count
/// @param fromLogits whether predictions are the inputs of a sigmoid that the model leaves out
/// @param labelSmoothing how much of each target goes to both sides alike
/// @param axis over which the mean is taken
public record BinaryFocalCrossentropy(
    String name,
    boolean applyClassBalancing,
    double alpha,
    double gamma,
    boolean fromLogits,
    double labelSmoothing,
    int axis,
    Reduction reduction)
    implements KerasLoss<BinaryFocalCrossentropy> {
  public BinaryFocalCrossentropy {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
    Refusal.unlessBelowOne(
        "BinaryFocalCrossentropy", "labelSmoothing", labelSmoothing, "Use 0.1, or 0 for none.");
    Focus.check("BinaryFocalCrossentropy", alpha, gamma);
  }

  public static BinaryFocalCrossentropy of() {
    return new BinaryFocalCrossentropy(
        "binary_focal_crossentropy", false, 0.25, 2, false, 0, -1, Reduction.SUM_OVER_BATCH_SIZE);
  }

  public BinaryFocalCrossentropy applyClassBalancing(boolean applyClassBalancing) {
    return Vary.of(this, "applyClassBalancing", applyClassBalancing);
  }

  public BinaryFocalCrossentropy alpha(double alpha) {
    return Vary.of(this, "alpha", alpha);
  }

  public BinaryFocalCrossentropy gamma(double gamma) {
    return Vary.of(this, "gamma", gamma);
  }

  public BinaryFocalCrossentropy fromLogits(boolean fromLogits) {
    return Vary.of(this, "fromLogits", fromLogits);
  }

  public BinaryFocalCrossentropy labelSmoothing(double labelSmoothing) {
    return Vary.of(this, "labelSmoothing", labelSmoothing);
  }

  public BinaryFocalCrossentropy axis(int axis) {
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
    Node p = fromLogits ? sigmoid(wide) : wide;
    Node truth = add(multiply(z, p), multiply(subtract(1, z), subtract(1, p)));
    Node hard = power(subtract(1, truth), like(truth, gamma));
    Node each = multiply(hard, BinaryCrossentropy.ofProbabilities(z, p));
    if (applyClassBalancing) {
      each = multiply(add(multiply(z, alpha), multiply(subtract(1, z), 1 - alpha)), each);
    }
    return Operands.meanOverLast(Operands.toLast(name, each, axis));
  }

  private static Node smooth(Node target, double smoothing) {
    return BinaryCrossentropy.smooth(target, smoothing);
  }
}
