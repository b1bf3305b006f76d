package io.kalamos.layers;

/// What lies outside the edges of a picture or sequence.
public enum Padding {
  /// Nothing: the window stays inside.
  VALID,
  /// Zeros (or nothing, for pooling), so that the output has ceil(input / stride) pixels.
  SAME,
  /// Zeros before the first step only, so that no result sees a later step: for [Conv1D].
  CAUSAL
}
