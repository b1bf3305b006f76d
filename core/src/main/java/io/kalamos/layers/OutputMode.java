package io.kalamos.layers;

/// What becomes of the categories of a sample. Keras's names.
public enum OutputMode {
  /// Each category is a vector of its own.
  ONE_HOT,
  /// One vector that has a one for each category of the sample.
  MULTI_HOT,
  /// One vector that tells how often each category occurs.
  COUNT
}
