package io.kalamos.datasets;

import java.nio.file.Path;
import java.util.List;

/// Fashion-MNIST: articles of clothing in the form of MNIST, `train` with 60,000 and `test` with
/// 10,000 images, uint8 (n, 28, 28), and labels 0 to 9, uint8 (n,). Keras:
/// `keras.datasets.fashion_mnist`.
///
/// Source: H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking
/// machine learning algorithms", 2017.
public record FashionMnist(LabeledImages train, LabeledImages test) {
  /// What the labels mean.
  public static final List<String> CLASS_NAMES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  /// The four files of a folder, which have the names of MNIST's: `train-images-idx3-ubyte.gz`,
  /// `train-labels-idx1-ubyte.gz`, `t10k-images-idx3-ubyte.gz`, `t10k-labels-idx1-ubyte.gz`, packed
  /// or not.
  public static FashionMnist load(Path folder) {
    var files =
        new IdxFolder("FashionMnist.load", folder, "github.com/zalandoresearch/fashion-mnist");
    return new FashionMnist(
        files.read("train-images-idx3-ubyte", "train-labels-idx1-ubyte", 10),
        files.read("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", 10));
  }
}
