package io.kalamos.labs;

import static io.kalamos.losses.Losses.CATEGORICAL_CROSSENTROPY;
import static io.kalamos.metrics.Metrics.ACCURACY;

import io.kalamos.callbacks.EarlyStopping;
import io.kalamos.data.Samples;
import io.kalamos.models.Compilation;
import io.kalamos.optimizers.Adam;
import io.kalamos.plots.Plots;
import io.kalamos.plots.SweepPoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Networks of many sizes, each with several seeds, as many at a time as there are processors, each
/// on one thread.
record NeuronSweep(LabRun run, LabStep step, Samples train, Samples test) {
  static final int EPOCHS = 60;
  private static final int SEEDS = 3;
  private static final int BATCH = 128;
  private static final int PATIENCE = 6;
  private static final double VALIDATION = 0.15;
  private static final double[] TARGETS = {0.90, 0.95};
  private static final int[] SIZES = {1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 32, 64};

  /// What a training came to.
  private record Outcome(
      int neurons, double accuracy, int epochs, boolean complete, double seconds, Path file) {}

  /// How its networks are trained, for the reader.
  static String settings() {
    return "The sweep trains with batches of "
        + BATCH
        + ", at most "
        + EPOCHS
        + " epochs, and stops "
        + PATIENCE
        + " epochs after the best val_accuracy, whose weights it takes.";
  }

  List<LabResult> results() throws IOException {
    var folder = run.folder(step.name());
    var outcomes = outcomes(folder);
    var results = new ArrayList<LabResult>();
    for (int neurons : SIZES) {
      var same = outcomes.stream().filter(outcome -> outcome.neurons() == neurons).toList();
      if (!same.isEmpty()) {
        results.add(result(neurons, same, folder));
      }
    }
    if (results.isEmpty()) {
      return results;
    }
    run.save(
        () -> Plots.sweep(results.stream().map(NeuronSweep::point).toList(), TARGETS),
        folder.resolve("sweep.png"),
        folder.resolve("sweep.svg"));
    var all = new ArrayList<>(results);
    if (!run.stop().asked()) {
      for (double target : TARGETS) {
        all.add(answer(target, results));
      }
    }
    return all;
  }

  /// Large networks first, so that no long training is left for the end.
  private List<Outcome> outcomes(Path folder) throws IOException {
    var trainings = new ArrayList<Callable<Optional<Outcome>>>();
    for (int i = SIZES.length - 1; i >= 0; i--) {
      int neurons = SIZES[i];
      for (int repeat = 0; repeat < run.seeds().orElse(SEEDS); repeat++) {
        long seed = run.seed() + repeat;
        trainings.add(() -> train(neurons, seed, folder));
      }
    }
    var outcomes = new ArrayList<Outcome>();
    try (var pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      for (Future<Optional<Outcome>> training : pool.invokeAll(trainings)) {
        training.get().ifPresent(outcomes::add);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IOException("lab " + HowManyNeurons.NAME + ": " + e.getCause(), e.getCause());
    }
    return outcomes;
  }

  private Optional<Outcome> train(int neurons, long seed, Path folder) throws IOException {
    if (run.stop().asked()) {
      return Optional.empty();
    }
    var size = LabStep.of(name(neurons), name(neurons), HowManyNeurons.parameters(neurons), EPOCHS);
    try (var model = size.model(HowManyNeurons.NAME, HowManyNeurons.layers(neurons), seed)) {
      model.compile(
          run.running(Compilation.of(Adam.of(), CATEGORICAL_CROSSENTROPY, ACCURACY), seed)
              .running(execution -> execution.threads(1)));
      var clock = StepClock.to(Double.NaN);
      var history =
          model.fit(
              train,
              fit ->
                  fit.batchSize(BATCH)
                      .epochs(run.epochs(step))
                      .validationSplit(VALIDATION)
                      .verbose(false)
                      .callbacks(
                          clock,
                          EarlyStopping.on("val_accuracy").patience(PATIENCE).restoreBestWeights(),
                          run.stop()));
      if (history.epochs().isEmpty()) {
        return Optional.empty();
      }
      var file = folder.resolve(name(neurons) + "-seed-" + seed + ".weights");
      model.saveWeights(file);
      double accuracy = model.evaluate(test, 1000).get("accuracy");
      run.progress()
          .accept(
              String.format(
                  Locale.ROOT,
                  "%d neurons, seed %d: accuracy %.4f after %d epochs, %.1f s",
                  neurons,
                  seed,
                  accuracy,
                  history.epochs().size(),
                  clock.seconds()));
      boolean complete = !history.stopped().equals(Optional.of(LabRun.Stop.REASON));
      return Optional.of(
          new Outcome(neurons, accuracy, history.epochs().size(), complete, clock.seconds(), file));
    }
  }

  private static String name(int neurons) {
    return "neurons-" + neurons;
  }

  private LabResult result(int neurons, List<Outcome> same, Path folder) {
    var accuracies = same.stream().map(Outcome::accuracy).toList();
    var best = Collections.max(same, Comparator.comparingDouble(Outcome::accuracy));
    double seconds = same.stream().mapToDouble(Outcome::seconds).sum();
    var figures = new LinkedHashMap<String, Object>();
    figures.put("neurons", neurons);
    figures.put("accuracy", Statistics.mean(accuracies));
    figures.put("spread", Statistics.deviation(accuracies));
    figures.put("least", Collections.min(accuracies));
    figures.put("most", best.accuracy());
    figures.put("each", accuracies);
    figures.put("train_seconds", seconds);
    long parameters = HowManyNeurons.parameters(neurons);
    var title = neurons == 1 ? "1 neuron, swept" : neurons + " neurons, swept";
    return new LabResult(
        HowManyNeurons.NAME,
        LabStep.of(name(neurons), title, parameters, EPOCHS),
        parameters,
        same.stream().mapToInt(Outcome::epochs).max().orElse(0),
        run.epochs(step),
        same.stream().allMatch(Outcome::complete),
        seconds,
        figures,
        folder,
        best.file());
  }

  private static SweepPoint point(LabResult result) {
    var scores = new ArrayList<Double>();
    ((List<?>) result.figures().get("each")).forEach(score -> scores.add((Double) score));
    return new SweepPoint(
        result.figures().get("neurons") + " neurons", result.parameters(), scores);
  }

  /// The smallest network whose mean reaches the target, or where none does the best one.
  private LabResult answer(double target, List<LabResult> results) {
    var byAccuracy = Comparator.<LabResult>comparingDouble(result -> result.figure("accuracy"));
    var found = results.stream().filter(result -> result.figure("accuracy") >= target).findFirst();
    var chosen = found.orElseGet(() -> Collections.max(results, byAccuracy));
    var neurons = chosen.figures().get("neurons");
    var text = String.format(Locale.ROOT, "%.2f", target);
    var title =
        found.isPresent() ? text + ": " + neurons + " neurons" : text + ": none, best " + neurons;
    var question =
        LabStep.of("answer-" + text, title, chosen.parameters(), EPOCHS).floor("accuracy", target);
    return new LabResult(
        HowManyNeurons.NAME,
        question,
        chosen.parameters(),
        chosen.epochs(),
        chosen.planned(),
        true,
        chosen.seconds(),
        chosen.figures(),
        chosen.folder(),
        chosen.bestFile());
  }
}
