package io.kalamos.tensorboard;

import io.kalamos.engine.Tensor;
import java.util.Arrays;
import java.util.Optional;

/// A weight as images, as Keras's callback makes them: a vector is a column of pixels, a matrix
/// lies on its longer side, each channel of a kernel of one input or output channel is an image.
final class WeightImages {
  private WeightImages() {}

  /// Images (images, height, width, channels); empty where the weight has too many axes.
  static Optional<Tensor> of(Tensor weight) {
    int[] sizes = Arrays.stream(weight.shape().toArray()).filter(size -> size != 1).toArray();
    Optional<Tensor> images =
        switch (sizes.length) {
          case 1 -> Optional.of(weight.reshape(1, sizes[0], 1, 1));
          case 2 -> Optional.of(matrix(weight, sizes[0], sizes[1]));
          case 3 ->
              Optional.of(
                  transposed(weight, sizes[0] * sizes[1], sizes[2])
                      .reshape(sizes[2], sizes[0], sizes[1], 1));
          case 4 -> Optional.of(weight.reshape(sizes));
          default -> Optional.empty();
        };
    return images.filter(tensor -> tensor.shape().dim(3) != 2 && tensor.shape().dim(3) <= 4);
  }

  private static Tensor matrix(Tensor weight, int rows, int columns) {
    return rows > columns
        ? transposed(weight, rows, columns).reshape(1, columns, rows, 1)
        : weight.reshape(1, rows, columns, 1);
  }

  private static Tensor transposed(Tensor weight, int rows, int columns) {
    float[] values = weight.toFloats();
    float[] turned = new float[values.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        turned[c * rows + r] = values[r * columns + c];
      }
    }
    return Tensor.of(turned, columns, rows);
  }
}
