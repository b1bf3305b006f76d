package io.kalamos.models;

import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// All that training changes, at one moment: weights, the optimizer's slots, the number of steps.
final class Snapshot {
  private final Network network;
  private final Compiled compiled;
  private final List<Tensor> weights = new ArrayList<>();
  private final List<Tensor> slots = new ArrayList<>();
  private long iterations;

  Snapshot(Network network, Compiled compiled) {
    this.network = network;
    this.compiled = compiled;
  }

  /// Keeps the values of now, in memory that is taken once.
  void take() {
    keep(weights, network.weights().all());
    keep(slots, compiled.slots().all());
    iterations = compiled.iterations();
  }

  private static void keep(List<Tensor> copies, Collection<Variable> variables) {
    int i = 0;
    for (Variable variable : variables) {
      if (i == copies.size()) {
        copies.add(variable.value().copy());
      } else {
        copies.get(i).copyFrom(variable.value());
      }
      i++;
    }
  }

  /// Goes back to then; slots that are younger get the values that they began with.
  void restore() {
    network.weights().assign(weights);
    int i = 0;
    for (Variable slot : compiled.slots().all()) {
      if (i < slots.size()) {
        slot.value().copyFrom(slots.get(i));
      } else {
        compiled.slots().reset(slot);
      }
      i++;
    }
    compiled.iterations(iterations);
  }
}
