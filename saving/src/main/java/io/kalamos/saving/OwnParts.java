package io.kalamos.saving;

import io.kalamos.activations.ActivationFunction;
import io.kalamos.constraints.Constraint;
import io.kalamos.initializers.Initializer;
import io.kalamos.layers.Layer;
import io.kalamos.losses.Loss;
import io.kalamos.metrics.Metric;
import io.kalamos.optimizers.Optimizer;
import io.kalamos.options.Refusal;
import io.kalamos.regularizers.Regularizer;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The classes that a file may name here: the built-in ones and those of the caller, whose names
/// cannot be built-in ones.
final class OwnParts {
  static final OwnParts NONE = new OwnParts(List.of());

  /// What Keras calls the package of a class that names none.
  static final String PACKAGE = "Custom";

  private final Map<String, Record> examples = new LinkedHashMap<>();

  /// @param examples of each class one, with the defaults
  OwnParts(List<Record> examples) {
    for (Record example : examples) {
      String kind = Parts.kind(example);
      if (Parts.taken(kind)) {
        throw Refusal.of(
            "parts",
            "classes whose names Keras does not have",
            "class",
            kind,
            "Rename the record: a file that names " + kind + " means Keras's class.");
      }
      if (module(example).isEmpty()) {
        throw Refusal.of(
            "parts",
            "layers, losses, metrics, optimizers, schedules, initializers, regularizers,"
                + " constraints or activation functions",
            "class",
            kind,
            "Give parts of models only.");
      }
      if (this.examples.put(kind, example) != null) {
        throw Refusal.of("parts", "one example of each class", "class", kind, "Leave one out.");
      }
    }
  }

  /// The kind of part that a record is, by the module in which Keras has such parts.
  private static Optional<String> module(Record example) {
    return Optional.ofNullable(
        switch (example) {
          case Layer _ -> Parts.LAYERS;
          case Loss _ -> Parts.LOSSES;
          case Metric _ -> Parts.METRICS;
          case Optimizer _ -> Parts.OPTIMIZERS;
          case LearningRateSchedule _ -> Parts.SCHEDULES;
          case Initializer _ -> Parts.INITIALIZERS;
          case Regularizer _ -> Parts.REGULARIZERS;
          case Constraint _ -> Parts.CONSTRAINTS;
          case ActivationFunction _ -> Parts.ACTIVATIONS;
          default -> null;
        });
  }

  /// An example of the class that a configuration names where a part of this module is wanted.
  Optional<Record> example(String module, ClassName name) {
    Record own = examples.get(name.kind());
    if (own != null) {
      return Optional.of(own).filter(part -> module(part).orElseThrow().equals(module));
    }
    return Parts.example(module, name.kind())
        .filter(
            part ->
                Parts.ours(part)
                    ? name.isOurs()
                    : name.isKeras() || module.equals(Parts.LAYERS) && name.isOperator());
  }

  /// The own activation function of this name.
  Optional<ActivationFunction> activation(String name) {
    return examples.values().stream()
        .filter(ActivationFunction.class::isInstance)
        .map(ActivationFunction.class::cast)
        .filter(function -> function.name().equals(name))
        .findFirst();
  }

  /// Whether a part is of a class of the caller.
  boolean holds(Object part) {
    return part instanceof Record && examples.containsKey(Parts.kind(part));
  }
}
