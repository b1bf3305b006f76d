package io.kalamos.testkit;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// Losses and metrics made from Keras's options, and their options compared with Keras's.
final class KerasOptions {
  private KerasOptions() {}

  /// The part that `of` gave with other values for the options of Keras's config.
  @SuppressWarnings("unchecked")
  static <R extends Record> R configured(R part, Map<String, Json> config) {
    RecordComponent[] components = part.getClass().getRecordComponents();
    Object[] values = Arrays.stream(components).map(each -> value(part, each)).toArray();
    config.forEach(
        (option, value) -> {
          String name = camelCase(option);
          List<String> names = Arrays.stream(components).map(RecordComponent::getName).toList();
          if (!names.contains(name)) {
            throw new AssertionError(part.getClass() + " lacks " + name);
          }
          int i = names.indexOf(name);
          values[i] = converted(value, components[i]);
        });
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return (R) part.getClass().getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException problem) {
      throw new AssertionError(problem);
    }
  }

  static Optional<RecordComponent> component(Record part, String name) {
    return Arrays.stream(part.getClass().getRecordComponents())
        .filter(component -> component.getName().equals(name))
        .findFirst();
  }

  static Object value(Record part, RecordComponent component) {
    try {
      return component.getAccessor().invoke(part);
    } catch (ReflectiveOperationException problem) {
      throw new AssertionError(problem);
    }
  }

  /// A value of Keras's in the type of a component.
  static Object converted(Json value, RecordComponent component) {
    Class<?> type = component.getType();
    boolean none = value instanceof Json.Null;
    if (type == OptionalInt.class) {
      return none ? OptionalInt.empty() : OptionalInt.of((int) value.number());
    }
    if (type == Optional.class) {
      return none ? Optional.empty() : Optional.of(inside(value, component));
    }
    if (type == List.class) {
      return none ? List.of() : inside(value, component);
    }
    if (type.isEnum()) {
      String word = none ? "none" : value.text();
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> constant.toString().equalsIgnoreCase(word))
          .findFirst()
          .orElseThrow(() -> new AssertionError(type + " lacks " + word));
    }
    if (type == boolean.class) {
      return value.bool();
    }
    if (type == int.class) {
      return (int) value.number();
    }
    return type == double.class ? (Object) value.number() : value.text();
  }

  private static Object inside(Json value, RecordComponent component) {
    String generic = component.getGenericType().getTypeName();
    if (generic.contains("List<java.lang.Integer>")) {
      List<Json> items = value instanceof Json.Items ? value.items() : List.of(value);
      return items.stream().map(item -> (int) item.number()).toList();
    }
    if (generic.contains("List<java.lang.Double>")) {
      List<Json> items = value instanceof Json.Items ? value.items() : List.of(value);
      return items.stream().map(Json::number).toList();
    }
    return generic.contains("Double") ? (Object) value.number() : value.text();
  }

  static String camelCase(String name) {
    String joined =
        Arrays.stream(name.split("_"))
            .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
            .collect(Collectors.joining());
    return joined.substring(0, 1).toLowerCase(Locale.ROOT) + joined.substring(1);
  }
}
