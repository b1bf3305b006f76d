package io.kalamos.testkit;

import io.kalamos.schedules.LearningRateSchedule;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Records from Keras's whole configuration: each component is the option of its name, so a record
/// that lacks one, or calls it otherwise, cannot be made.
final class KerasParts {
  private static final List<String> PACKAGES =
      List.of("constraints", "initializers", "optimizers", "regularizers", "schedules");

  private KerasParts() {}

  static <T> T part(Json spec, Class<T> kind) {
    String name = spec.get(spec.fields().containsKey("class") ? "class" : "class_name").text();
    for (String home : PACKAGES) {
      try {
        Class<?> found = Class.forName("io.kalamos." + home + "." + name);
        return kind.cast(record(found, spec.get("config").fields()));
      } catch (ClassNotFoundException elsewhere) {
        // in another package
      }
    }
    throw new AssertionError("no class " + name);
  }

  static Object record(Class<?> type, Map<String, Json> config) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values =
        Arrays.stream(components).map(component -> component(component, config)).toArray();
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(type + " of " + config, e);
    }
  }

  private static Object component(RecordComponent component, Map<String, Json> config) {
    if (component.getType().isRecord()) {
      return record(component.getType(), config);
    }
    if (component.getName().equals("excludeFromWeightDecay")) {
      return List.of();
    }
    Json value = config.get(snake(component.getName()));
    if (value == null) {
      throw new AssertionError("Keras has no option " + component.getName() + " in " + config);
    }
    return value(component.getGenericType(), value);
  }

  private static Object value(Type type, Json value) {
    return switch (type) {
      case ParameterizedType generic -> generic(generic, value);
      case Class<?> plain when plain == double.class || plain == Double.class -> value.number();
      case Class<?> plain when plain == int.class || plain == Integer.class -> (int) value.number();
      case Class<?> plain when plain == long.class || plain == Long.class -> (long) value.number();
      case Class<?> plain when plain == boolean.class -> value.bool();
      case Class<?> plain when plain.isEnum() ->
          Arrays.stream(plain.getEnumConstants())
              .filter(one -> one.toString().equalsIgnoreCase(value.text()))
              .findFirst()
              .orElseThrow();
      case Class<?> plain when plain == LearningRateSchedule.class ->
          value instanceof Json.Num(double rate)
              ? LearningRateSchedule.constant(rate)
              : part(value, LearningRateSchedule.class);
      default -> throw new AssertionError(type);
    };
  }

  private static Object generic(ParameterizedType type, Json value) {
    Type element = type.getActualTypeArguments()[0];
    if (type.getRawType() == Optional.class) {
      return value instanceof Json.Null ? Optional.empty() : Optional.of(value(element, value));
    }
    List<Json> items = value instanceof Json.Num ? List.of(value) : value.items();
    return items.stream().map(item -> value(element, item)).toList();
  }

  /// `beta1` is `beta_1`, `tMul` is `t_mul`.
  private static String snake(String name) {
    return name.replaceAll("([A-Z]|(?<=beta)[0-9])", "_$1").toLowerCase(Locale.ROOT);
  }
}
