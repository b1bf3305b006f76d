package io.kalamos.cli;

import static io.kalamos.activations.Activations.SOFTMAX;

import io.kalamos.data.Preprocessing;
import io.kalamos.datasets.Mnist;
import io.kalamos.datasets.Npy;
import io.kalamos.datasets.Npz;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Input;
import io.kalamos.layers.Rescaling;
import io.kalamos.losses.Loss;
import io.kalamos.metrics.Metrics;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.Adam;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;

/// Small files of models and data for the commands.
record SavedModels(Path folder) {
  /// A compiled linear classifier of digits.
  Path linear(Loss loss) throws IOException {
    try (var model = digits()) {
      model.compile(Adam.of(0.01), loss, Metrics.ACCURACY);
      return saved(model, "linear.keras");
    }
  }

  static Model digits() {
    return Sequential.of(
        Input.of(28, 28, 1),
        Rescaling.of(1 / 255.0),
        Flatten.of(),
        Dense.of(10).activation(SOFTMAX));
  }

  Path saved(Model model, String name) throws IOException {
    var file = folder.resolve(name);
    model.save(file);
    return file;
  }

  /// The first training digits as `x.npy`.
  Path x(int count) {
    return array("x.npy", Mnist.load().train().images().rows(0, count));
  }

  /// Their labels as `y.npy`.
  Path y(int count) {
    return array("y.npy", Mnist.load().train().labels().rows(0, count));
  }

  /// Their labels as one-hot rows.
  Path oneHot(int count) {
    var labels = Mnist.load().train().labels().rows(0, count);
    return array("one-hot.npy", Preprocessing.toCategorical(labels, 10));
  }

  Path array(String name, Tensor tensor) {
    var file = folder.resolve(name);
    Npy.write(file, tensor);
    return file;
  }

  Path zipped(String name, Map<String, Tensor> arrays) {
    var file = folder.resolve(name);
    Npz.write(file, arrays);
    return file;
  }

  /// A test digit as a picture, each pixel drawn `scale` times as wide and high.
  Path picture(String name, int digit, int scale) throws IOException {
    var image = Mnist.load().test().images().rows(digit, digit + 1);
    var picture = new BufferedImage(28 * scale, 28 * scale, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < 28 * scale; y++) {
      for (int x = 0; x < 28 * scale; x++) {
        int pixel = (int) image.get(y / scale * 28L + x / scale);
        picture.getRaster().setSample(x, y, 0, pixel);
      }
    }
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(picture, name.substring(name.lastIndexOf('.') + 1), file.toFile());
    return file;
  }
}
