package io.kalamos.models;

import io.kalamos.losses.Loss;
import io.kalamos.metrics.Metric;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An option with a value for each output of a model.
public sealed interface PerOutput<T> {
  /// The same value for all outputs.
  record All<T>(T value) implements PerOutput<T> {}

  /// A value for each output, in the outputs' order.
  record InOrder<T>(List<T> values) implements PerOutput<T> {
    public InOrder {
      values = List.copyOf(values);
    }
  }

  /// Values for some outputs, by the outputs' names.
  record ByName<T>(Map<String, T> values) implements PerOutput<T> {
    public ByName {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    ByName<T> and(String output, T value) {
      Map<String, T> all = new LinkedHashMap<>(values);
      all.put(output, value);
      return new ByName<>(all);
    }
  }

  /// A value for no output.
  static <T> ByName<T> none() {
    return new ByName<>(Map.of());
  }

  /// The values in the order of these outputs.
  default List<Optional<T>> of(String where, String option, List<String> outputs) {
    return switch (this) {
      case All<T>(T value) -> Collections.nCopies(outputs.size(), Optional.of(value));
      case InOrder<T>(List<T> values) -> {
        if (values.size() != outputs.size()) {
          throw Refusal.of(
              where,
              "a value for each of the outputs " + outputs,
              option,
              values.stream().map(PerOutput::told).toList(),
              "Give " + outputs.size() + " in this order, or name the outputs in a map.");
        }
        yield values.stream().map(Optional::of).toList();
      }
      case ByName<T>(Map<String, T> values) -> {
        for (String name : values.keySet()) {
          if (!outputs.contains(name)) {
            throw Problems.unknown(where, "an output's name", option, name, outputs);
          }
        }
        List<Optional<T>> found = new ArrayList<>();
        outputs.forEach(name -> found.add(Optional.ofNullable(values.get(name))));
        yield found;
      }
    };
  }

  private static Object told(Object value) {
    return switch (value) {
      case Loss loss -> loss.name();
      case Metric metric -> metric.name();
      case List<?> several -> several.stream().map(PerOutput::told).toList();
      default -> value;
    };
  }
}
