package io.kalamos.labs;

import io.kalamos.data.Dataset;
import io.kalamos.data.Decoding;
import io.kalamos.datasets.Mnist;
import io.kalamos.mnist.data.MnistFile;
import java.nio.file.Path;
import java.util.Optional;

/// The bytes of IDX files as records of equal length behind a header, image by image and label by
/// label.
///
/// Images stay bytes until the model's first layer divides them by 255, so that they are decoded
/// once, the cache holds a quarter of what float32 takes, and less is copied into each batch.
record DigitRecords(Optional<Path> folder) {
  private static final int SIDE = 28;
  private static final int CLASSES = 10;
  private static final int IMAGE_HEADER = 16;
  private static final int LABEL_HEADER = 8;

  /// 60,000 images uint8 (28, 28, 1) with one-hot labels.
  Dataset train() {
    return pairs(MnistFile.TRAIN_IMAGES, MnistFile.TRAIN_LABELS);
  }

  /// 10,000 of them.
  Dataset test() {
    return pairs(MnistFile.TEST_IMAGES, MnistFile.TEST_LABELS);
  }

  private Dataset pairs(MnistFile images, MnistFile labels) {
    var pixels = records(images, IMAGE_HEADER, SIDE * SIDE).mapInput(x -> x.reshape(SIDE, SIDE, 1));
    var oneHot = records(labels, LABEL_HEADER, 1).map(Decoding.oneHot(CLASSES));
    return Dataset.zip(pixels, oneHot);
  }

  private Dataset records(MnistFile file, int header, int bytes) {
    return folder.isPresent()
        ? Dataset.fixedLengthRecords(Mnist.file(folder.get(), file.fileName()), header, bytes)
        : Dataset.fixedLengthRecords(file.mapped(), header, bytes);
  }
}
