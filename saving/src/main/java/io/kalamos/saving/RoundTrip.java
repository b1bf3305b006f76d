package io.kalamos.saving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.layers.Layer;
import io.kalamos.layers.Normalization;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.lang.reflect.RecordComponent;
import java.util.Optional;
import java.util.Set;

/// Makes sure, while a model is written, that reading gives the same layers: better now than after
/// a night of training.
final class RoundTrip {
  /// What does not stand in a layer's own configuration, or does not matter there.
  private static final Set<String> APART =
      Set.of("name", "seed", "causal", "statistics", "layer", "backwardLayer", "zeroOutputForMask");

  private RoundTrip() {}

  static void check(Layer layer, ObjectNode written, OwnParts own) {
    String where = layer.name().orElse(layer.kind());
    Record read;
    try {
      read = new ConfigReader(own, ignored -> {}).part(where, Parts.LAYERS, written);
    } catch (IllegalArgumentException problem) {
      throw Refusal.of(
          "saving",
          "layers that can be read again",
          "layer",
          where + " (" + layer.kind() + ")",
          "It was refused when it was read: " + problem.getMessage());
    }
    different((Record) layer, read)
        .ifPresent(
            option -> {
              throw Refusal.of(
                  "saving: " + where + " (" + layer.kind() + ")",
                  "options that a file can hold",
                  option,
                  value((Record) layer, option),
                  "Numbers, texts, enums, lists and parts of Keras can be written; code cannot.");
            });
  }

  /// The first option in which two layers differ.
  private static Optional<String> different(Record one, Record other) {
    if (one instanceof Normalization) {
      return Optional.empty();
    }
    for (RecordComponent component : one.getClass().getRecordComponents()) {
      Object a = Vary.read(one, component);
      Object b = Vary.read(other, component);
      if (!APART.contains(component.getName()) && !same(a, b) && !nested(a, b)) {
        return Optional.of(component.getName());
      }
    }
    return Optional.empty();
  }

  /// Numbers are read with the digits of a float32, in which Keras keeps some of them.
  private static boolean same(Object a, Object b) {
    return a.equals(b)
        || a instanceof Double one
            && b instanceof Double other
            && one.floatValue() == other.floatValue();
  }

  /// Options that records group, some of which do not matter.
  private static boolean nested(Object a, Object b) {
    return a instanceof io.kalamos.options.Grouped
        && a instanceof Record one
        && b instanceof Record other
        && different(one, other).isEmpty();
  }

  private static Object value(Record layer, String option) {
    for (RecordComponent component : layer.getClass().getRecordComponents()) {
      if (component.getName().equals(option)) {
        return Vary.read(layer, component);
      }
    }
    return option;
  }
}
