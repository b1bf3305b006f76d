package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.constraints.Constraint;
import io.kalamos.layers.Layer;
import io.kalamos.losses.Loss;
import io.kalamos.optimizers.Optimizer;
import io.kalamos.regularizers.Regularizer;
import io.kalamos.schedules.LearningRateSchedule;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every public record of the library that a network can be made of appears in a network that was
/// trained beside Keras, so that a new one without such a network fails here by its name.
class ParityCoverageTest {
  /// What appears under no name of its own, or not in Keras, and why.
  private static final Map<String, String> LEFT_OUT =
      Map.of(
          "Input", "each model begins with one",
          "Lambda", "holds a function, which no file has",
          "ConstantRate", "a rate that is a number",
          "OneCycle", "Keras has no such schedule",
          "Warmup", "Keras has no such schedule");

  static Stream<Arguments> kinds() {
    return Stream.of(
            Layer.class,
            Optimizer.class,
            Loss.class,
            LearningRateSchedule.class,
            Regularizer.class,
            Constraint.class)
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyPartIsTrainedBesideKeras(Class<?> kind) throws IOException, URISyntaxException {
    Set<String> trained = trained();
    Set<String> missing = records(kind);
    assertTrue(missing.size() >= 4, () -> "found only " + missing + " beside " + kind);
    missing.removeAll(trained);
    missing.removeAll(LEFT_OUT.keySet());
    assertEquals(Set.of(), missing, "without a network in testkit/golden/networks.py");
  }

  @Test
  void thereAreFortyNetworks() {
    assertTrue(Golden.trainings().size() >= 40, () -> "" + Golden.trainings());
  }

  /// The class names in the specs of all networks.
  private static Set<String> trained() {
    Set<String> names = new TreeSet<>();
    for (String name : Golden.trainings()) {
      collect(Golden.training(name).spec(), names);
    }
    return names;
  }

  private static void collect(Json json, Set<String> names) {
    switch (json) {
      case Json.Items items -> items.items().forEach(item -> collect(item, names));
      case Json.Fields fields ->
          fields
              .fields()
              .forEach(
                  (key, value) -> {
                    if (Set.of("class", "class_name").contains(key)) {
                      names.add(value.text());
                    }
                    collect(value, names);
                  });
      case Json _ -> {}
    }
  }

  /// The public records of a kind in the package of the kind.
  private static Set<String> records(Class<?> kind) throws IOException, URISyntaxException {
    String folder = "/" + kind.getPackageName().replace('.', '/');
    URI home = kind.getProtectionDomain().getCodeSource().getLocation().toURI();
    Path place = Path.of(home);
    if (Files.isDirectory(place)) {
      return records(kind, Path.of(place + folder));
    }
    try (FileSystem jar = FileSystems.newFileSystem(place)) {
      return records(kind, jar.getPath(folder));
    }
  }

  private static Set<String> records(Class<?> kind, Path folder) throws IOException {
    Set<String> names = new TreeSet<>();
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(".class")).toList();
    }
    for (Path file : files) {
      String name = file.getFileName().toString().replace(".class", "");
      Class<?> found;
      try {
        found = Class.forName(kind.getPackageName() + "." + name);
      } catch (ClassNotFoundException missing) {
        throw new AssertionError(missing);
      }
      if (found.isRecord()
          && found.getEnclosingClass() == null
          && Modifier.isPublic(found.getModifiers())
          && kind.isAssignableFrom(found)) {
        names.add(name);
      }
    }
    return names;
  }
}
