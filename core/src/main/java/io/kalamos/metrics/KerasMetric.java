package io.kalamos.metrics;

import io.kalamos.options.Vary;

/// A metric that is a record whose components are the options of Keras's class, `name` first.
///
/// @param <M> the record itself, which the copy methods give back
public interface KerasMetric<M extends Metric> extends Metric {
  /// The same under another name.
  @SuppressWarnings("unchecked")
  default M named(String name) {
    return (M) Vary.of((Record) this, "name", name);
  }
}
