package io.kalamos.labs;

import io.kalamos.datasets.LabeledImages;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;

/// One-hot labels, and a look at the first images as text.
final class FirstDigits {
  private static final String SHADES = " .:-=+*#%@";

  private FirstDigits() {}

  /// Float32 (n, classes): a 1 at each label's place, 0 elsewhere.
  static Tensor oneHot(Tensor labels, int classes) {
    int count = labels.shape().dim(0);
    var oneHot = Tensor.zeros(DType.FLOAT32, Shape.of(count, classes));
    for (int i = 0; i < count; i++) {
      int label = (int) labels.get(i);
      if (label >= classes) {
        throw new IllegalArgumentException(
            "labels: expected classes 0 to "
                + (classes - 1)
                + ", received labels["
                + i
                + "]="
                + label
                + ". Give the labels of digits.");
      }
      oneHot.set((long) i * classes + label, 1);
    }
    return oneHot;
  }

  /// The first image, two rows of pixels to a line, and the first three labels.
  static String describe(LabeledImages images, Tensor oneHot) {
    var text = new StringBuilder("The first image, label " + (int) images.labels().get(0) + ":\n");
    int height = images.images().shape().dim(1);
    int width = images.images().shape().dim(2);
    for (int y = 0; y + 1 < height; y += 2) {
      var line = new StringBuilder("  ");
      for (int x = 0; x < width; x++) {
        double upper = images.images().get((long) y * width + x);
        double lower = images.images().get((long) (y + 1) * width + x);
        line.append(SHADES.charAt((int) ((upper + lower) / 2 * (SHADES.length() - 1) / 255)));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    text.append("The first three labels, one-hot:\n");
    for (int i = 0; i < Math.min(3, images.count()); i++) {
      text.append("  ").append(label(oneHot, i)).append('\n');
    }
    return text.toString();
  }

  /// `0 0 0 0 0 1 0 0 0 0`.
  static String label(Tensor oneHot, int row) {
    var text = new StringBuilder();
    int classes = oneHot.shape().dim(1);
    for (int c = 0; c < classes; c++) {
      text.append(c == 0 ? "" : " ").append((int) oneHot.get((long) row * classes + c));
    }
    return text.toString();
  }
}
