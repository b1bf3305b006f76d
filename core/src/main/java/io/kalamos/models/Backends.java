package io.kalamos.models;

import io.kalamos.engine.Availability;
import io.kalamos.engine.Backend;
import io.kalamos.options.Refusal;
import java.util.List;
import java.util.function.Consumer;

/// Chooses the backend of a model.
final class Backends {
  private static final String JAVA = "java";

  private Backends() {}

  static Backend choose(Execution execution) {
    return choose(execution, Backend.all(), execution.log());
  }

  static Backend choose(Execution execution, List<Backend> all, Consumer<String> log) {
    boolean exact = execution.precision() == Precision.FLOAT64;
    String wanted = execution.backend().orElse(exact ? JAVA : "");
    return wanted.isEmpty() ? fastest(all, log) : named(wanted, all);
  }

  /// The precision asked for, or float32 with a notice where the processor would emulate it: slower
  /// and less exact.
  static Precision precision(Execution execution, Backend backend) {
    Precision wanted = execution.precision();
    if (wanted != Precision.MIXED_BFLOAT16 || backend.multiplies(wanted.computeType())) {
      return wanted;
    }
    execution
        .log()
        .accept(
            "note: mixed_bfloat16 runs as float32: this processor has no bfloat16 products"
                + " (backend "
                + backend.name()
                + ")");
    return Precision.FLOAT32;
  }

  private static Backend named(String name, List<Backend> all) {
    List<String> names = all.stream().map(Backend::name).toList();
    Backend backend =
        all.stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    Problems.unknown(
                        "compile", "a backend on the module path", "backend", name, names));
    Availability availability = backend.availability();
    if (!availability.usable()) {
      throw Refusal.of(
          "compile",
          "a backend that works here",
          "backend",
          name + " (" + availability.details() + ")",
          "Choose another one, or leave it out to use what works.");
    }
    return backend;
  }

  private static Backend fastest(List<Backend> all, Consumer<String> log) {
    String notice = "";
    for (Backend backend : all) {
      Availability availability = backend.availability();
      if (availability.usable()) {
        if (!notice.isEmpty()) {
          log.accept("note: " + notice + "using backend " + backend.name());
        }
        return backend;
      }
      notice += "backend " + backend.name() + " is not usable: " + availability.details() + "; ";
    }
    throw Refusal.of(
        "compile",
        "a backend that works here",
        "backends",
        notice.isEmpty() ? "none" : notice.strip(),
        "Add the module io.kalamos.javacpu to the module path.");
  }
}
