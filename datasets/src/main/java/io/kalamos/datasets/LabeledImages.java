package io.kalamos.datasets;

import io.kalamos.data.Samples;
import io.kalamos.engine.Tensor;

/// Images and the class of each: `images` (n, height, width, ...) and `labels` (n,), whole numbers.
public record LabeledImages(Tensor images, Tensor labels) {
  public LabeledImages {
    boolean fit =
        images.shape().rank() >= 3
            && labels.shape().rank() == 1
            && images.shape().dim(0) == labels.shape().dim(0);
    if (!fit) {
      throw new MalformedDataException(
          "LabeledImages: expected images (n, height, width, ...) and as many labels (n,), received images=%s, labels=%s. Take both from the same part of the data set."
              .formatted(images, labels));
    }
  }

  /// What `fit` and `evaluate` take: the images as input, the labels as target.
  public Samples samples() {
    return Samples.of(images, labels);
  }

  /// The number of images.
  public int count() {
    return images.shape().dim(0);
  }
}
