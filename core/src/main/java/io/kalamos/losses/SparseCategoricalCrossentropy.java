package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Vary;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/// -log(prediction of the right class) for targets that are class indices, (batch) or (batch, 1).
/// Keras class `SparseCategoricalCrossentropy`.
///
/// @param fromLogits whether predictions are the inputs of a softmax that the model leaves out
/// @param ignoreClass of targets that do not count, such as 255 at the borders of things
/// @param axis of the classes
public record SparseCategoricalCrossentropy(
    String name, boolean fromLogits, OptionalInt ignoreClass, int axis, Reduction reduction)
    implements KerasLoss<SparseCategoricalCrossentropy> {
  public SparseCategoricalCrossentropy {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
  }

  public static SparseCategoricalCrossentropy of() {
    return new SparseCategoricalCrossentropy(
        "sparse_categorical_crossentropy",
        false,
        OptionalInt.empty(),
        -1,
        Reduction.SUM_OVER_BATCH_SIZE);
  }

  public SparseCategoricalCrossentropy fromLogits(boolean fromLogits) {
    return Vary.of(this, "fromLogits", fromLogits);
  }

  public SparseCategoricalCrossentropy ignoreClass(int ignoreClass) {
    return Vary.of(this, "ignoreClass", OptionalInt.of(ignoreClass));
  }

  public SparseCategoricalCrossentropy axis(int axis) {
    return Vary.of(this, "axis", axis);
  }

  @Override
  public TargetKind target() {
    return TargetKind.CLASS_INDEX;
  }

  @Override
  public Optional<Node> counted(Node target, Node losses) {
    if (ignoreClass.isEmpty()) {
      return Optional.empty();
    }
    Node labels = cast(reshape(target, losses.shape()), losses.dtype());
    return Optional.of(notEqual(labels, like(labels, ignoreClass.getAsInt())));
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node logs = LogProbabilities.of(Operands.toLast(name, prediction, axis), fromLogits);
    boolean column = target.shape().rank() == prediction.shape().rank();
    Node labels = column ? Operands.toLast(name, target, axis) : target;
    Node indices = Operands.indices(name, labels, logs);
    Node hit = oneHot(indices, logs.shape().dim(-1), logs.dtype());
    Node losses = Operands.withoutLast(neg(sumLast(multiply(hit, logs))));
    return counted(target, losses).map(counts -> multiply(losses, counts)).orElse(losses);
  }
}
