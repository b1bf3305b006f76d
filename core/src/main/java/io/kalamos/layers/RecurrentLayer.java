package io.kalamos.layers;

/// A layer that goes over time; what [Bidirectional] takes.
public interface RecurrentLayer extends Layer {
  Recurrence recurrence();

  /// The same layer with other options of time.
  RecurrentLayer recurrence(Recurrence recurrence);

  @Override
  RecurrentLayer named(String name);
}
