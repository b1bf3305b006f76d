package io.kalamos.callbacks;

/// Which values of a monitored figure are better.
public enum Mode {
  /// What the figure's name says: less is better for losses and errors, more for accuracies.
  AUTO,
  MIN,
  MAX
}
