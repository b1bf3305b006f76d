package io.kalamos.onnx;

import io.kalamos.engine.Tensor;
import io.kalamos.models.Model;
import io.kalamos.models.spi.WholeFile;
import io.kalamos.options.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Models as ONNX files, which onnxruntime and many others run, and ONNX files as models.
public final class Onnx {
  /// The version of ONNX's operators in files written here; onnxruntime reads it since 1.18.
  static final long OPSET = 21;

  /// The version of the file format that belongs to it.
  static final long IR_VERSION = 10;

  /// Protocol buffers end at 2 GiB; the graph gets what weights leave.
  private static final long MOST_WEIGHT_BYTES = Integer.MAX_VALUE - (1L << 26);

  private Onnx() {}

  /// Reads a file as a model that can be trained, with inputs and outputs as the file has them.
  public static Model load(Path file) throws IOException {
    return load(file, load -> load);
  }

  /// Reads a file as a model that can be trained: `Onnx.load(path, load ->
  /// load.channelsLast(true))`.
  ///
  /// Operators become layers where there are such, with the file's weights.
  ///
  /// @throws IOException where the file cannot be read or is damaged
  /// @throws IllegalArgumentException where it holds what is not read; the message names the nodes
  public static Model load(Path file, UnaryOperator<LoadOptions> options) throws IOException {
    LoadOptions chosen = options.apply(LoadOptions.DEFAULTS);
    if (Files.size(file) > Limits.DEFAULTS.bytes()) {
      throw new IOException(
          file
              + ": expected at most "
              + Limits.DEFAULTS.bytes()
              + " bytes, where ONNX files end, received bytes="
              + Files.size(file)
              + ". Make the model smaller, or use another copy.");
    }
    ModelProto model =
        FieldReader.read(Files.readAllBytes(file), Limits.DEFAULTS, ModelProto::read);
    return Translation.of(OnnxGraph.of(model, chosen.outputs()), chosen);
  }

  /// Writes what a model predicts: any number of samples, inputs and outputs by the model's names,
  /// all real numbers in float32. The file is there whole or not at all.
  ///
  /// Layers of one's own are written too, since the file is made of the operations below them.
  ///
  /// @throws IllegalArgumentException where a layer does what ONNX cannot say; the message names
  ///   the layer and the operation
  public static void save(Model model, Path file) throws IOException {
    ModelProto written = written(model);
    WholeFile.write("ONNX file", file, out -> FieldWriter.write(out, written));
  }

  static ModelProto written(Model model) {
    return written(model, MOST_WEIGHT_BYTES);
  }

  static ModelProto written(Model model, long mostBytes) {
    long bytes = 0;
    for (Tensor weight : model.weights().values()) {
      bytes += weight.size() * ElementType.FLOAT.bytes();
    }
    if (bytes > mostBytes) {
      throw Refusal.of(
          "Onnx.save",
          "weights of at most " + mostBytes + " bytes in all, as ONNX files end at 2 GiB",
          "bytes",
          bytes,
          "Make the model smaller, or export parts of it.");
    }
    String version = Onnx.class.getModule().getDescriptor() == null ? "" : version();
    return new ModelProto(
        IR_VERSION,
        "Kalamos",
        version,
        "",
        Map.of("", OPSET),
        Map.of("kind", model.kind()),
        GraphExport.of(model));
  }

  private static String version() {
    return Onnx.class.getModule().getDescriptor().rawVersion().orElse("");
  }
}
