package io.kalamos.callbacks;

import io.kalamos.engine.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;

/// Something that watches training and may steer it.
@FunctionalInterface
public interface Callback {
  void on(TrainingEvent event);

  /// Names of logs that it needs; a name that training does not give is an error before the first
  /// epoch.
  default List<String> monitored() {
    return List.of();
  }

  /// What it has to know from the epochs so far, by name, so that training can go on in another
  /// process; nothing by default. Tensors are float32 or float64.
  default SequencedMap<String, Tensor> memory() {
    return Collections.emptySortedMap();
  }

  /// Takes over what [#memory] gave, after the begin of the training that goes on; not called where
  /// that was nothing.
  default void remember(SequencedMap<String, Tensor> memory) {}

  /// Whether it is told of the batch just done: asked after each step, so the answer must be quick
  /// and may change. What the event costs is paid only if one callback says so.
  default boolean wantsBatches() {
    return false;
  }

  /// Whether the moving averages of the weights, where the optimizer keeps them, are validated with
  /// in the place of the weights.
  default boolean validatesAverages() {
    return false;
  }
}
