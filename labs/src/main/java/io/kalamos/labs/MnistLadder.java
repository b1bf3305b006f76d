package io.kalamos.labs;

import static io.kalamos.losses.Losses.CATEGORICAL_CROSSENTROPY;
import static io.kalamos.metrics.Metrics.ACCURACY;

import io.kalamos.callbacks.ModelCheckpoint;
import io.kalamos.data.Samples;
import io.kalamos.datasets.LabeledImages;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.optimizers.Adam;
import io.kalamos.plots.Plots;
import io.kalamos.tensorboard.TensorBoard;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Lab 1: each step is trained on 54,000 images, validated on 6,000, and its best model by
/// validation loss is read back from its file and tested.
final class MnistLadder implements Lab {
  static final String NAME = "mnist-ladder";
  private static final int BATCH = 128;
  private static final int CLASSES = 10;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "from a linear classifier to a convolutional network, step by step";
  }

  @Override
  public List<LabStep> steps() {
    return LadderSteps.ALL;
  }

  @Override
  public List<LabColumn> columns() {
    return List.of(
        new LabColumn("loss", "last / best", "%.3f", List.of("last_loss", "best_loss"), true),
        new LabColumn(
            "accuracy", "last / best", "%.4f", List.of("last_accuracy", "best_accuracy"), true));
  }

  @Override
  public Session open(LabRun run) {
    var mnist = run.mnist();
    return new Ladder(run, mnist.train(), samples(mnist.train()), samples(mnist.test()));
  }

  private static Samples samples(LabeledImages images) {
    return Samples.of(images.images(), FirstDigits.oneHot(images.labels(), CLASSES));
  }

  private record Ladder(LabRun run, LabeledImages images, Samples train, Samples test)
      implements Session {
    @Override
    public String introduction() {
      return FirstDigits.describe(images, train.y().getFirst());
    }

    @Override
    public void drawIntroduction() throws IOException {
      int shown = Math.min(3, images.count());
      var captions =
          IntStream.range(0, shown)
              .mapToObj(i -> FirstDigits.label(train.y().getFirst(), i))
              .toList();
      Files.createDirectories(run.out());
      run.save(
          () -> Plots.images(images.images().rows(0, shown), captions),
          run.out().resolve("first-images.png"));
    }

    @Override
    public List<LabResult> run(LabStep step) throws IOException {
      return run.repeat(step, seed -> train(step, seed));
    }

    private Optional<LabResult> train(LabStep step, long seed) throws IOException {
      try (var model = model(step, seed)) {
        model.compile(compilation(seed));
        run.progress().accept(System.lineSeparator() + step.title());
        run.progress().accept(model.summary());
        var folder = run.folder(step.name());
        var bestFile = folder.resolve("best_model.h5");
        var checkpoint = ModelCheckpoint.to(bestFile).saveBestOnly();
        int epochs = run.epochs(step);
        long begin = System.nanoTime();
        var history =
            model.fit(
                train,
                fit ->
                    fit.batchSize(BATCH)
                        .epochs(epochs)
                        .validationSplit(0.1)
                        .callbacks(checkpoint, TensorBoard.to(folder), run.stop()));
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (history.epochs().isEmpty() || checkpoint.file().isEmpty()) {
          run.keepLast(model, folder);
          return Optional.empty();
        }
        run.save(
            () -> Plots.learningCurves(step.title(), history.metrics()),
            folder.resolve("curves.png"),
            folder.resolve("curves.svg"));
        var figures = new LinkedHashMap<String, Object>();
        score("last", model, figures);
        var execution = compilation(seed).execution();
        try (var best = Model.load(bestFile, load -> load.running(run -> execution))) {
          score("best", best, figures);
        }
        figures.put("best_epoch", history.bestEpoch("val_loss").orElse(0) + 1);
        return Optional.of(
            LabResult.of(NAME, step, model.countParams(), history, epochs)
                .seconds(seconds)
                .figures(figures)
                .files(folder, bestFile));
      }
    }

    private Model model(LabStep step, long seed) {
      return step.model(NAME, LadderSteps.layers(step, images), seed);
    }

    private Compilation compilation(long seed) {
      return run.running(Compilation.of(Adam.of(), CATEGORICAL_CROSSENTROPY, ACCURACY), seed);
    }

    private void score(String which, Model model, LinkedHashMap<String, Object> figures) {
      var scores = model.evaluate(test, 1000);
      figures.put(which + "_loss", scores.loss());
      figures.put(which + "_accuracy", scores.get("accuracy"));
    }
  }
}
