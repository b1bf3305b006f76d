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

  /// Values of slots that no program has asked for yet: from a file.
  private final SequencedMap<String, Tensor> waiting = new LinkedHashMap<>();

  Variable get(Variable weight, String name, double initial) {
    return slots.computeIfAbsent(
            weight.path() + "/" + name,
            path -> {
              Tensor value = Tensor.zeros(weight.dtype(), weight.shape());
              Tensor known = waiting.remove(path);
              if (known == null) {
                value.fill(i -> initial);
              } else {
                value.copyFrom(known);
              }
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

  /// All values, those from a file too.
  List<Tensor> values() {
    List<Tensor> values = new ArrayList<>(waiting.values());
    slots.values().forEach(slot -> values.add(slot.variable.value()));
    return values;
  }

  /// Copies of all values by path.
  SequencedMap<String, Tensor> copies() {
    SequencedMap<String, Tensor> copies = new LinkedHashMap<>();
    slots.forEach((path, slot) -> copies.put(path, slot.variable.value().copy()));
    waiting.forEach((path, value) -> copies.put(path, value.copy()));
    return copies;
  }

  /// Gives slots these values, and their first ones to all others.
  void restore(SequencedMap<String, Tensor> values) {
    waiting.clear();
    values.forEach(
        (path, value) -> {
          Slot slot = slots.get(path);
          if (slot == null) {
            waiting.put(path, value.copy());
          } else {
            slot.variable.value().copyFrom(value);
          }
        });
    all().stream().filter(slot -> !values.containsKey(slot.path())).forEach(this::reset);
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
