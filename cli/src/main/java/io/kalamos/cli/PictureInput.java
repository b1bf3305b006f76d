package io.kalamos.cli;

import io.kalamos.datasets.ColorMode;
import io.kalamos.datasets.ImageFile;
import io.kalamos.datasets.Resampling;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.models.Model;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// How pictures become a model's input: in its size, grey or coloured as it wants, from 0 to 255,
/// inverted where the model's file says `invert=true`.
///
/// @param shape of one sample, whatever its axes: (height, width), (height, width, channels), or
///   the pixels of a square grey picture in a row
/// @param preprocessing what the model's file says of pictures
record PictureInput(
    Shape shape, int height, int width, ColorMode mode, Map<String, String> preprocessing) {
  private static final String INVERT = "invert";

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
    var preprocessing = model.extras().preprocessing();
    return square
        ? new PictureInput(shape, side, side, ColorMode.GRAYSCALE, preprocessing)
        : new PictureInput(
            shape,
            shape.dim(0),
            shape.dim(1),
            colour ? ColorMode.RGB : ColorMode.GRAYSCALE,
            preprocessing);
  }

  /// What is told of preprocessing that nobody here knows.
  Optional<String> unknown() {
    var others = new LinkedHashMap<>(preprocessing);
    others.remove(INVERT);
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Printable.of(
                "The model's file asks for "
                    + others
                    + " before it sees pictures, which is not done here."));
  }

  /// A picture as the only sample of a tensor, float32.
  Tensor tensor(Path file) {
    Tensor picture = ImageFile.load(file, mode, height, width, Resampling.AREA);
    if ("true".equals(preprocessing.get(INVERT))) {
      float[] values = picture.toFloats();
      picture.fill(i -> 255 - values[i]);
    }
    return picture.reshape(shape.prepend(1).toArray());
  }
}
