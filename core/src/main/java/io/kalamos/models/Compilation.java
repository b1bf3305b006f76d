package io.kalamos.models;

import io.kalamos.losses.Loss;
import io.kalamos.losses.Reduction;
import io.kalamos.metrics.Metric;
import io.kalamos.optimizers.Optimizer;
import io.kalamos.options.Refusal;
import java.util.List;
import java.util.function.UnaryOperator;

/// What training needs beside the model.
///
/// @param losses one for each output, added up
/// @param metrics watched at every output
public record Compilation(
    Optimizer optimizer, List<Loss> losses, List<Metric> metrics, Execution execution) {
  public Compilation {
    losses = List.copyOf(losses);
    metrics = List.copyOf(metrics);
    losses.forEach(Reduction::unlessSingle);
    if (losses.isEmpty()) {
      throw Refusal.of("compile", "a loss", "losses", losses, "Name one for each output.");
    }
  }

  public static Compilation of(Optimizer optimizer, Loss loss, Metric... metrics) {
    return new Compilation(optimizer, List.of(loss), List.of(metrics), Execution.DEFAULTS);
  }

  /// A loss for each output, in their order.
  public static Compilation of(Optimizer optimizer, List<Loss> losses, Metric... metrics) {
    return new Compilation(optimizer, losses, List.of(metrics), Execution.DEFAULTS);
  }

  /// Seed, backend, threads, precision, log: `running(run -> run.seed(7).threads(1))`.
  public Compilation running(UnaryOperator<Execution> options) {
    return new Compilation(optimizer, losses, metrics, options.apply(execution));
  }
}
