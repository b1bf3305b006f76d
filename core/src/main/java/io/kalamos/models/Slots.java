package io.kalamos.models;

import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.LongToDoubleFunction;

/// What the optimizer keeps for each weight from step to step, by path: `dense/kernel/momentum`;
/// and the numbers that follow from how many steps were done.
final class Slots {
  private record Slot(Variable variable, double initial) {}

  private record Count(String name, LongToDoubleFunction ofStepsDone) {}

  private final SequencedMap<String, Slot> slots = new LinkedHashMap<>();
  private final List<Count> counts = new ArrayList<>();

  Variable get(Variable weight, String name, double initial) {
    return slots.computeIfAbsent(
            weight.path() + "/" + name,
            path -> {
              Tensor value = Tensor.zeros(weight.dtype(), weight.shape());
              value.fill(i -> initial);
              return new Slot(new Variable(path, value, false), initial);
            })
        .variable;
  }

  /// A weight's slot, where there is one.
  Optional<Variable> find(Variable weight, String name) {
    return Optional.ofNullable(slots.get(weight.path() + "/" + name)).map(Slot::variable);
  }

  Collection<Variable> all() {
    return slots.values().stream().map(Slot::variable).toList();
  }

  /// Gives a slot the value that it began with.
  void reset(Variable slot) {
    double initial = slots.get(slot.path()).initial;
    slot.value().fill(i -> initial);
  }

  /// A number that programs want to be told before each step.
  void count(String name, LongToDoubleFunction ofStepsDone) {
    if (counts.stream().noneMatch(known -> known.name.equals(name))) {
      counts.add(new Count(name, ofStepsDone));
    }
  }

  void tell(Programs.Compiled program, long stepsDone) {
    for (int i = 0; i < counts.size(); i++) {
      Count count = counts.get(i);
      program.set(count.name, count.ofStepsDone.applyAsDouble(stepsDone));
    }
  }
}
