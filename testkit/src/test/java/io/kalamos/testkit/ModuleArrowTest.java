package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires.Modifier;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Which module may need which: the engine nothing, the backends the engine, the layers the engine,
/// all else what stands below it.
class ModuleArrowTest {
  private static final String OURS = "io.kalamos";

  /// What each module may need of ours; a module that is not listed is a new decision.
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("engine", Set.of()),
          Map.entry("kernels", Set.of("engine")),
          Map.entry("javacpu", Set.of("engine")),
          Map.entry("onednn", Set.of("engine", "kernels")),
          Map.entry("", Set.of("engine")),
          Map.entry("mnist.data", Set.of()),
          Map.entry("datasets", Set.of("", "engine", "mnist.data")),
          Map.entry("plots", Set.of("", "engine")),
          Map.entry("labs", Set.of("", "engine", "datasets", "mnist.data", "plots", "tensorboard")),
          Map.entry("saving", Set.of("", "engine")),
          Map.entry("onnx", Set.of("", "engine")),
          Map.entry("tensorboard", Set.of("", "engine")),
          Map.entry("testkit", Set.of("", "engine", "javacpu", "onednn")));

  /// On top of everything: they may need all others, and nobody needs them.
  private static final Set<String> TOP = Set.of("cli", "examples", "benchmarks");

  @Test
  void everyModuleNeedsOnlyWhatStandsBelowIt() throws IOException {
    Map<String, Set<String>> needs = needs();
    assertFalse(needs.isEmpty(), "no built module was found");
    Map<String, String> wrong = new TreeMap<>();
    needs.forEach(
        (module, needed) -> {
          Set<String> allowed = ARROWS.get(module);
          if (TOP.contains(module)) {
            needed.stream()
                .filter(TOP::contains)
                .forEach(other -> wrong.put(module, "needs " + other));
          } else if (allowed == null) {
            wrong.put(module, "is not listed; decide what it may need");
          } else if (!allowed.containsAll(needed)) {
            wrong.put(module, "may need " + allowed + ", needs " + needed);
          }
        });
    assertEquals(Map.of(), wrong);
  }

  @Test
  void theEngineNeedsNothingButJava() throws IOException {
    ModuleDescriptor engine = descriptors().get("engine");
    assertEquals(
        Set.of("java.base"),
        engine.requires().stream()
            .map(ModuleDescriptor.Requires::name)
            .collect(Collectors.toSet()));
  }

  @Test
  void backendsAreFoundAsServicesOnly() throws IOException {
    Map<String, ModuleDescriptor> modules = descriptors();
    for (String backend : List.of("javacpu", "onednn")) {
      assertEquals(
          Set.of("io.kalamos.engine.Backend"),
          modules.get(backend).provides().stream()
              .map(ModuleDescriptor.Provides::service)
              .collect(Collectors.toSet()));
      assertEquals(Set.of(), modules.get(backend).exports(), backend + " exports nothing");
    }
  }

  private static Map<String, Set<String>> needs() throws IOException {
    Map<String, Set<String>> needs = new TreeMap<>();
    descriptors()
        .forEach(
            (name, descriptor) ->
                needs.put(
                    name,
                    descriptor.requires().stream()
                        .filter(requires -> !requires.modifiers().contains(Modifier.MANDATED))
                        .map(ModuleDescriptor.Requires::name)
                        .filter(other -> other.equals(OURS) || other.startsWith(OURS + "."))
                        .map(ModuleArrowTest::shortened)
                        .collect(Collectors.toCollection(TreeSet::new))));
    return needs;
  }

  /// The modules that are built, by name without `io.kalamos.`.
  private static Map<String, ModuleDescriptor> descriptors() throws IOException {
    Map<String, ModuleDescriptor> modules = new TreeMap<>();
    try (Stream<Path> folders = Files.list(Path.of("..").toRealPath())) {
      Path[] classes =
          folders
              .map(folder -> folder.resolve("target/classes"))
              .filter(folder -> Files.exists(folder.resolve("module-info.class")))
              .toArray(Path[]::new);
      for (ModuleReference module : ModuleFinder.of(classes).findAll()) {
        modules.put(shortened(module.descriptor().name()), module.descriptor());
      }
    }
    return modules;
  }

  private static String shortened(String module) {
    return module.equals(OURS) ? "" : module.substring(OURS.length() + 1);
  }
}
