package io.kalamos.models;

import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// What the optimizer keeps for each weight from step to step, by path: `dense/kernel/momentum`.
final class Slots {
  private final SequencedMap<String, Variable> variables = new LinkedHashMap<>();

  Variable get(Variable weight, String name) {
    return variables.computeIfAbsent(
        weight.path() + "/" + name,
        path -> new Variable(path, Tensor.zeros(weight.dtype(), weight.shape()), false));
  }

  Collection<Variable> all() {
    return variables.values();
  }
}
