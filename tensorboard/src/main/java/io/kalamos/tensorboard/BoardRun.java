package io.kalamos.tensorboard;

import io.kalamos.callbacks.Folders;
import io.kalamos.callbacks.Training;
import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// One run of training while [TensorBoard] writes it. Files are made when they are needed, and
/// those that every run needs before its first step.
final class BoardRun {
  private static final String NAME = "TensorBoard";
  private static final String VALIDATION = "val_";

  private final Training training;
  private final Path logDir;
  private final BoardOptions options;
  private final SequencedMap<String, SummaryWriter> writers = new LinkedHashMap<>();
  private final Map<String, String> tags;
  private final Optional<Projector> projector;

  /// Steps done before this run.
  private final long before;

  private int epoch = -1;
  private boolean lastDone;
  private long epochIterations;
  private long epochNanos;
  private long writtenIterations;
  private long writtenNanos;

  BoardRun(Training training, Path logDir, BoardOptions options) {
    needsHistograms("writeGradients", options.writeGradients, options);
    needsHistograms("writeImages", options.writeImages, options);
    this.training = training;
    this.logDir = logDir;
    this.options = options;
    this.tags = WeightTags.of(training.model());
    this.before = training.iterations();
    this.projector =
        options.embeddingsFreq > 0
            ? Optional.of(
                new Projector(
                    logDir.resolve("train"), training.model(), options.embeddingsMetadata))
            : Optional.empty();
  }

  private static void needsHistograms(String option, boolean chosen, BoardOptions options) {
    if (chosen && options.histogramFreq == 0) {
      throw Refusal.of(
          NAME,
          option + " with histogramFreq of 1 or more",
          "histogramFreq",
          0,
          "Add histogramFreq(1).");
    }
  }

  /// Writes what is known before the first epoch, and finds out whether all can be written.
  void begin() {
    Folders.prepare(NAME, logDir);
    SummaryWriter train = train();
    if (training.logNames().stream().anyMatch(name -> name.startsWith(VALIDATION))) {
      Folders.prepare(NAME, logDir.resolve("validation"));
    }
    if (options.writeGraph) {
      train.kerasModel("keras", LayerGraph.of(training.model()), 0);
      train.graph(LayerNodes.of(training.model()));
    }
    projector.ifPresent(Projector::prepare);
    if (!options.hparams.isEmpty()) {
      writer(".").hparams(options.hparams);
    }
  }

  private SummaryWriter train() {
    return writer("train");
  }

  private SummaryWriter writer(String run) {
    return writers.computeIfAbsent(
        run, name -> SummaryWriter.of(NAME, logDir.resolve(name).normalize()));
  }

  void beginEpoch(int number) {
    epoch = number;
    epochIterations = writtenIterations = training.iterations();
    epochNanos = writtenNanos = System.nanoTime();
  }

  boolean wantsBatch() {
    return figuresDue() || gradientsDue();
  }

  private boolean figuresDue() {
    return options.updateFreq > 0 && (training.iterations() - before) % options.updateFreq == 0;
  }

  private boolean gradientsDue() {
    return options.writeGradients
        && histogramsDue()
        && training.iterations() == epochIterations + 1;
  }

  private boolean histogramsDue() {
    return options.histogramFreq > 0 && epoch % options.histogramFreq == 0;
  }

  void write(BatchEnd end) {
    if (figuresDue()) {
      long step = training.iterations() - before;
      if (options.writeStepsPerSecond) {
        long now = System.nanoTime();
        double rate = rate(training.iterations() - writtenIterations, now - writtenNanos);
        train().scalar("batch_steps_per_second", rate, step);
        writtenIterations = training.iterations();
        writtenNanos = now;
      }
      end.logs().forEach((name, value) -> train().scalar("batch_" + name, value, step));
    }
    if (gradientsDue()) {
      training
          .gradients()
          .forEach(
              (path, gradient) ->
                  train().histogram(tags.get(path) + "/gradient", gradient, end.epoch()));
    }
  }

  private static double rate(long steps, long nanos) {
    return steps * 1e9 / Math.max(1, nanos);
  }

  void write(EpochEnd end) {
    lastDone = end.epoch() == training.epochs() - 1;
    SequencedMap<String, Double> own = new LinkedHashMap<>();
    SequencedMap<String, Double> validation = new LinkedHashMap<>();
    end.logs()
        .forEach(
            (name, value) -> {
              if (name.startsWith(VALIDATION)) {
                validation.put(name.substring(VALIDATION.length()), value);
              } else {
                own.put(name, value);
              }
            });
    own.put("learning_rate", training.nextLearningRate());
    if (options.writeStepsPerSecond) {
      long steps = training.iterations() - epochIterations;
      own.put("steps_per_second", rate(steps, System.nanoTime() - epochNanos));
    }
    validation.forEach(
        (name, value) ->
            validation()
                .scalar("evaluation_" + name + "_vs_iterations", value, training.iterations()));
    own.forEach((name, value) -> train().scalar("epoch_" + name, value, end.epoch()));
    validation.forEach((name, value) -> validation().scalar("epoch_" + name, value, end.epoch()));
    if (histogramsDue()) {
      training.model().weights().forEach(this::weight);
    }
    if (options.embeddingsFreq > 0 && end.epoch() % options.embeddingsFreq == 0) {
      projector.ifPresent(vectors -> vectors.write(training.model(), end.epoch()));
    }
  }

  private SummaryWriter validation() {
    return writer("validation");
  }

  private void weight(String path, Tensor weight) {
    String tag = tags.get(path);
    train().histogram(tag + "/histogram", weight, epoch);
    if (options.writeImages) {
      WeightImages.of(weight).ifPresent(images -> train().image(tag + "/image", images, epoch));
    }
  }

  /// A run that was neither stopped nor came to its last epoch has failed.
  void end(TrainEnd end) {
    try {
      if (writers.containsKey(".")) {
        boolean done = end.reason().isPresent() || lastDone;
        writer(".").sessionEnd(done ? SessionStatus.SUCCESS : SessionStatus.FAILURE);
      }
    } finally {
      writers.values().forEach(SummaryWriter::close);
    }
  }
}
