package io.kalamos.datasets;

import io.kalamos.engine.Tensor;
import io.kalamos.mnist.data.MnistFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/// The MNIST database of handwritten digits: `train` with 60,000 and `test` with 10,000 images,
/// uint8 (n, 28, 28), white (255) on black (0), and labels 0 to 9, uint8 (n,). Keras:
/// `keras.datasets.mnist`.
///
/// The tensors are views of mapped files and must not be written.
public record Mnist(LabeledImages train, LabeledImages test) {

  /// The original files, which come with Kalamos.
  public static Mnist load() {
    return new Mnist(
        new LabeledImages(embedded(MnistFile.TRAIN_IMAGES), embedded(MnistFile.TRAIN_LABELS)),
        new LabeledImages(embedded(MnistFile.TEST_IMAGES), embedded(MnistFile.TEST_LABELS)));
  }

  /// The four files of a folder, under the names of the originals: `train-images-idx3-ubyte` or
  /// `train-images.idx3-ubyte`, with or without `.gz`. Other data in this form (Fashion-MNIST) load
  /// too.
  public static Mnist load(Path folder) {
    return new Mnist(
        new LabeledImages(
            inFolder(folder, MnistFile.TRAIN_IMAGES), inFolder(folder, MnistFile.TRAIN_LABELS)),
        new LabeledImages(
            inFolder(folder, MnistFile.TEST_IMAGES), inFolder(folder, MnistFile.TEST_LABELS)));
  }

  private static Tensor embedded(MnistFile file) {
    return Idx.view(file.fileName(), file.mapped());
  }

  private static Tensor inFolder(Path folder, MnistFile file) {
    return Idx.read(file(folder, file.fileName()));
  }

  /// The file of a folder that stands for an original, such as `train-images-idx3-ubyte`, under one
  /// of the names that [#load(Path)] knows.
  public static Path file(Path folder, String original) {
    var names = new ArrayList<String>();
    for (var name : new String[] {original, original.replace("-idx", ".idx")}) {
      names.add(name);
      names.add(name + ".gz");
    }
    for (var name : names) {
      if (Files.exists(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    throw new MalformedDataException(
        "Mnist.load: expected one of %s, received folder=%s, which has none of them. Put the four files there, or use Mnist.load() for the embedded ones."
            .formatted(names, folder));
  }
}
