package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.activations.ActivationFunction;
import io.kalamos.engine.Shape;
import io.kalamos.layers.Edges;
import io.kalamos.layers.Layer;
import io.kalamos.layers.Pair;
import io.kalamos.layers.WeightOptions;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/// A layer beside Keras's configuration of the same one: each component is named as Keras's option
/// in camel case and has its value.
record KerasConfig(Layer layer, Map<String, Json> config) {
  /// Options that this library does not have: what belongs to other devices, or is Keras's own
  /// experiment.
  private static final Set<String> ABSENT =
      Set.of(
          "synchronized",
          "renorm",
          "renormClipping",
          "renormMomentum",
          "rmsScaling",
          "sparse",
          "fillMode",
          "antialias",
          "quantizationConfig",
          "loraRank",
          "loraAlpha");

  void check() {
    Map<String, Json> left = new java.util.HashMap<>();
    config.forEach((name, value) -> left.put(KerasLayers.camelCase(name), value));
    left.keySet().removeAll(ABSENT);
    for (RecordComponent component : layer.getClass().getRecordComponents()) {
      String name = component.getName();
      Object value = value(component);
      switch (value) {
        case WeightOptions options -> {
          Json initializer = left.remove(name + "Initializer");
          assertEquals(
              initializer.get("class_name").text(),
              options.initializer().getClass().getSimpleName(),
              name);
          assertEquals(new Json.Null(), left.remove(name + "Regularizer"), name);
          assertEquals(new Json.Null(), left.remove(name + "Constraint"), name);
          assertEquals(Optional.empty(), options.regularizer(), name);
          assertEquals(Optional.empty(), options.constraint(), name);
        }
        case Object _ when name.endsWith("Initializer") ->
            assertEquals(
                left.remove(name).get("class_name").text(), value.getClass().getSimpleName(), name);
        case Object _ when name.equals("name") -> assertEquals(Optional.empty(), value);
        case Object _ -> {
          assertTrue(left.containsKey(name), layer.kind() + " has no option " + name + " in Keras");
          assertEquals(plain(left.remove(name)), plain(value), layer.kind() + "." + name);
        }
      }
    }
    assertEquals(Map.of(), left, layer.kind() + " lacks options");
  }

  private Object value(RecordComponent component) {
    try {
      return component.getAccessor().invoke(layer);
    } catch (ReflectiveOperationException problem) {
      throw new AssertionError(component.toString(), problem);
    }
  }

  /// Both sides as text: lists in brackets, nothing as `none`.
  private static String plain(Object value) {
    return switch (value) {
      case Json.Null _ -> "none";
      case Json.Num number -> "" + number.value();
      case Json.Items list -> joined(list.items());
      case Json.Bool bool -> "" + bool.value();
      case Json json -> json.text();
      case Integer number -> "" + (double) number;
      case Double number -> "" + number;
      case Pair pair -> joined(List.of(pair.height(), pair.width()));
      case Edges e -> joined(List.of(List.of(e.top(), e.bottom()), List.of(e.left(), e.right())));
      case Shape shape -> plain(java.util.Arrays.stream(shape.toArray()).boxed().toList());
      case List<?> list -> joined(list);
      case Optional<?> optional -> optional.map(KerasConfig::plain).orElse("none");
      case OptionalDouble optional -> optional.isPresent() ? "" + optional.getAsDouble() : "none";
      case OptionalLong optional -> optional.isPresent() ? "" + optional.getAsLong() : "none";
      case ActivationFunction activation -> activation.name();
      case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
      case Object other -> other.toString();
    };
  }

  /// As Keras lets one number stand for several equal ones, so does this; an empty list is nothing.
  private static String joined(List<?> items) {
    List<String> texts = items.stream().map(KerasConfig::plain).toList();
    return switch ((int) texts.stream().distinct().count()) {
      case 0 -> "none";
      case 1 -> texts.getFirst();
      default -> texts.toString();
    };
  }
}
