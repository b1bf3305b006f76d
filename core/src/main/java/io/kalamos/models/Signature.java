package io.kalamos.models;

import io.kalamos.data.Samples;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.util.List;
import java.util.Optional;

/// What programs are specialised for, beside the model: the batch, and shapes and types of the
/// data.
///
/// @param y of the outputs that have goals
/// @param weights of these outputs' samples, where they have some
record Signature(int batch, List<Feed> x, List<Feed> y, List<Optional<Feed>> weights) {
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
        samples.y().stream().map(Feed::of).toList(),
        samples.weights().stream().map(weight -> weight.map(Feed::of)).toList());
  }

  static Signature of(int batch, List<Tensor> x) {
    return prediction(batch, x.stream().map(Feed::of).toList());
  }

  /// Of a program that is given inputs alone.
  static Signature prediction(int batch, List<Feed> x) {
    return new Signature(batch, x, List.of(), List.of());
  }

  Signature batch(int other) {
    return new Signature(other, x, y, weights);
  }
}
