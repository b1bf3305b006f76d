package io.kalamos.cli;

import io.kalamos.models.Model;
import io.kalamos.models.ModelFormat;
import io.kalamos.onnx.Onnx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// `./kalamos convert`: a model's file in another format.
final class ConvertCommand implements Command {
  private static final Operand OUT =
      new Operand("OUT", "The new file: .keras, .h5, .weights.h5 or .onnx.");

  @Override
  public String name() {
    return "convert";
  }

  @Override
  public String summary() {
    return "Write a model in another format.";
  }

  @Override
  public List<Operand> operands() {
    return List.of(new Operand("IN", ModelFile.OPERAND.help()), OUT);
  }

  @Override
  public List<Option> options() {
    return List.of(Option.JSON);
  }

  @Override
  public int run(Arguments arguments, Console console) throws Exception {
    var in = arguments.file(0);
    var out = arguments.file(1);
    boolean known = ModelFile.weightsAlone(out) || ModelFile.isOnnx(out);
    if (!known && ModelFormat.of(out).isEmpty()) {
      throw new UsageException(
          "kalamos convert: expected OUT to end in .keras, .h5, .weights.h5 or .onnx, received OUT="
              + out
              + ". The ending names the format.");
    }
    if (Files.exists(in) && Files.exists(out) && Files.isSameFile(in, out)) {
      throw new UsageException(
          "kalamos convert: expected two files, received IN=" + in + " twice. Choose another OUT.");
    }
    ModelFile.checkWritable("OUT", out);
    try (var model = ModelFile.load(in, console, load -> load)) {
      write(model, out, console);
    }
    console
        .out()
        .println(
            arguments.has(Option.JSON)
                ? Json.of(Map.of("output", out.toString()))
                : out.toString());
    return 0;
  }

  private static void write(Model model, Path out, Console console) throws IOException {
    if (ModelFile.weightsAlone(out)) {
      model.saveWeights(out);
      console.err().println("Layers are left out: " + out + " holds weights alone.");
    } else if (ModelFile.isOnnx(out)) {
      Onnx.save(model, out);
      if (model.compilation().isPresent()) {
        console.err().println("Optimizer and loss are left out: ONNX files only predict.");
      }
    } else {
      model.save(out);
    }
  }
}
