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

/// The mean overlap of chosen classes, what prediction and target share over what either has, for
/// class indices. Keras class `IoU`.
///
/// @param numClasses the number of classes
/// @param targetClassIds the classes that count
/// @param ignoreClass of targets that do not count
/// @param sparseYTrue whether targets are class indices, not one-hot
/// @param sparseYPred whether predictions are class indices, not scores
/// @param axis of the classes where there are scores
public record IoU(
    String name,
    int numClasses,
    List<Integer> targetClassIds,
    OptionalInt ignoreClass,
    boolean sparseYTrue,
    boolean sparseYPred,
    int axis)
    implements KerasMetric<IoU> {
  public IoU {
    Objects.requireNonNull(name);
    targetClassIds = List.copyOf(targetClassIds);
    Overlap.check("IoU", numClasses, targetClassIds);
  }

  public static IoU of(int numClasses, Integer... targetClassIds) {
    return new IoU(
        "io_u", numClasses, List.of(targetClassIds), OptionalInt.empty(), true, true, -1);
  }

  public IoU ignoreClass(int ignoreClass) {
    return Vary.of(this, "ignoreClass", OptionalInt.of(ignoreClass));
  }

  public IoU sparseYTrue(boolean sparseYTrue) {
    return Vary.of(this, "sparseYTrue", sparseYTrue);
  }

  public IoU sparseYPred(boolean sparseYPred) {
    return Vary.of(this, "sparseYPred", sparseYPred);
  }

  public IoU axis(int axis) {
    return Vary.of(this, "axis", axis);
  }

  @Override
  public SequencedMap<String, Node> update(Node target, Node prediction, Optional<Node> weight) {
    return new Overlap(name, numClasses, ignoreClass, sparseYTrue, sparseYPred, axis)
        .update(target, prediction, weight);
  }

  @Override
  public Tensor result(Map<String, Tensor> totals) {
    return Overlap.mean(totals, targetClassIds);
  }
}
