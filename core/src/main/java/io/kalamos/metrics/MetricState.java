package io.kalamos.metrics;

import io.kalamos.engine.Backend;
import io.kalamos.engine.Batch;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Program;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// A metric over tensors that are at hand, batch after batch, without any model: Keras's
/// `update_state`, `result` and `reset_state`.
///
/// The sums are taken by the backend of plain loops, in the predictions' precision.
public final class MetricState {
  private static final String TARGET = "target";
  private static final String PREDICTION = "prediction";
  private static final String WEIGHT = "weight";

  private final Metric metric;
  private final Totals totals;

  private MetricState(Metric metric) {
    this.metric = metric;
    this.totals = new Totals(metric);
  }

  public static MetricState of(Metric metric) {
    return new MetricState(metric);
  }

  /// Adds a batch.
  public void update(Tensor target, Tensor prediction) {
    update(target, prediction, Optional.empty());
  }

  /// Adds a batch whose samples, or time steps, have weights.
  public void update(Tensor target, Tensor prediction, Tensor weight) {
    update(target, prediction, Optional.of(weight));
  }

  /// Adds values to a metric that looks at nothing else, such as [Mean].
  public void update(Tensor values) {
    update(values, values, Optional.empty());
  }

  /// The figure so far, float64.
  public Tensor result() {
    return totals.result();
  }

  /// The same where it is a single number.
  public double value() {
    return totals.value();
  }

  public void reset() {
    totals.reset();
  }

  private void update(Tensor target, Tensor prediction, Optional<Tensor> weight) {
    int rows = rows(prediction);
    SequencedMap<String, Node> parts =
        metric.update(
            input(TARGET, target),
            input(PREDICTION, prediction),
            weight.map(given -> input(WEIGHT, given)));
    SequencedMap<String, Node> outputs = new LinkedHashMap<>(parts);
    Graph graph = new Graph(outputs, List.of());
    Map<String, Tensor> data = new HashMap<>(Map.of(TARGET, target, PREDICTION, prediction));
    weight.ifPresent(given -> data.put(WEIGHT, given));
    try (Program program = backend().compile(graph, CompileOptions.seeded(0))) {
      graph
          .order()
          .forEach(
              node -> {
                if (node.op() instanceof Batch(String name, _, _)) {
                  program.bind(name, data.get(name));
                }
              });
      program.run(IntStream.range(0, rows).toArray(), 0, 0);
      parts.keySet().forEach(name -> totals.add(name, program.output(name)));
    }
  }

  private int rows(Tensor prediction) {
    if (prediction.shape().rank() == 0) {
      throw Refusal.of(
          metric.name(),
          "predictions with an axis of samples",
          "shape",
          prediction.shape(),
          "Use prediction.reshape(1).");
    }
    return prediction.shape().dim(0);
  }

  private static Node input(String name, Tensor tensor) {
    return Node.of(new Batch(name, tensor.shape(), tensor.dtype()));
  }

  private static Backend backend() {
    return Backend.all().stream()
        .filter(backend -> backend.name().equals("java"))
        .findFirst()
        .orElseGet(() -> Backend.all().getFirst());
  }
}
