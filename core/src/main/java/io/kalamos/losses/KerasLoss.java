package io.kalamos.losses;

import io.kalamos.options.Vary;

/// A loss that is a record whose components are the options of Keras's class, `name` first and
/// `reduction` last.
///
/// @param <L> the record itself, which the copy methods give back
public interface KerasLoss<L extends Loss> extends Loss {
  @Override
  String name();

  @Override
  Reduction reduction();

  @Override
  TargetKind target();

  /// The record itself under another name, no wrapper: checks look at the options of a loss.
  @Override
  @SuppressWarnings("unchecked")
  default L named(String name) {
    return (L) Vary.of((Record) this, "name", name);
  }

  /// The same with another reduction.
  @SuppressWarnings("unchecked")
  default L reduction(Reduction reduction) {
    return (L) Vary.of((Record) this, "reduction", reduction);
  }
}
