package io.kalamos.cli;

import io.kalamos.datasets.Mnist;
import io.kalamos.engine.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What the doctor looks at.
final class Findings {
  private static final List<String> FEATURES =
      List.of("avx2", "fma", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "bf16");

  private Findings() {}

  static List<Finding> here() {
    var findings = new ArrayList<Finding>();
    findings.add(jdk());
    findings.add(system());
    findings.add(processor());
    findings.add(memory());
    findings.addAll(backends());
    findings.add(cache());
    findings.add(mnist());
    return findings;
  }

  private static Finding jdk() {
    return Finding.fine(
        "JDK",
        "%s (%s) in %s"
            .formatted(
                Runtime.version(),
                System.getProperty("java.vendor"),
                System.getProperty("java.home")));
  }

  private static Finding system() {
    return Finding.fine(
        "system",
        "%s %s, %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
  }

  private static Finding processor() {
    var info = lines(Path.of("/proc/cpuinfo"));
    var model = value(info, "model name").orElse("unknown model");
    var flags = List.of(value(info, "flags").orElse("").split(" "));
    var features = FEATURES.stream().filter(flags::contains).toList();
    var found =
        "%s, %d threads%s"
            .formatted(
                model,
                Runtime.getRuntime().availableProcessors(),
                features.isEmpty() ? "" : ", " + String.join(" ", features));
    return found.contains("unknown") || flags.contains("avx512_bf16") || flags.contains("amx_bf16")
        ? Finding.fine("processor", found)
        : Finding.fine("processor", found + "; no bfloat16, so train in float32");
  }

  private static Finding memory() {
    var info = lines(Path.of("/proc/meminfo"));
    return Finding.fine(
        "memory",
        "%s, available %s; Java heap up to %d MB"
            .formatted(
                value(info, "MemTotal").map(Findings::megabytes).orElse("unknown"),
                value(info, "MemAvailable").map(Findings::megabytes).orElse("unknown"),
                Runtime.getRuntime().maxMemory() >> 20));
  }

  private static List<Finding> backends() {
    var backends = Backend.all();
    if (backends.isEmpty()) {
      return List.of(
          Finding.missing(
              "backend",
              "none",
              "Run ./build verify: the modules javacpu and onednn are missing."));
    }
    var findings = new ArrayList<Finding>();
    for (var backend : backends) {
      var availability = backend.availability();
      findings.add(
          availability.usable()
              ? Finding.fine("backend", backend.name() + ": " + availability.details())
              : Finding.missing(
                  "backend", backend.name() + ": not usable here", availability.details()));
    }
    return findings;
  }

  private static Finding cache() {
    var folder = CacheFolder.ofUser();
    if (!Files.isDirectory(folder)) {
      return Files.isWritable(existing(folder))
          ? Finding.fine("cache", folder + " (made when first needed)")
          : Finding.missing(
              "cache",
              folder + " cannot be made",
              "Make it writable, or name another folder with XDG_CACHE_HOME; until then data are"
                  + " unpacked at each start.");
    }
    var found = folder + ", " + size(folder);
    return Files.isWritable(folder)
        ? Finding.fine("cache", found)
        : Finding.missing(
            "cache", found + ", read only", "Make it writable, or set XDG_CACHE_HOME.");
  }

  private static Finding mnist() {
    try {
      var mnist = Mnist.load();
      return Finding.fine(
          "MNIST",
          "%,d training and %,d test images"
              .formatted(mnist.train().count(), mnist.test().count()));
    } catch (RuntimeException e) {
      return Finding.missing("MNIST", "cannot be read", String.valueOf(e.getMessage()));
    }
  }

  private static Path existing(Path folder) {
    var parent = folder;
    while (parent != null && !Files.exists(parent)) {
      parent = parent.getParent();
    }
    return parent == null ? folder : parent;
  }

  private static String size(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      long bytes =
          files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
      return (bytes >> 20) + " MB";
    } catch (IOException | UncheckedIOException _) {
      return "size unknown";
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException _) {
      return List.of();
    }
  }

  private static Optional<String> value(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name) && line.contains(":"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }

  private static String megabytes(String kilobytes) {
    var number = kilobytes.toLowerCase(Locale.ROOT).replace("kb", "").strip();
    return (Long.parseLong(number) >> 10) + " MB";
  }
}
