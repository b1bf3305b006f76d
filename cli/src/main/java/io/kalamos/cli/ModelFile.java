package io.kalamos.cli;

import io.kalamos.models.LoadOptions;
import io.kalamos.models.Model;
import io.kalamos.models.ModelFormat;
import io.kalamos.onnx.Onnx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Files of models, as commands read and write them.
final class ModelFile {
  static final Command.Operand OPERAND =
      new Command.Operand("FILE", "A model: .keras or .h5, of Keras or of Kalamos, or .onnx.");

  /// ONNX files are of models that are not compiled.
  static final Command.Operand COMPILED =
      new Command.Operand("FILE", "A compiled model: .keras or .h5, of Keras or of Kalamos.");

  private static final String KINDS = ".keras, .h5 or .onnx";

  private ModelFile() {}

  /// Makes sure that there is a file.
  static void check(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          file
              + ": expected a file of a model ("
              + KINDS
              + "), received "
              + (Files.exists(file) ? "a folder" : "no file of this name")
              + ". Check the path.");
    }
  }

  /// Reads a model; notices go to standard error.
  static Model load(Path file, Console console, UnaryOperator<LoadOptions> options)
      throws IOException {
    check(file);
    if (weightsAlone(file)) {
      throw new UsageException(
          file
              + ": expected a file of a whole model ("
              + KINDS
              + "), received weights alone. Save the model itself: model.save('model.keras').");
    }
    if (isOnnx(file)) {
      return Onnx.load(file);
    }
    return Model.load(
        file, load -> options.apply(load.running(run -> run.log(console.err()::println))));
  }

  /// Reads a model to train or evaluate it.
  static Model compiled(String command, Path file, long seed, Console console) throws IOException {
    var model = load(file, console, load -> load.running(run -> run.seed(seed)));
    if (model.compilation().isEmpty()) {
      throw new IOException(
          "kalamos "
              + command
              + ": expected a compiled model, received "
              + file
              + ", which has no optimizer and loss. Compile it, in Keras or Java, and save it again.");
    }
    return model;
  }

  /// Whether a file's name says that it is ONNX's.
  static boolean isOnnx(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".onnx");
  }

  /// Whether a file's name says that it holds weights without layers.
  static boolean weightsAlone(Path file) {
    var name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".weights.h5") || name.endsWith(".weights.hdf5");
  }

  /// A place for a whole model, looked at before a night of training.
  ///
  /// @param output what was asked for; else the model's own file
  static void checkOutput(Path file, Optional<Path> output) throws IOException {
    if (output.isEmpty()) {
      check(file);
    }
    checkOutput(output.orElse(file));
  }

  private static void checkOutput(Path file) {
    if (ModelFormat.of(file).isEmpty()) {
      throw new UsageException(
          "--output: expected a file that ends in .keras or .h5, received --output="
              + file
              + ". These keep the state of the optimizer; ./kalamos convert writes others.");
    }
    checkWritable("--output", file);
  }

  /// Makes sure that a file can be made there.
  static void checkWritable(String option, Path file) {
    try {
      var folder = Files.createDirectories(file.toAbsolutePath().getParent());
      Files.delete(Files.createTempFile(folder, "kalamos", ".part"));
    } catch (IOException e) {
      throw new UsageException(
          option
              + ": expected a file in a folder that can be written, received "
              + option
              + "="
              + file
              + " ("
              + e.getClass().getSimpleName()
              + "). Choose another folder.");
    }
    if (Files.isDirectory(file)) {
      throw new UsageException(
          option
              + ": expected a file, received "
              + option
              + "="
              + file
              + ", a folder. Name a file.");
    }
  }
}
