package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.ShapeException;
import io.kalamos.options.Refusal;

/// -sum(target * log(prediction)) for targets that are probabilities of the classes, one-hot in
/// most cases.
///
/// @param fromLogits whether predictions are the inputs of a softmax that the model leaves out
/// @param labelSmoothing how much of each target goes to all classes alike
public record CategoricalCrossentropy(boolean fromLogits, double labelSmoothing) implements Loss {
  public CategoricalCrossentropy {
    Refusal.unlessBelowOne(
        "CategoricalCrossentropy", "labelSmoothing", labelSmoothing, "Use 0.1, or 0 for none.");
  }

  public static CategoricalCrossentropy of() {
    return new CategoricalCrossentropy(false, 0);
  }

  public CategoricalCrossentropy fromLogits(boolean fromLogits) {
    return new CategoricalCrossentropy(fromLogits, labelSmoothing);
  }

  public CategoricalCrossentropy labelSmoothing(double labelSmoothing) {
    return new CategoricalCrossentropy(fromLogits, labelSmoothing);
  }

  @Override
  public String name() {
    return "categorical_crossentropy";
  }

  @Override
  public TargetKind target() {
    return TargetKind.ONE_HOT;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node logs = LogProbabilities.of(prediction, fromLogits);
    return Operands.withoutLast(neg(sumLast(multiply(smooth(oneHot(target, logs)), logs))));
  }

  private Node oneHot(Node target, Node logs) {
    if (!target.shape().equals(logs.shape())) {
      throw new ShapeException(
          name()
              + ": expected one-hot targets of the predictions' shape "
              + logs.shape()
              + ", received target="
              + target.dtype()
              + target.shape()
              + ". For class indices use sparse_categorical_crossentropy.");
    }
    return cast(target, logs.dtype());
  }

  private Node smooth(Node target) {
    return labelSmoothing == 0
        ? target
        : add(multiply(target, 1 - labelSmoothing), labelSmoothing / target.shape().dim(-1));
  }
}
