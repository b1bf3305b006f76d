package io.kalamos.labs;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.activations.Activations.SOFTMAX;
import static io.kalamos.losses.Losses.CATEGORICAL_CROSSENTROPY;
import static io.kalamos.metrics.Metrics.ACCURACY;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.EarlyStopping;
import io.kalamos.callbacks.TrainingEvent;
import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import io.kalamos.data.Preprocessing;
import io.kalamos.data.Samples;
import io.kalamos.datasets.LabeledImages;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Layer;
import io.kalamos.layers.Rescaling;
import io.kalamos.models.Compilation;
import io.kalamos.optimizers.Adam;
import io.kalamos.plots.Plots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Lab 5: how many hidden neurons reach 0.90 and 0.95 on the test images? The original's four
/// networks, then the answer: a sweep over sizes.
final class HowManyNeurons implements Lab {
  static final String NAME = "how-many-neurons";
  static final String SWEEP = "sweep";
  private static final double VALIDATION = 0.15;
  private static final int PATIENCE = 10;

  private static final List<LabStep> STEPS =
      List.of(
          step("softmax", "softmax alone", 0, 200, 0.9246, 0.003),
          step("one", "1 neuron", 1, 60, 0.3736, 0.05), // so few differ much with the seed
          step("two", "2 neurons", 2, 200, 0.7141, 0.1),
          step("three", "3 neurons", 3, 300, 0.8192, 0.05),
          LabStep.of(SWEEP, "sweep over sizes", 0, NeuronSweep.EPOCHS));

  private static LabStep step(
      String name, String title, int neurons, int epochs, double original, double tolerance) {
    return LabStep.of(name, title, parameters(neurons), epochs)
        .original("accuracy", original)
        .tolerance("accuracy", tolerance);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "how many hidden neurons reach 0.90 and 0.95";
  }

  @Override
  public List<LabStep> steps() {
    return STEPS;
  }

  @Override
  public List<LabColumn> columns() {
    return List.of(
        LabColumn.beside("accuracy", "%.4f", "accuracy"),
        LabColumn.ours("spread", "%.4f", "spread"),
        LabColumn.ours("least", "%.4f", "least"),
        LabColumn.ours("most", "%.4f", "most"),
        LabColumn.ours("seconds", "%.1f", "train_seconds"));
  }

  @Override
  public Session open(LabRun run) {
    var mnist = run.mnist();
    return new Question(run, samples(mnist.train()), samples(mnist.test()));
  }

  private static Samples samples(LabeledImages images) {
    return Samples.of(images.images(), Preprocessing.toCategorical(images.labels(), 10));
  }

  /// The weights of a network with so many hidden neurons, none being softmax alone.
  static long parameters(int neurons) {
    return neurons == 0 ? 7_850 : 784L * neurons + neurons + 10L * neurons + 10;
  }

  /// The layers behind `Input`.
  static List<Layer> layers(int neurons) {
    var layers = new ArrayList<Layer>(List.of(Rescaling.of(1 / 255.0), Flatten.of()));
    if (neurons > 0) {
      layers.add(Dense.of(neurons).activation(RELU));
    }
    layers.add(Dense.of(10).activation(SOFTMAX));
    return layers;
  }

  /// A user's own callback: prints the logs of every fifth epoch.
  record PrintLogs(int every, Consumer<String> lines) implements Callback {
    @Override
    public void on(TrainingEvent event) {
      switch (event) {
        case EpochEnd end when (end.epoch() + 1) % every == 0 ->
            lines.accept("Epoch " + (end.epoch() + 1) + ": " + text(end.logs()));
        case TrainBegin _, EpochBegin _, BatchEnd _, EpochEnd _, TrainEnd _ -> {}
      }
    }

    private static String text(Map<String, Double> logs) {
      return logs.entrySet().stream()
          .map(log -> log.getKey() + " " + LabColumn.number("%.4f", log.getValue()))
          .collect(Collectors.joining(", "));
    }
  }

  private record Question(LabRun run, Samples train, Samples test) implements Session {
    @Override
    public String introduction() {
      return "How many hidden neurons reach 0.90, and how many 0.95, on the test images?"
          + System.lineSeparator()
          + NeuronSweep.settings();
    }

    @Override
    public List<LabResult> run(LabStep step) throws IOException {
      return step.name().equals(SWEEP)
          ? new NeuronSweep(run, step, train, test).results()
          : run.repeat(step, seed -> train(step, seed));
    }

    private static int neurons(LabStep step) {
      return switch (step.name()) {
        case "one" -> 1;
        case "two" -> 2;
        case "three" -> 3;
        default -> 0;
      };
    }

    private Optional<LabResult> train(LabStep step, long seed) throws IOException {
      int neurons = neurons(step);
      try (var model = step.model(NAME, layers(neurons), seed)) {
        model.compile(
            run.running(Compilation.of(Adam.of(), CATEGORICAL_CROSSENTROPY, ACCURACY), seed));
        run.progress().accept(System.lineSeparator() + step.title());
        run.progress().accept(model.summary());
        var folder = run.folder(step.name());
        int epochs = run.epochs(step);
        var clock = StepClock.to(Double.NaN);
        var callbacks = new ArrayList<Callback>(List.of(clock, new PrintLogs(5, run.progress())));
        if (neurons >= 2) {
          var stopping = EarlyStopping.on("val_accuracy").patience(PATIENCE);
          callbacks.add(neurons == 3 ? stopping.restoreBestWeights() : stopping);
        }
        callbacks.add(run.stop());
        var history =
            model.fit(
                train,
                fit -> {
                  var options =
                      fit.epochs(epochs)
                          .verbose(false)
                          .callbacks(callbacks.toArray(Callback[]::new));
                  return neurons == 0 ? options : options.validationSplit(VALIDATION);
                });
        var file = folder.resolve("last.weights");
        if (history.epochs().isEmpty()) {
          run.keepLast(model, folder);
          return Optional.empty();
        }
        model.saveWeights(file);
        run.save(
            () -> Plots.learningCurves(step.title(), history.metrics()),
            folder.resolve("curves.png"),
            folder.resolve("curves.svg"));
        var figures = new LinkedHashMap<String, Object>();
        figures.put("accuracy", model.evaluate(test, 1000).get("accuracy"));
        figures.put("train_accuracy", history.metric("accuracy").getLast());
        figures.put("train_seconds", clock.seconds());
        return Optional.of(
            LabResult.of(NAME, step, model.countParams(), history, epochs)
                .seconds(clock.seconds())
                .figures(figures)
                .files(folder, file));
      }
    }
  }
}
