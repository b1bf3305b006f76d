package io.kalamos.labs;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.models.Model;
import java.lang.foreign.MemorySegment;

/// What a model says to images as they are and moved by a pixel in each direction, on the mean: a
/// digit stays what it is, and what the model knows of it does not hang on its place.
final class Shifts {
  private static final int[][] MOVES = {{0, 0}, {1, 0}, {-1, 0}, {0, 1}, {0, -1}};

  private Shifts() {}

  /// The mean of the predictions (n, classes) for images uint8 (n, height, width).
  static Tensor mean(Model model, Tensor images) {
    var mean = Tensor.zeros(DType.FLOAT32, Shape.of(0));
    for (var move : MOVES) {
      var one = model.predict(moved(images, move[0], move[1]));
      var before = mean;
      mean = one.copy();
      if (before.size() > 0) {
        mean.fill(i -> before.get(i) + one.get(i));
      }
    }
    var sum = mean.copy();
    mean.fill(i -> sum.get(i) / MOVES.length);
    return mean;
  }

  /// Images moved down and to the right by these pixels; what comes in is 0.
  static Tensor moved(Tensor images, int down, int right) {
    int height = images.shape().dim(1);
    int width = images.shape().dim(2);
    var moved = Tensor.zeros(images.dtype(), images.shape());
    int kept = width - Math.abs(right);
    for (int image = 0; image < images.shape().dim(0); image++) {
      for (int row = Math.max(0, down); row < height + Math.min(0, down); row++) {
        long to = ((long) image * height + row) * width;
        long from = to - (long) down * width;
        MemorySegment.copy(
            images.memory(),
            from + Math.max(0, -right),
            moved.memory(),
            to + Math.max(0, right),
            kept);
      }
    }
    return moved;
  }
}
