package io.kalamos.metrics;

import io.kalamos.engine.DType;
import io.kalamos.engine.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What batches added to the accumulators of a metric, in double precision.
public final class Totals {
  private final Metric metric;
  private final Map<String, Tensor> totals = new LinkedHashMap<>();

  public Totals(Metric metric) {
    this.metric = metric;
  }

  /// Adds one batch's part of one accumulator.
  public void add(String accumulator, Tensor part) {
    Tensor total =
        totals.computeIfAbsent(accumulator, _ -> Tensor.zeros(DType.FLOAT64, part.shape()));
    for (long i = 0, size = part.size(); i < size; i++) {
      total.set(i, total.get(i) + part.get(i));
    }
  }

  /// The figure so far; 0 before the first batch.
  public Tensor result() {
    return totals.isEmpty()
        ? Results.number(0)
        : metric.result(Collections.unmodifiableMap(totals));
  }

  /// The same where it is a single number.
  public double value() {
    return result().get(0);
  }

  public void reset() {
    totals.clear();
  }
}
