package io.kalamos.models;

import io.kalamos.data.Samples;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.util.List;

/// What programs are specialised for, beside the model: the batch, and shapes and types of the
/// data.
record Signature(int batch, List<Feed> x, List<Feed> y) {
  /// The shape of a row and the type of a tensor of samples.
  record Feed(Shape row, DType dtype) {
    static Feed of(Tensor data) {
      return new Feed(data.shape().slice(1, data.shape().rank()), data.dtype());
    }
  }

  static Signature of(int batch, Samples samples) {
    return new Signature(
        batch,
        samples.x().stream().map(Feed::of).toList(),
        samples.y().stream().map(Feed::of).toList());
  }

  static Signature of(int batch, List<Tensor> x) {
    return new Signature(batch, x.stream().map(Feed::of).toList(), List.of());
  }

  Signature batch(int other) {
    return new Signature(other, x, y);
  }
}
