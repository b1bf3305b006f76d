package io.kalamos.callbacks;

import java.util.List;

/// Something that watches training and may steer it.
@FunctionalInterface
public interface Callback {
  void on(TrainingEvent event);

  /// Names of logs that it needs; a name that training does not give is an error before the first
  /// epoch.
  default List<String> monitored() {
    return List.of();
  }

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
