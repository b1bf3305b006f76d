package io.kalamos.layers;

/// What lies outside a picture's edge.
public enum Padding {
  /// Nothing: the window stays inside.
  VALID,
  /// Zeros (or nothing, for pooling), so that the output has ceil(input / stride) pixels.
  SAME
}
