package io.kalamos.metrics;

import io.kalamos.engine.Node;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Vary;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// [MeanIoU] of one-hot targets. Keras class `OneHotMeanIoU`.
///
/// @param numClasses the number of classes
/// @param ignoreClass of targets that do not count
/// @param sparseYPred whether predictions are class indices, not scores
/// @param axis of the classes where there are scores
public record OneHotMeanIoU(
    String name, int numClasses, OptionalInt ignoreClass, boolean sparseYPred, int axis)
    implements KerasMetric<OneHotMeanIoU> {
  public OneHotMeanIoU {
    Objects.requireNonNull(name);
    Overlap.check("OneHotMeanIoU", numClasses);
  }

  public static OneHotMeanIoU of(int numClasses) {
    return new OneHotMeanIoU("one_hot_mean_io_u", numClasses, OptionalInt.empty(), false, -1);
  }

  public OneHotMeanIoU ignoreClass(int ignoreClass) {
    return Vary.of(this, "ignoreClass", OptionalInt.of(ignoreClass));
  }

  public OneHotMeanIoU sparseYPred(boolean sparseYPred) {
    return Vary.of(this, "sparseYPred", sparseYPred);
  }

  public OneHotMeanIoU axis(int axis) {
    return Vary.of(this, "axis", axis);
  }

  @Override
  public SequencedMap<String, Node> update(Node target, Node prediction, Optional<Node> weight) {
    return new Overlap(name, numClasses, ignoreClass, false, sparseYPred, axis)
        .update(target, prediction, weight);
  }

  @Override
  public Tensor result(Map<String, Tensor> totals) {
    return Overlap.mean(totals, Overlap.all(numClasses));
  }
}
