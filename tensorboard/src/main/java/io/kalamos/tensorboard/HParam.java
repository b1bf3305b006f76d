package io.kalamos.tensorboard;

import io.kalamos.options.Refusal;
import java.util.List;
import java.util.Optional;

/// A hyperparameter of an experiment: `HParam.of("units", 16, 32, 64)`. TensorBoard's `HParam`.
///
/// @param domain the values that it may take, where they are known
/// @param displayName in place of the name; empty for none
/// @param description in Markdown; empty for none
public record HParam(String name, Optional<Domain> domain, String displayName, String description) {
  /// Values that a hyperparameter may take.
  public sealed interface Domain {}

  /// One of these values: texts, numbers or booleans, of one kind.
  public record Discrete(List<Object> values) implements Domain {
    public Discrete {
      values = List.copyOf(values);
      if (values.stream().map(HParams::kind).distinct().count() != 1) {
        throw Refusal.of(
            "HParam",
            "values of one kind: texts, numbers or booleans",
            "values",
            values,
            "Write all of them as texts, or divide them.");
      }
    }
  }

  /// A number from `min` to `max`.
  public record Interval(double min, double max) implements Domain {
    public Interval {
      if (!(min <= max)) {
        throw Refusal.of("HParam", "min <= max", "min", min + ", max=" + max, "Swap them.");
      }
    }
  }

  public HParam {
    HParams.name("HParam", "name", name);
  }

  /// One with any values.
  public static HParam of(String name) {
    return new HParam(name, Optional.empty(), "", "");
  }

  /// One of these values.
  public static HParam of(String name, Object... values) {
    return new HParam(name, Optional.of(new Discrete(List.of(values))), "", "");
  }

  /// A number from `min` to `max`.
  public static HParam between(String name, double min, double max) {
    return new HParam(name, Optional.of(new Interval(min, max)), "", "");
  }

  public HParam displayName(String displayName) {
    return new HParam(name, domain, displayName, description);
  }

  public HParam description(String description) {
    return new HParam(name, domain, displayName, description);
  }
}
