package io.kalamos.metrics;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.Tensor;
import io.kalamos.losses.Operands;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// The mean overlap of zeros and ones where predictions from a threshold on say one. Keras class
/// `BinaryIoU`.
///
/// @param targetClassIds which of 0 and 1 count
public record BinaryIoU(String name, List<Integer> targetClassIds, double threshold)
    implements KerasMetric<BinaryIoU> {
  public BinaryIoU {
    Objects.requireNonNull(name);
    targetClassIds = List.copyOf(targetClassIds);
    Overlap.check("BinaryIoU", 2, targetClassIds);
    Refusal.unlessFinite("BinaryIoU", "threshold", threshold, "Keras's default is 0.5.");
  }

  public static BinaryIoU of() {
    return new BinaryIoU("binary_io_u", List.of(0, 1), 0.5);
  }

  public BinaryIoU targetClassIds(Integer... targetClassIds) {
    return Vary.of(this, "targetClassIds", List.of(targetClassIds));
  }

  public BinaryIoU threshold(double threshold) {
    return Vary.of(this, "threshold", threshold);
  }

  @Override
  public SequencedMap<String, Node> update(Node target, Node prediction, Optional<Node> weight) {
    Node said = greaterEqual(Operands.wide(prediction), threshold);
    return new Overlap(name, 2, OptionalInt.empty(), true, true, -1)
        .update(Operands.same(name, target, said), said, weight);
  }

  @Override
  public Tensor result(Map<String, Tensor> totals) {
    return Overlap.mean(totals, targetClassIds);
  }
}
