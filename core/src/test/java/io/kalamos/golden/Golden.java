package io.kalamos.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/// What real Keras computed: the file that `src/test/golden/keras_parts.py` wrote.
public final class Golden {
  private static final Map<String, double[]> VALUES = read();

  private Golden() {}

  private static Map<String, double[]> read() {
    try (var lines = Files.lines(Path.of("src/test/resources/golden/parts.txt"))) {
      return lines
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" = "))
          .collect(Collectors.toMap(parts -> parts[0], parts -> numbers(parts[1])));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[] numbers(String text) {
    return Arrays.stream(text.split(" "))
        .mapToDouble(number -> number.equals("nan") ? Double.NaN : Double.parseDouble(number))
        .toArray();
  }

  public static boolean has(String name) {
    return VALUES.containsKey(name);
  }

  public static double[] values(String name) {
    if (!has(name)) {
      throw new AssertionError("no golden value " + name);
    }
    return VALUES.get(name).clone();
  }
}
