package io.kalamos.datasets;

import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A folder with the IDX files of a data set that one has fetched oneself.
///
/// @param loader who reads it, for messages
/// @param source where the files are to be had
record IdxFolder(String loader, Path folder, String source) {

  /// Images of 28x28 and their labels below `classes`, from the files of these names (each also
  /// with `.` for the `-` before `idx`, and with `.gz`).
  LabeledImages read(String images, String labels, int classes) {
    Path imageFile = find(images);
    Path labelFile = find(labels);
    Tensor pictures = Idx.read(imageFile);
    Tensor numbers = Idx.read(labelFile);
    Shape shape = pictures.shape();
    if (shape.rank() != 3 || shape.dim(1) != 28 || shape.dim(2) != 28) {
      throw wrong(imageFile, "images uint8(n, 28, 28)", "images=" + pictures);
    }
    if (numbers.shape().rank() != 1 || numbers.shape().dim(0) != shape.dim(0)) {
      throw wrong(labelFile, "labels uint8(" + shape.dim(0) + ",)", "labels=" + numbers);
    }
    double[] values = numbers.toDoubles();
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0 || values[i] >= classes) {
        throw wrong(
            labelFile,
            "labels from 0 to " + (classes - 1),
            "labels[" + i + "]=" + (long) values[i]);
      }
    }
    return new LabeledImages(pictures, numbers);
  }

  private MalformedDataException wrong(Path file, String expected, String received) {
    return new MalformedDataException(
        "%s: expected %s, received %s. Take the files of %s."
            .formatted(file, expected, received, source));
  }

  private Path find(String name) {
    List<String> names = new ArrayList<>();
    for (String spelling : List.of(name, name.replace("-idx", ".idx"))) {
      names.add(spelling);
      names.add(spelling + ".gz");
    }
    for (String candidate : names) {
      Path file = folder.resolve(candidate);
      if (Files.exists(file)) {
        return file;
      }
    }
    throw new MalformedDataException(
        "%s: expected one of %s, received folder=%s, which has none of them. Put the files of %s there, packed or not."
            .formatted(loader, names, folder, source));
  }
}
