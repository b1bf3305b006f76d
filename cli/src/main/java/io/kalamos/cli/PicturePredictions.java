package io.kalamos.cli;

import io.kalamos.datasets.ImageFile;
import io.kalamos.datasets.MalformedDataException;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.models.Model;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a model takes pictures for: a line each with the three most probable classes, printed as
/// soon as it is known. Files that are no pictures are told and left out.
///
/// @param output where the predictions go too, as rows in the order of the lines
record PicturePredictions(Model model, Optional<Path> output, boolean json, Console console) {
  private static final int AT_A_TIME = 32;
  private static final int MOST = 3;

  /// Prints a line for each picture; the exit code.
  int print(Path path) throws IOException {
    output.ifPresent(place -> PredictCommand.checkEnding(place, model));
    var input = PictureInput.of(model);
    input.unknown().ifPresent(console.err()::println);
    int classes = classes();
    var ranking = Ranking.of(model, classes);
    var files = files(path);
    var rows = new ArrayList<Tensor>();
    int read = 0;
    for (int from = 0; from < files.size(); from += AT_A_TIME) {
      var good = new ArrayList<Path>();
      var pictures = new ArrayList<Tensor>();
      for (var file : files.subList(from, Math.min(files.size(), from + AT_A_TIME))) {
        read(input, file)
            .ifPresent(
                picture -> {
                  good.add(file);
                  pictures.add(picture);
                });
      }
      if (good.isEmpty()) {
        continue;
      }
      var predictions = model.predict(joined(pictures));
      rows.add(predictions);
      read += good.size();
      boolean logits = Ranking.logits(predictions);
      for (int i = 0; i < good.size(); i++) {
        double[] row = predictions.toDoubles((long) i * classes, classes);
        line(good.get(i), ranking.best(row, logits, MOST));
      }
      console.out().flush();
    }
    if (output.isPresent() && !rows.isEmpty()) {
      PredictCommand.write(output.get(), model, List.of(joined(rows)));
    }
    return read == files.size() ? 0 : 1;
  }

  /// How many numbers a prediction has.
  private int classes() {
    var graph = model.graph();
    Shape shape = graph.nodes().get(graph.outputs().getFirst()).shape();
    if (graph.outputs().size() > 1 || shape.rank() != 2) {
      throw new UsageException(
          "--input: expected a model with one output of classes, (None, classes), to name what"
              + " pictures show, received outputs="
              + graph.outputs().stream().map(place -> graph.nodes().get(place).shape()).toList()
              + ". Give arrays: --input x.npy --output y.npy.");
    }
    return shape.dim(1);
  }

  private static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      if (!Files.isRegularFile(path)) {
        throw new IOException(
            path
                + ": expected a picture or a folder of pictures, received no file of this name."
                + " Check the path.");
      }
      return List.of(path);
    }
    var files = ImageFile.in(path);
    if (files.isEmpty()) {
      throw new IOException(
          path
              + ": expected pictures "
              + Source.PICTURES
              + " in the folder, received pictures=0. Choose another folder.");
    }
    return files;
  }

  private Optional<Tensor> read(PictureInput input, Path file) {
    try {
      return Optional.of(input.tensor(file));
    } catch (MalformedDataException broken) {
      console.err().println(broken.getMessage());
      return Optional.empty();
    }
  }

  /// Rows of tensors behind each other.
  private static Tensor joined(List<Tensor> parts) {
    int rows = parts.stream().mapToInt(part -> part.shape().dim(0)).sum();
    Tensor first = parts.getFirst();
    Tensor all = Tensor.zeros(first.dtype(), first.shape().with(0, rows));
    long at = 0;
    for (Tensor part : parts) {
      long bytes = part.size() * part.dtype().bytes();
      MemorySegment.copy(part.memory(), 0, all.memory(), at, bytes);
      at += bytes;
    }
    return all;
  }

  private void line(Path file, List<Ranking.Guess> guesses) {
    if (json) {
      var line = new LinkedHashMap<String, Object>();
      line.put("file", file.toString());
      line.put("label", guesses.getFirst().label());
      line.put("probability", rounded(guesses.getFirst()));
      line.put("top", guesses.stream().map(PicturePredictions::top).toList());
      console.out().println(Json.of(line));
      return;
    }
    console
        .out()
        .println(
            Printable.of(
                file
                    + guesses.stream()
                        .map(guess -> "  %s %.4f".formatted(guess.label(), guess.probability()))
                        .collect(Collectors.joining())));
  }

  private static Map<String, Object> top(Ranking.Guess guess) {
    var top = new LinkedHashMap<String, Object>();
    top.put("label", guess.label());
    top.put("probability", rounded(guess));
    return top;
  }

  private static double rounded(Ranking.Guess guess) {
    return Math.round(guess.probability() * 1e6) / 1e6;
  }
}
