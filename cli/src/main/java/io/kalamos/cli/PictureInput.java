package io.kalamos.cli;

import io.kalamos.datasets.ColorMode;
import io.kalamos.datasets.ImageFile;
import io.kalamos.datasets.Resampling;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.models.Model;
import java.nio.file.Path;

/// How pictures become a model's input: in its size, grey or coloured as it wants, from 0 to 255.
///
/// @param shape of one sample, whatever its axes: (height, width), (height, width, channels), or
///   the pixels of a square grey picture in a row
record PictureInput(Shape shape, int height, int width, ColorMode mode) {
  static PictureInput of(Model model) {
    var names = model.inputNames();
    Shape shape = Examples.shape(model, names.getFirst());
    int side = (int) Math.round(Math.sqrt(shape.size()));
    boolean grey = shape.rank() == 2 || shape.rank() == 3 && shape.dim(2) == 1;
    boolean square = shape.rank() == 1 && side > 1 && side * side == shape.dim(0);
    boolean colour = shape.rank() == 3 && shape.dim(2) == 3;
    if (names.size() > 1 || !grey && !square && !colour) {
      throw new UsageException(
          "--input: expected arrays for this model, whose input is no picture, received pictures for"
              + " inputs="
              + names.stream().map(name -> Examples.shape(model, name).prepend(Shape.OPEN)).toList()
              + ". Write --input x.npy or --input data.npz.");
    }
    return square
        ? new PictureInput(shape, side, side, ColorMode.GRAYSCALE)
        : new PictureInput(
            shape, shape.dim(0), shape.dim(1), colour ? ColorMode.RGB : ColorMode.GRAYSCALE);
  }

  /// A picture as the only sample of a tensor, float32.
  Tensor tensor(Path file) {
    return ImageFile.load(file, mode, height, width, Resampling.AREA)
        .reshape(shape.prepend(1).toArray());
  }
}
