package io.kalamos.models;

import io.kalamos.losses.Loss;
import io.kalamos.metrics.Metric;
import io.kalamos.optimizers.Optimizer;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What training needs beside the model: Keras's options of `compile`.
///
/// @param loss what is made small; an output that a map leaves out has none
/// @param lossWeights what each output's loss is multiplied with in the sum
/// @param metrics watched at the outputs, without sample weights
/// @param weightedMetrics the same with sample weights
/// @param step writes what is made small instead of losses
/// @param logs the figures that the step gives beside its loss
public record Compilation(
    Optimizer optimizer,
    PerOutput<Loss> loss,
    PerOutput<Double> lossWeights,
    PerOutput<List<Metric>> metrics,
    PerOutput<List<Metric>> weightedMetrics,
    Optional<TrainingStep> step,
    List<String> logs,
    Execution execution) {
  public Compilation {
    logs = List.copyOf(logs);
    for (String name : logs) {
      if (name.isBlank() || name.contains("/") || name.equals(StepGraph.LOSS)) {
        throw Refusal.of(
            "compile", "names without / other than loss", "logs", logs, "Choose another name.");
      }
    }
  }

  private Compilation(Optimizer optimizer, PerOutput<Loss> loss, List<Metric> metrics) {
    this(
        optimizer,
        loss,
        PerOutput.none(),
        new PerOutput.All<>(List.copyOf(metrics)),
        PerOutput.none(),
        Optional.empty(),
        List.of(),
        Execution.DEFAULTS);
  }

  /// One loss for all outputs, and metrics that are watched at all outputs.
  public static Compilation of(Optimizer optimizer, Loss loss, Metric... metrics) {
    return new Compilation(optimizer, new PerOutput.All<>(loss), List.of(metrics));
  }

  /// A loss for each output, in their order.
  public static Compilation of(Optimizer optimizer, List<Loss> losses, Metric... metrics) {
    if (losses.isEmpty()) {
      throw Refusal.of("compile", "a loss", "losses", losses, "Name one for each output.");
    }
    return new Compilation(optimizer, new PerOutput.InOrder<>(losses), List.of(metrics));
  }

  /// Losses by the outputs' names; the other outputs have none.
  public static Compilation of(Optimizer optimizer, Map<String, Loss> losses, Metric... metrics) {
    if (losses.isEmpty()) {
      throw Refusal.of("compile", "a loss", "losses", losses, "Name at least one output.");
    }
    return new Compilation(optimizer, new PerOutput.ByName<>(losses), List.of(metrics));
  }

  /// An own training step instead of losses.
  public static Compilation of(Optimizer optimizer, TrainingStep step) {
    Compilation without = new Compilation(optimizer, PerOutput.none(), List.of());
    return Vary.of(without, "step", Optional.of(step));
  }

  /// The names of figures that the training step gives with `step.log(name, value)`.
  public Compilation logs(String... names) {
    return Vary.of(this, "logs", List.of(names));
  }

  /// What the losses are multiplied with before they are added up, in the outputs' order.
  public Compilation lossWeights(double... weights) {
    return weighing(new PerOutput.InOrder<>(Arrays.stream(weights).boxed().toList()));
  }

  /// The same by the outputs' names; 1 for the others.
  public Compilation lossWeights(Map<String, Double> weights) {
    return weighing(new PerOutput.ByName<>(weights));
  }

  private Compilation weighing(PerOutput<Double> weights) {
    return Vary.of(this, "lossWeights", weights);
  }

  /// The metrics of each output, in their order.
  public Compilation metrics(List<List<Metric>> metrics) {
    return Vary.of(this, "metrics", new PerOutput.InOrder<>(metrics));
  }

  /// The metrics of some outputs, by name.
  public Compilation metrics(Map<String, List<Metric>> metrics) {
    return Vary.of(this, "metrics", new PerOutput.ByName<>(metrics));
  }

  /// Metrics of all outputs that count samples by their weights.
  public Compilation weightedMetrics(Metric... metrics) {
    return Vary.of(this, "weightedMetrics", new PerOutput.All<>(List.of(metrics)));
  }

  /// The same for each output, in their order.
  public Compilation weightedMetrics(List<List<Metric>> metrics) {
    return Vary.of(this, "weightedMetrics", new PerOutput.InOrder<>(metrics));
  }

  /// The same for some outputs, by name.
  public Compilation weightedMetrics(Map<String, List<Metric>> metrics) {
    return Vary.of(this, "weightedMetrics", new PerOutput.ByName<>(metrics));
  }

  /// Seed, backend, threads, precision, log: `running(run -> run.seed(7).threads(1))`.
  public Compilation running(UnaryOperator<Execution> options) {
    return Vary.of(this, "execution", options.apply(execution));
  }
}
