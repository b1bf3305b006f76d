package io.kalamos.metrics;

import io.kalamos.engine.Node;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Vary;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// [IoU] of one-hot targets. Keras class `OneHotIoU`.
///
/// @param numClasses the number of classes
/// @param targetClassIds the classes that count
/// @param ignoreClass of targets that do not count
/// @param sparseYPred whether predictions are class indices, not scores
/// @param axis of the classes where there are scores
public record OneHotIoU(
    String name,
    int numClasses,
    List<Integer> targetClassIds,
    OptionalInt ignoreClass,
    boolean sparseYPred,
    int axis)
    implements KerasMetric<OneHotIoU> {
  public OneHotIoU {
    Objects.requireNonNull(name);
    targetClassIds = List.copyOf(targetClassIds);
    Overlap.check("OneHotIoU", numClasses, targetClassIds);
  }

  public static OneHotIoU of(int numClasses, Integer... targetClassIds) {
    return new OneHotIoU(
        "one_hot_io_u", numClasses, List.of(targetClassIds), OptionalInt.empty(), false, -1);
  }

  public OneHotIoU ignoreClass(int ignoreClass) {
    return Vary.of(this, "ignoreClass", OptionalInt.of(ignoreClass));
  }

  public OneHotIoU sparseYPred(boolean sparseYPred) {
    return Vary.of(this, "sparseYPred", sparseYPred);
  }

  public OneHotIoU axis(int axis) {
    return Vary.of(this, "axis", axis);
  }

  @Override
  public SequencedMap<String, Node> update(Node target, Node prediction, Optional<Node> weight) {
    return new Overlap(name, numClasses, ignoreClass, false, sparseYPred, axis)
        .update(target, prediction, weight);
  }

  @Override
  public Tensor result(Map<String, Tensor> totals) {
    return Overlap.mean(totals, targetClassIds);
  }
}
