package io.kalamos.golden;

import io.kalamos.schedules.ConstantRate;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/// The options of a record that are numbers or switches.
final class Options {
  private Options() {}

  static double[] numbers(Record part) {
    return Arrays.stream(part.getClass().getRecordComponents())
        .map(component -> value(part, component))
        .flatMapToDouble(Options::number)
        .toArray();
  }

  private static Object value(Record part, RecordComponent component) {
    try {
      return component.getAccessor().invoke(part);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static DoubleStream number(Object value) {
    return switch (value) {
      case Number number -> DoubleStream.of(number.doubleValue());
      case Boolean on -> DoubleStream.of(on ? 1 : 0);
      case ConstantRate(double rate) -> DoubleStream.of(rate);
      default -> DoubleStream.empty();
    };
  }
}
