package io.kalamos.options;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;

/// Copies of records that differ in one component: what copy methods such as `Conv2D.padding(SAME)`
/// are written with, so that a layer names each option once.
///
/// The copy is made by the canonical constructor, which checks the options anew.
public final class Vary {
  private Vary() {}

  /// The same record with another value of one component.
  public static <R extends Record> R of(R record, String component, Object value) {
    RecordComponent[] components = record.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    boolean found = false;
    for (int i = 0; i < components.length; i++) {
      boolean varied = components[i].getName().equals(component);
      types[i] = components[i].getType();
      values[i] = varied ? value : read(record, components[i]);
      found |= varied;
    }
    if (!found) {
      throw new IllegalArgumentException(record.getClass() + " has no component " + component);
    }
    return construct(record, types, values);
  }

  /// The value of a component.
  ///
  /// @throws IllegalArgumentException where the record may not be looked into
  public static Object read(Record record, RecordComponent component) {
    try {
      Method accessor = component.getAccessor();
      accessor.trySetAccessible();
      return accessor.invoke(record);
    } catch (IllegalAccessException problem) {
      throw closed(record);
    } catch (ReflectiveOperationException problem) {
      throw new IllegalStateException(problem);
    }
  }

  private static IllegalArgumentException closed(Record record) {
    return Refusal.of(
        record.getClass().getSimpleName(),
        "a record that modules of Kalamos may read and copy",
        "class",
        record.getClass().getName(),
        "Make it public in a package that is exported, or open the package to io.kalamos.");
  }

  @SuppressWarnings("unchecked")
  private static <R extends Record> R construct(R like, Class<?>[] types, Object[] values) {
    try {
      Constructor<?> canonical = like.getClass().getDeclaredConstructor(types);
      canonical.trySetAccessible();
      return (R) canonical.newInstance(values);
    } catch (InvocationTargetException refused) {
      if (refused.getCause() instanceof RuntimeException problem) {
        throw problem;
      }
      throw new IllegalStateException(refused);
    } catch (IllegalAccessException problem) {
      throw closed(like);
    } catch (ReflectiveOperationException problem) {
      throw new IllegalStateException(problem);
    }
  }
}
