package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.Unary;
import io.kalamos.options.Refusal;

/// -target * log(prediction) - (1 - target) * log(1 - prediction), the mean over all outputs.
///
/// @param fromLogits whether predictions are the inputs of a sigmoid that the model leaves out
/// @param labelSmoothing how much of each target goes to both sides alike
public record BinaryCrossentropy(boolean fromLogits, double labelSmoothing) implements Loss {
  public BinaryCrossentropy {
    Refusal.unlessBelowOne(
        "BinaryCrossentropy", "labelSmoothing", labelSmoothing, "Use 0.1, or 0 for none.");
  }

  public static BinaryCrossentropy of() {
    return new BinaryCrossentropy(false, 0);
  }

  public BinaryCrossentropy fromLogits(boolean fromLogits) {
    return new BinaryCrossentropy(fromLogits, labelSmoothing);
  }

  public BinaryCrossentropy labelSmoothing(double labelSmoothing) {
    return new BinaryCrossentropy(fromLogits, labelSmoothing);
  }

  @Override
  public String name() {
    return "binary_crossentropy";
  }

  @Override
  public TargetKind target() {
    return TargetKind.PROBABILITY;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node given = Operands.same(name(), target, wide);
    Node z =
        labelSmoothing == 0
            ? given
            : add(multiply(given, 1 - labelSmoothing), 0.5 * labelSmoothing);
    Node each =
        fromLogits
            ? ofLogits(z, wide)
            : Operands.below(Unary.SIGMOID, prediction)
                .map(logits -> ofLogits(z, logits))
                .orElseGet(() -> ofProbabilities(z, wide));
    return Operands.meanOverLast(each);
  }

  /// max(x, 0) - x * z + log(1 + exp(-|x|)): no exponential of a positive number.
  private static Node ofLogits(Node z, Node x) {
    return add(subtract(maximum(x, 0), multiply(x, z)), log(add(exp(neg(abs(x))), 1)));
  }

  private static Node ofProbabilities(Node z, Node prediction) {
    Node p = clip(prediction, LogProbabilities.EPSILON, 1 - LogProbabilities.EPSILON);
    Node hit = multiply(z, log(p));
    return neg(add(hit, multiply(subtract(1, z), log(subtract(1, p)))));
  }
}
