package io.kalamos.saving;

import io.kalamos.models.LoadOptions;
import io.kalamos.models.Model;
import io.kalamos.models.SaveOptions;
import io.kalamos.models.spi.ModelFiles;
import io.kalamos.models.spi.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/// Keras's files, told apart by how they begin: the zip `.keras`, and HDF5 in its several layouts.
///
/// There is one way in, with the same guards for all of them, and no option that loosens these.
public final class KerasFiles implements ModelFiles {
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  /// Made by the service loader.
  public KerasFiles() {}

  private enum Kind {
    ZIP,
    HDF5
  }

  @Override
  public void save(Model model, Path file, SaveOptions options) throws IOException {
    switch (options.format(file)) {
      case KERAS -> {
        KerasZip content = KerasZip.of(model, options);
        WholeFile.write("model file", file, content::write, content::check);
      }
      case H5 -> write("model file", file, KerasH5.of(model, options));
    }
  }

  @Override
  public Model load(Path file, LoadOptions options) throws IOException {
    Kind kind = kind(file);
    return guarded(
        file,
        () ->
            switch (kind) {
              case ZIP -> KerasZip.load(file, options);
              case HDF5 -> KerasH5.load(file, Hdf5Reader.read(file), options);
            });
  }

  @Override
  public void saveWeights(Model model, Path file) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    boolean grouped = name.endsWith(".weights.h5") || name.endsWith(".weights.hdf5");
    Hdf5Group root = new Hdf5Group();
    if (grouped) {
      GroupedWeights.write(model, true, root);
    } else {
      NamedWeights.write(model, root);
    }
    write("weights file", file, root);
  }

  @Override
  public void loadWeights(Model model, Path file) throws IOException {
    Kind kind = kind(file);
    guarded(
        file,
        () -> {
          Hdf5Group root =
              switch (kind) {
                case ZIP -> KerasZip.weights(file);
                case HDF5 -> Hdf5Reader.read(file);
              };
          if (NamedWeights.in(root)) {
            NamedWeights.read(file, root, model);
          } else {
            GroupedWeights.read(file, root, model);
          }
          return model;
        });
  }

  private static void write(String what, Path file, Hdf5Group root) throws IOException {
    WholeFile.write(
        what,
        file,
        out -> Hdf5Writer.write(root, out),
        written -> root.check(written.toString(), Hdf5Reader.read(written)));
  }

  private static Kind kind(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw Archive.refuse(
          file, "a file of Keras", "file", "none", "Check the name and the folder.");
    }
    byte[] begin;
    try (InputStream in = Files.newInputStream(file)) {
      begin = in.readNBytes(Hdf5Reader.SIGNATURE.length);
    }
    if (Arrays.equals(begin, Hdf5Reader.SIGNATURE)) {
      return Kind.HDF5;
    }
    if (Arrays.equals(Arrays.copyOf(begin, ZIP.length), ZIP)) {
      return Kind.ZIP;
    }
    boolean own = Arrays.equals(begin, "KALAMOSW".getBytes(StandardCharsets.US_ASCII));
    throw Archive.refuse(
        file,
        "a .keras or HDF5 file",
        "begin",
        own ? "that of weights alone" : "other bytes",
        own
            ? "Build the model and call model.loadWeights(file)."
            : "The file is of another kind, or damaged.");
  }

  private interface Reading {
    Model read() throws IOException;
  }

  /// What a configuration is refused for becomes a refusal of the file; so does whatever else a
  /// made-up one stumbles over.
  private static Model guarded(Path file, Reading reading) throws IOException {
    try {
      return reading.read();
    } catch (IllegalArgumentException problem) {
      throw new IOException(file + ": " + problem.getMessage(), problem);
    } catch (RuntimeException | StackOverflowError problem) {
      throw new IOException(
          file
              + ": expected a configuration that Keras wrote, received error="
              + problem
              + ". The file is damaged or made up; use another copy.",
          problem);
    }
  }
}
