package io.kalamos.fuzz;

import io.kalamos.datasets.ColorMode;
import io.kalamos.datasets.Idx;
import io.kalamos.datasets.ImageFile;
import io.kalamos.datasets.Npy;
import io.kalamos.datasets.Npz;
import io.kalamos.datasets.Resampling;
import io.kalamos.models.Model;
import io.kalamos.onnx.Onnx;
import io.kalamos.saving.FileScan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A format of files that come from outside, and how they are read.
enum Format {
  /// Keras 3's zip as it is.
  KERAS("model.keras", Format::model),
  /// The configuration in such a zip, whose checksum would stop every change of it.
  KERAS_CONFIG("model.keras", Format::model),
  /// Whole models of Keras 2.
  H5("model.h5", Format::model),
  WEIGHTS_H5("model.weights.h5", Format::weights),
  /// Weights in the format of our own, with a right checksum.
  OWN_WEIGHTS("model.weights", Format::weights),
  ONNX("model.onnx", file -> Onnx.load(file).close()),
  NPY("array.npy", Npy::read),
  NPZ("arrays.npz", Npz::read),
  IDX("images-idx3-ubyte", Idx::read),
  IMAGE("picture.png", file -> ImageFile.load(file, ColorMode.RGB, 8, 8, Resampling.BILINEAR));

  private interface Reading {
    void read(Path file) throws IOException;
  }

  private final String file;
  private final Reading reading;

  Format(String file, Reading reading) {
    this.file = file;
    this.reading = reading;
  }

  void read(Path path) throws IOException {
    reading.read(path);
  }

  /// Writes a file around bytes of the fuzzer, and checks what holds for every file; whether it was
  /// read.
  boolean check(Path folder, byte[] input) throws IOException {
    Path path = folder.resolve(file);
    byte[] whole =
        switch (this) {
          case KERAS_CONFIG -> Seeds.zip(input);
          case OWN_WEIGHTS -> Seeds.withChecksum(input);
          default -> input;
        };
    Files.write(path, whole);
    return FourParts.check(this, path);
  }

  private static void model(Path file) throws IOException {
    FileScan.of(file);
    Model.load(file, load -> load.running(run -> run.log(_ -> {}))).close();
  }

  private static void weights(Path file) throws IOException {
    FileScan.of(file);
    Seeds.model().loadWeights(file);
  }
}
