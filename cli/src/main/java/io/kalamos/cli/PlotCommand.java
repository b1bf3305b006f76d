package io.kalamos.cli;

import io.kalamos.plots.Plots;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `./kalamos plot`: the model's graph as a picture.
final class PlotCommand implements Command {
  private static final Option OUTPUT =
      Option.value(
          "--output", "FILE", "The picture, .png or .svg (the model's name with .png, beside it).");

  @Override
  public String name() {
    return "plot";
  }

  @Override
  public String summary() {
    return "Draw a model's layers as PNG or SVG.";
  }

  @Override
  public List<Operand> operands() {
    return List.of(ModelFile.OPERAND);
  }

  @Override
  public List<Option> options() {
    return List.of(OUTPUT, Option.JSON);
  }

  @Override
  public int run(Arguments arguments, Console console) throws Exception {
    var file = arguments.file(0);
    var output = arguments.path(OUTPUT).orElseGet(() -> beside(file));
    var name = output.toString().toLowerCase(Locale.ROOT);
    if (!name.endsWith(".png") && !name.endsWith(".svg")) {
      throw new UsageException(
          "--output: expected a picture, .png or .svg, received --output="
              + output
              + ". Take .png for screens, .svg for print.");
    }
    ModelFile.checkWritable(OUTPUT.name(), output);
    try (var model = ModelFile.load(file, console, load -> load.compile(false))) {
      Plots.modelGraph(model).save(output);
    }
    console
        .out()
        .println(
            arguments.has(Option.JSON)
                ? Json.of(Map.of("output", output.toString()))
                : output.toString());
    return 0;
  }

  /// `dir/lab1.keras` becomes `dir/lab1.png`.
  private static Path beside(Path file) {
    var name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".png");
  }
}
