package io.kalamos.labs;

import static io.kalamos.metrics.Metrics.ACCURACY;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.History;
import io.kalamos.callbacks.LearningRateScheduler;
import io.kalamos.callbacks.ModelCheckpoint;
import io.kalamos.callbacks.SwapEMAWeights;
import io.kalamos.data.Dataset;
import io.kalamos.datasets.LabeledImages;
import io.kalamos.engine.Tensor;
import io.kalamos.losses.CategoricalCrossentropy;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.plots.LiveCurves;
import io.kalamos.plots.Plots;
import io.kalamos.plots.TerminalCurve;
import io.kalamos.tensorboard.TensorBoard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Lab 3: from 90 % to 99.5 % in eight steps of the original, and a ninth of our own. Images come
/// from records of the IDX files through a [Dataset]; the test set is one batch and tells the
/// accuracy after each epoch. Seconds are those of training alone.
final class Mnist99 implements Lab {
  static final String NAME = "mnist-99";
  private static final int SHUFFLE_BUFFER = 5_000;
  private static final int PREFETCHED = 2;
  private static final int TEST_BATCH = 10_000;
  private static final int SHOWN = 100;

  private final List<DigitRecipe> recipes = DigitRecipe.all();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "from 90 % to 99.5 % and beyond, step by step";
  }

  @Override
  public List<LabStep> steps() {
    return recipes.stream().map(DigitRecipe::step).toList();
  }

  @Override
  public List<LabColumn> columns() {
    return List.of(
        LabColumn.ours("seconds", "%.1f", "train_seconds"),
        LabColumn.beside("accuracy", "%.4f", "accuracy"),
        LabColumn.ours("best epoch", "%.4f", "best_accuracy"),
        LabColumn.ours("seconds to target", "%.1f", "seconds_to_target"),
        LabColumn.ours("fonts", "%.2f", "fonts_accuracy"));
  }

  @Override
  public Session open(LabRun run) {
    var records = new DigitRecords(run.data());
    return new Climb(recipes, run, records, records.test().cache(), run.mnist().test());
  }

  private record Climb(
      List<DigitRecipe> recipes,
      LabRun run,
      DigitRecords records,
      Dataset testRecords,
      LabeledImages test)
      implements Session {
    @Override
    public String introduction() {
      return "Input: "
          + pipeline(recipes.getFirst(), 0)
          + System.lineSeparator()
          + "Test: "
          + testRecords.batch(TEST_BATCH);
    }

    @Override
    public List<LabResult> run(LabStep step) throws IOException {
      var recipe =
          recipes.stream().filter(one -> one.step().name().equals(step.name())).findFirst();
      return run.repeat(step, seed -> train(recipe.orElseThrow(), seed));
    }

    /// What the lab's input pipeline is, step by step; a warp comes behind the cache, so that each
    /// epoch has other images.
    private Dataset pipeline(DigitRecipe recipe, long seed) {
      var shuffled = records.train().cache().shuffle(SHUFFLE_BUFFER, seed);
      var images =
          recipe
              .warp()
              .map(
                  warp ->
                      shuffled.map(
                          seed, (image, random) -> image.input(warp.apply(image.input(), random))))
              .orElse(shuffled);
      return images.repeat().batch(recipe.batch()).prefetch(PREFETCHED);
    }

    private int steps(DigitRecipe recipe) {
      return (int) Math.max(1, records.train().cardinality() / recipe.batch());
    }

    private Optional<LabResult> train(DigitRecipe recipe, long seed) throws IOException {
      var step = recipe.step();
      int epochs = run.epochs(step);
      var folder = run.folder(step.name());
      double target = step.original().getOrDefault("accuracy", step.floor().orElse(Double.NaN));
      recipe
          .schedule()
          .ifPresent(
              schedule ->
                  run.save(
                      () -> Plots.learningRate(schedule, epochs, DigitRecipe.FIRST_RATE),
                      folder.resolve("learning-rate.png")));
      var clock = StepClock.to(target);
      var votes = new Votes(test.labels());
      var singles = new ArrayList<Double>();
      double best = 0;
      History history = History.of();
      Path file = folder;
      for (int n = 0; n < recipe.networks() && !run.stop().asked(); n++) {
        long own = seed * recipe.networks() + n;
        try (var model = model(recipe, own)) {
          file = folder.resolve(n == 0 ? "best_model.weights" : "best_model_" + n + ".weights");
          var logs = n == 0 ? folder : folder.resolve("network-" + n);
          if (n == 0) {
            run.progress().accept(System.lineSeparator() + step.title());
            run.progress().accept(model.summary());
          }
          history = fit(recipe, model, own, epochs, folder, file, logs, clock);
          if (history.epochs().isEmpty()) {
            run.keepLast(model, folder);
            break;
          }
          var reached = history.metric("val_accuracy");
          singles.add(reached.getLast());
          best = Math.max(best, reached.stream().mapToDouble(value -> value).max().orElse(0));
          var said =
              recipe.shifted() ? Shifts.mean(model, test.images()) : model.predict(test.images());
          votes.add(said, fonts(model, votes));
          if (recipe.networks() > 1) {
            clock.reached(votes.accuracy());
            run.progress().accept("networks averaged: " + votes);
            best = Math.max(best, votes.accuracy());
          }
        }
      }
      if (singles.isEmpty()) {
        return Optional.empty();
      }
      draw(step, history, votes, folder);
      var figures = new LinkedHashMap<String, Object>();
      figures.put("train_seconds", clock.seconds());
      figures.put("accuracy", recipe.networks() > 1 ? votes.accuracy() : singles.getLast());
      figures.put("best_accuracy", best);
      figures.put("seconds_to_target", clock.secondsToTarget());
      figures.put("fonts_accuracy", votes.fontAccuracy());
      if (recipe.networks() > 1) {
        figures.put("networks", singles);
      }
      return Optional.of(
          LabResult.of(NAME, step, step.parameters(), history, epochs)
              .seconds(clock.seconds())
              .figures(figures)
              .files(folder, file));
    }

    private Model model(DigitRecipe recipe, long seed) {
      var model =
          LabStep.of(recipe.step().name(), recipe.step().title(), recipe.parametersOfOne(), 1)
              .model(NAME, recipe.layers(), seed);
      var loss = CategoricalCrossentropy.of().labelSmoothing(recipe.smoothing());
      model.compile(run.running(Compilation.of(recipe.optimizer(), loss, ACCURACY), seed));
      return model;
    }

    private History fit(
        DigitRecipe recipe,
        Model model,
        long seed,
        int epochs,
        Path folder,
        Path file,
        Path logs,
        StepClock clock) {
      var callbacks = new ArrayList<Callback>(List.of(clock));
      recipe.schedule().map(LearningRateScheduler::of).ifPresent(callbacks::add);
      if (recipe.averaged()) {
        callbacks.add(SwapEMAWeights.of().swapOnEpoch(true)); // before what saves weights
      }
      callbacks.add(ModelCheckpoint.to(file).saveBestOnly());
      callbacks.add(LiveCurves.to(folder.resolve("curves.png")).warnings(run.progress()::accept));
      callbacks.add(TerminalCurve.to(run.progress()).every(Math.max(1, epochs / 5)));
      callbacks.add(TensorBoard.to(logs));
      callbacks.add(run.stop());
      return model.fit(
          pipeline(recipe, seed),
          fit ->
              fit.epochs(epochs)
                  .stepsPerEpoch(steps(recipe))
                  .validationData(testRecords.batch(TEST_BATCH))
                  .callbacks(callbacks.toArray(Callback[]::new)));
    }

    /// What the model says to digits of fonts; a machine without fonts has none.
    private Optional<Tensor> fonts(Model model, Votes votes) {
      try {
        return Optional.of(model.predict(votes.fontDigits().images()));
      } catch (IllegalStateException noFont) {
        run.progress().accept(noFont.getMessage());
        return Optional.empty();
      }
    }

    private void draw(LabStep step, History history, Votes votes, Path folder) {
      run.save(
          () -> Plots.learningCurves(step.title(), history.metrics()),
          folder.resolve("curves.png"),
          folder.resolve("curves.svg"));
      run.save(
          () ->
              Plots.predictions(
                  test.images(),
                  test.labels(),
                  votes.mean(),
                  grid -> grid.errorsFirst(true).most(SHOWN)),
          folder.resolve("predictions.png"));
      run.save(
          () -> Plots.confusionMatrix(test.labels(), votes.mean()),
          folder.resolve("confusion.png"));
      votes
          .fontMean()
          .ifPresent(
              mean ->
                  run.save(
                      () ->
                          Plots.predictions(
                              votes.fontDigits().images(),
                              votes.fontDigits().labels(),
                              mean,
                              grid -> grid.most(SHOWN)),
                      folder.resolve("fonts.png")));
    }
  }
}
