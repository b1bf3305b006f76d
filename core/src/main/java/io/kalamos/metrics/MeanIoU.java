package io.kalamos.metrics;

import io.kalamos.engine.Node;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Vary;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// The mean overlap of all classes, what prediction and target share over what either has, for
/// class indices. Keras class `MeanIoU`.
///
/// @param numClasses the number of classes
/// @param ignoreClass of targets that do not count
/// @param sparseYTrue whether targets are class indices, not one-hot
/// @param sparseYPred whether predictions are class indices, not scores
/// @param axis of the classes where there are scores
public record MeanIoU(
    String name,
    int numClasses,
    OptionalInt ignoreClass,
    boolean sparseYTrue,
    boolean sparseYPred,
    int axis)
    implements KerasMetric<MeanIoU> {
  public MeanIoU {
    Objects.requireNonNull(name);
    Overlap.check("MeanIoU", numClasses);
  }

  public static MeanIoU of(int numClasses) {
    return new MeanIoU("mean_io_u", numClasses, OptionalInt.empty(), true, true, -1);
  }

  public MeanIoU ignoreClass(int ignoreClass) {
    return Vary.of(this, "ignoreClass", OptionalInt.of(ignoreClass));
  }

  public MeanIoU sparseYTrue(boolean sparseYTrue) {
    return Vary.of(this, "sparseYTrue", sparseYTrue);
  }

  public MeanIoU sparseYPred(boolean sparseYPred) {
    return Vary.of(this, "sparseYPred", sparseYPred);
  }

  public MeanIoU axis(int axis) {
    return Vary.of(this, "axis", axis);
  }

  @Override
  public SequencedMap<String, Node> update(Node target, Node prediction, Optional<Node> weight) {
    return new Overlap(name, numClasses, ignoreClass, sparseYTrue, sparseYPred, axis)
        .update(target, prediction, weight);
  }

  @Override
  public Tensor result(Map<String, Tensor> totals) {
    return Overlap.mean(totals, Overlap.all(numClasses));
  }
}
