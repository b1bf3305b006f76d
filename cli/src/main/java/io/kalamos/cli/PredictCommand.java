package io.kalamos.cli;

import io.kalamos.datasets.Npy;
import io.kalamos.datasets.Npz;
import io.kalamos.engine.Tensor;
import io.kalamos.models.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// `./kalamos predict`: predictions for arrays as an array, for pictures as classes with their
/// probabilities.
final class PredictCommand implements Command {
  private static final int BATCH_SIZE = 32;
  private static final String ACCEPTED =
      "x.npy, data.npz, data.npz:NAME, mnist:train, mnist:test, a picture or a folder of pictures";
  private static final Option INPUT =
      Option.value(
          "--input",
          "DATA",
          "x.npy, data.npz (its array x), data.npz:NAME, mnist:test; or a picture (PNG, JPEG, BMP)"
              + " or a folder of them.");
  private static final Option OUTPUT =
      Option.value(
          "--output", "FILE", "Where predictions go: y.npy, or y.npz for several outputs.");

  @Override
  public String name() {
    return "predict";
  }

  @Override
  public String summary() {
    return "Predict for arrays, or name what pictures show.";
  }

  @Override
  public List<Operand> operands() {
    return List.of(ModelFile.OPERAND);
  }

  @Override
  public List<Option> options() {
    return List.of(INPUT, OUTPUT, Option.JSON);
  }

  @Override
  public int run(Arguments arguments, Console console) throws Exception {
    var file = arguments.file(0);
    var source = Source.of(INPUT, arguments.needed(INPUT), ACCEPTED);
    var output = arguments.path(OUTPUT);
    output.ifPresent(place -> ModelFile.checkWritable(OUTPUT.name(), place));
    if (source instanceof Source.Pictures pictures) {
      try (var model = load(file, console)) {
        return new PicturePredictions(model, output, arguments.has(Option.JSON), console)
            .print(pictures.path());
      }
    }
    var place = Path.of(arguments.needed(OUTPUT));
    try (var model = load(file, console)) {
      checkEnding(place, model);
      var x = new Examples(model, console).inputs(source);
      var y = model.predict(x, BATCH_SIZE);
      write(place, model, y);
      report(place, model, y, arguments.has(Option.JSON), console);
    }
    return 0;
  }

  private static Model load(Path file, Console console) throws IOException {
    return ModelFile.load(file, console, load -> load.compile(false));
  }

  /// Predictions of one output fit both kinds of files, of several only a `.npz`.
  static void checkEnding(Path output, Model model) {
    boolean several = model.outputNames().size() > 1;
    if (!zipped(output) && (several || !ends(output, ".npy"))) {
      throw new UsageException(
          "--output: expected a file that ends in "
              + (several ? ".npz for the outputs " + model.outputNames() : ".npy or .npz")
              + ", received --output="
              + output
              + ". NumPy reads it with numpy.load.");
    }
  }

  private static boolean zipped(Path output) {
    return ends(output, ".npz");
  }

  private static boolean ends(Path output, String ending) {
    return output.toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }

  static void write(Path output, Model model, List<Tensor> predictions) {
    if (zipped(output)) {
      Npz.write(output, named(model, predictions));
    } else {
      Npy.write(output, predictions.getFirst());
    }
  }

  private static SequencedMap<String, Tensor> named(Model model, List<Tensor> predictions) {
    var named = new LinkedHashMap<String, Tensor>();
    for (int i = 0; i < predictions.size(); i++) {
      named.put(model.outputNames().get(i), predictions.get(i));
    }
    return named;
  }

  private static void report(
      Path output, Model model, List<Tensor> predictions, boolean json, Console console) {
    for (var array : named(model, predictions).entrySet()) {
      if (json) {
        var line = new LinkedHashMap<String, Object>();
        line.put("output", output.toString());
        line.put("name", array.getKey());
        line.put("dtype", array.getValue().dtype().toString());
        line.put("shape", Arrays.stream(array.getValue().shape().toArray()).boxed().toList());
        console.out().println(Json.of(line));
      } else {
        console.out().println(output + ": " + array.getKey() + " " + array.getValue());
      }
    }
  }
}
