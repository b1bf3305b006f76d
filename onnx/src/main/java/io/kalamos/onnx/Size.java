package io.kalamos.onnx;

/// The size of an axis: a number, or a multiple of the batch.
record Size(int factor, boolean ofBatch) {
  static final Size BATCH = new Size(1, true);

  static Size fixed(int size) {
    return new Size(size, false);
  }

  boolean is(int size) {
    return !ofBatch && factor == size;
  }
}
