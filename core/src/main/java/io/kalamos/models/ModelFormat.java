package io.kalamos.models;

import io.kalamos.options.Refusal;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// The formats of whole models, both of them Keras's.
public enum ModelFormat {
  /// Keras 3's zip of a configuration and weights: `.keras`.
  KERAS,
  /// One HDF5 file, as Keras wrote them before and still reads: `.h5` or `.hdf5`.
  H5;

  /// The format that a file's name asks for: `.keras`, `.h5` or `.hdf5`, but not `.weights.h5`.
  public static Optional<ModelFormat> of(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".keras")) {
      return Optional.of(KERAS);
    }
    boolean whole = hdf5(file) && !name.endsWith(".weights.h5") && !name.endsWith(".weights.hdf5");
    return whole ? Optional.of(H5) : Optional.empty();
  }

  /// Whether a file's name says that it is an HDF5 file, of a model or of weights.
  static boolean hdf5(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".h5") || name.endsWith(".hdf5");
  }

  /// The format that was asked for, else that of the name.
  static ModelFormat chosen(Optional<ModelFormat> asked, Path file) {
    return asked
        .or(() -> of(file))
        .orElseThrow(
            () ->
                Refusal.of(
                    "save",
                    "a file name that ends in .keras, .h5 or .hdf5, or a format",
                    "file",
                    file,
                    "Rename it, or say save.format(ModelFormat.KERAS); weights alone are written"
                        + " by saveWeights."));
  }
}
