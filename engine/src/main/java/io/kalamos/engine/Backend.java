package io.kalamos.engine;

import java.util.List;
import java.util.ServiceLoader;

/// Turns graphs into programs for one kind of hardware or library; found as a service.
public interface Backend {
  /// The name that `--backend` takes.
  String name();

  /// Backends with a higher rank are preferred.
  int rank();

  /// Whether it works here, and why not.
  Availability availability();

  /// Whether products of this type run at full speed here, as opposed to being emulated.
  boolean multiplies(DType type);

  /// Compiles a graph. Variables are read and written in place, whatever the number of programs.
  Program compile(Graph graph, CompileOptions options);

  /// All backends on the module path, the preferred first.
  static List<Backend> all() {
    return ServiceLoader.load(Backend.class, Backend.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .sorted((a, b) -> Integer.compare(b.rank(), a.rank()))
        .toList();
  }
}
