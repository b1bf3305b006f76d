package io.kalamos.models;

import io.kalamos.options.Refusal;
import java.util.Optional;
import java.util.function.Consumer;

/// How a model's programs run.
///
/// @param seed of shuffles and dropout masks
/// @param backend by name; without it the fastest that works here
/// @param threads that share a step
/// @param log gets notices and warnings, one line each
public record Execution(
    long seed, Optional<String> backend, int threads, Precision precision, Consumer<String> log) {
  public static final Execution DEFAULTS =
      new Execution(
          0,
          Optional.empty(),
          Runtime.getRuntime().availableProcessors(),
          Precision.FLOAT32,
          System.err::println);

  public Execution {
    if (threads < 1) {
      throw Refusal.of(
          "compile", "1 thread or more", "threads", threads, "Leave it out to use all cores.");
    }
  }

  public Execution seed(long seed) {
    return new Execution(seed, backend, threads, precision, log);
  }

  public Execution backend(String name) {
    return new Execution(seed, Optional.of(name), threads, precision, log);
  }

  public Execution threads(int threads) {
    return new Execution(seed, backend, threads, precision, log);
  }

  public Execution precision(Precision precision) {
    return new Execution(seed, backend, threads, precision, log);
  }

  /// Keras's name of a policy: `float32`, `mixed_bfloat16` or `float64`.
  public Execution precision(String name) {
    return precision(Precision.named(name));
  }

  public Execution log(Consumer<String> log) {
    return new Execution(seed, backend, threads, precision, log);
  }
}
