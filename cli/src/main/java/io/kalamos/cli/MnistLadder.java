package io.kalamos.cli;

import static io.kalamos.losses.Losses.CATEGORICAL_CROSSENTROPY;
import static io.kalamos.metrics.Metrics.ACCURACY;

import io.kalamos.callbacks.History;
import io.kalamos.callbacks.ModelCheckpoint;
import io.kalamos.data.Samples;
import io.kalamos.datasets.LabeledImages;
import io.kalamos.datasets.Mnist;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.models.Scores;
import io.kalamos.optimizers.Adam;
import io.kalamos.plots.Picture;
import io.kalamos.plots.Plots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;

/// Lab 1: each step is trained on 54,000 images, validated on 6,000, and its best model by
/// validation loss is read back from its file and tested.
final class MnistLadder {
  static final String NAME = "mnist-ladder";
  static final int EPOCHS = 20;
  private static final int BATCH = 128;
  private static final int CLASSES = 10;

  private final LabeledImages images;
  private final Samples train;
  private final Samples test;
  private final int epochs;
  private final Path out;
  private final Runs runs;
  private final Interruption interruption;

  MnistLadder(Mnist mnist, int epochs, Path out, Runs runs, Interruption interruption) {
    this.images = mnist.train();
    this.train = samples(mnist.train());
    this.test = samples(mnist.test());
    this.epochs = epochs;
    this.out = out;
    this.runs = runs;
    this.interruption = interruption;
  }

  private static Samples samples(LabeledImages images) {
    return Samples.of(images.images(), FirstDigits.oneHot(images.labels(), CLASSES));
  }

  /// How many epochs each step has.
  int epochs() {
    return epochs;
  }

  /// The first image and labels, as text.
  String introduction() {
    return FirstDigits.describe(images, train.y().getFirst());
  }

  /// Trains one step; empty where it was interrupted before the end of its first epoch.
  Optional<LadderResult> run(LadderStep step) throws IOException {
    try (var model = step.model(images, runs.seed())) {
      model.compile(compilation());
      runs.console().err().println(System.lineSeparator() + step.title());
      runs.console().err().println(model.summary());
      var folder = RunFolder.create(out, step.text());
      var bestFile = folder.resolve("best_model.weights");
      var checkpoint = ModelCheckpoint.to(bestFile).saveBestOnly();
      long begin = System.nanoTime();
      var history =
          model.fit(
              train,
              fit ->
                  fit.batchSize(BATCH)
                      .epochs(epochs)
                      .validationSplit(0.1)
                      .callbacks(checkpoint, interruption));
      double seconds = (System.nanoTime() - begin) / 1e9;
      if (history.epochs().isEmpty() || checkpoint.file().isEmpty()) {
        keepLast(model, folder);
        return Optional.empty();
      }
      drawCurves(step, history, folder);
      var last = score(model);
      var best = bestScore(step, bestFile);
      return Optional.of(
          new LadderResult(
              step,
              model.countParams(),
              history.epochs().size(),
              seconds,
              last,
              best,
              history.bestEpoch("val_loss").orElse(0) + 1,
              folder,
              bestFile));
    }
  }

  private Compilation compilation() {
    return Compilation.of(Adam.of(), CATEGORICAL_CROSSENTROPY, ACCURACY).running(runs::apply);
  }

  private LadderResult.Score score(Model model) {
    Scores scores = model.evaluate(test, 1000);
    return new LadderResult.Score(scores.loss(), scores.get("accuracy"));
  }

  /// The score of a new model with the weights of the best file.
  private LadderResult.Score bestScore(LadderStep step, Path bestFile) throws IOException {
    try (var best = step.model(images, runs.seed() + 1)) {
      best.compile(compilation());
      best.loadWeights(bestFile);
      return score(best);
    }
  }

  private void keepLast(Model model, Path folder) throws IOException {
    var file = folder.resolve("last.weights");
    model.saveWeights(file);
    runs.console().err().println("No epoch was finished; the weights so far are in " + file);
  }

  private void drawCurves(LadderStep step, History history, Path folder) {
    var picture = Plots.learningCurves(step.title(), history.metrics());
    save(picture, folder.resolve("curves.png"), folder.resolve("curves.svg"));
  }

  /// A machine without fonts trains all the same.
  private void save(Picture picture, Path... files) {
    try {
      for (var file : files) {
        picture.save(file);
      }
    } catch (IllegalStateException noFont) {
      runs.console().err().println(noFont.getMessage());
    }
  }

  /// Draws the first three images with their labels into the folder of all runs.
  void drawFirst() throws IOException {
    int shown = Math.min(3, images.count());
    var captions =
        IntStream.range(0, shown)
            .mapToObj(i -> FirstDigits.label(train.y().getFirst(), i))
            .toList();
    Files.createDirectories(out);
    save(Plots.images(images.images().rows(0, shown), captions), out.resolve("first-images.png"));
  }
}
