package io.kalamos.models;

import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;

/// The moving averages of the weights that an optimizer with `useEma` keeps; shown in the model for
/// a while, or for good.
final class Averages {
  private final Network network;
  private final Slots slots;
  private final boolean kept;
  private boolean shown;

  Averages(Network network, Slots slots, boolean kept) {
    this.network = network;
    this.slots = slots;
    this.kept = kept;
  }

  boolean kept() {
    return kept;
  }

  /// Whether the averages are in the weights now.
  boolean shown() {
    return shown;
  }

  /// Puts the averages into the weights, or the trained weights back.
  void show(boolean show) {
    if (show == shown) {
      return;
    }
    for (Variable weight : network.weights().all()) {
      slots.find(weight, Descent.AVERAGE).ifPresent(average -> exchange(weight, average));
    }
    shown = show;
  }

  private static void exchange(Variable weight, Variable average) {
    Tensor value = weight.value().copy();
    weight.value().copyFrom(average.value());
    average.value().copyFrom(value);
  }

  /// Makes the averages the weights for good: at the end of training.
  void settle() {
    show(true);
    for (Variable weight : network.weights().all()) {
      slots
          .find(weight, Descent.AVERAGE)
          .ifPresent(average -> average.value().copyFrom(weight.value()));
    }
    shown = false;
  }
}
