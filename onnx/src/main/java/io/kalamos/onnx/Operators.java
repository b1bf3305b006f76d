package io.kalamos.onnx;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The operators that are read, by ONNX's name. Each one knows all versions from opset 7 on.
final class Operators {
  /// The versions of ONNX's operators that are read.
  static final int FIRST = 7;

  static final int LAST = 28;

  private static final Map<String, Operator> ALL = all();

  private Operators() {}

  private static Map<String, Operator> all() {
    Map<String, Operator> all = new TreeMap<>();
    for (Map<String, Operator> group :
        List.of(
            ElementwiseOperators.ALL,
            ActivationOperators.ALL,
            AttentionOperators.ALL,
            ReductionOperators.ALL,
            ShapeOperators.ALL,
            IndexOperators.ALL,
            ProductOperators.ALL,
            ConvolutionOperators.ALL,
            NormalizationOperators.ALL,
            RecurrentOperators.ALL,
            ResizeOperators.ALL)) {
      group.forEach(
          (name, operator) -> {
            if (all.put(name, operator) != null) {
              throw new IllegalStateException("two operators of the name " + name);
            }
          });
    }
    return Map.copyOf(all);
  }

  static Optional<Operator> of(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  /// The names in alphabetical order.
  static SequencedSet<String> names() {
    return new TreeSet<>(ALL.keySet());
  }
}
