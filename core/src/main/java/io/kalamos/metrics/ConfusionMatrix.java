package io.kalamos.metrics;

import io.kalamos.engine.Node;
import io.kalamos.engine.Tensor;
import io.kalamos.losses.Operands;
import io.kalamos.options.Refusal;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// How often each class was taken for each, shape (classes, classes): a row for each class of the
/// targets, a column for each prediction. Weights of samples are added up where there are some.
///
/// Targets are class indices or one-hot, predictions scores (batch, classes); for one output, the
/// classes are 0 and 1 with a threshold of 0.5. [ClassReport] tells more of it.
public record ConfusionMatrix(String name, int numClasses) implements KerasMetric<ConfusionMatrix> {
  public ConfusionMatrix {
    Objects.requireNonNull(name);
    Refusal.unlessAtLeast("ConfusionMatrix", "numClasses", numClasses, 2, "Count all classes.");
  }

  public static ConfusionMatrix of(int numClasses) {
    return new ConfusionMatrix("confusion_matrix", numClasses);
  }

  @Override
  public boolean single() {
    return false;
  }

  @Override
  public SequencedMap<String, Node> update(Node target, Node prediction, Optional<Node> weight) {
    int outputs = prediction.shape().rank() < 2 ? 1 : prediction.shape().dim(-1);
    if (outputs == 1 && numClasses == 2) {
      return BinaryIoU.of().named(name).update(target, prediction, weight);
    }
    if (outputs != numClasses) {
      throw Refusal.of(
          name,
          "scores of " + numClasses + " classes",
          "shape",
          prediction.shape(),
          "Change numClasses or the last layer's units.");
    }
    boolean sparse = !target.shape().equals(prediction.shape());
    Node truth = sparse ? Operands.indices(name, target, Operands.wide(prediction)) : target;
    return new Overlap(name, numClasses, OptionalInt.empty(), sparse, false, -1)
        .update(truth, prediction, weight);
  }

  @Override
  public Tensor result(Map<String, Tensor> totals) {
    return totals.get(Overlap.MATRIX).copy();
  }
}
