package io.kalamos.callbacks;

import io.kalamos.engine.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// What a callback remembers, as tensors by name: numbers in double precision, lists of tensors
/// with their places behind the name.
record Memory(SequencedMap<String, Tensor> all) {
  Memory() {
    this(new LinkedHashMap<>());
  }

  void put(String name, double... values) {
    all.put(name, Tensor.of(values, values.length));
  }

  void put(String name, Optional<Double> value) {
    value.ifPresent(number -> put(name, new double[] {number}));
  }

  void put(String name, List<Tensor> tensors) {
    for (int i = 0; i < tensors.size(); i++) {
      all.put(name + "/" + i, tensors.get(i));
    }
  }

  Optional<Double> number(String name) {
    return Optional.ofNullable(all.get(name)).map(tensor -> tensor.get(0));
  }

  List<Tensor> tensors(String name) {
    List<Tensor> tensors = new ArrayList<>();
    for (Tensor next; (next = all.get(name + "/" + tensors.size())) != null; ) {
      tensors.add(next);
    }
    return tensors;
  }
}
