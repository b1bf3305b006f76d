package io.kalamos.models;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.Training;
import io.kalamos.callbacks.TrainingEvent;
import io.kalamos.engine.Tensor;
import io.kalamos.schedules.ConstantRate;
import io.kalamos.schedules.LearningRateSchedule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// One run of `fit`: epochs of steps, validation, events.
final class Fitting implements Training {
  private final Model model;
  private final Compiled compiled;
  private final Fit options;
  private final Feed training;
  private final Optional<Batches> validation;
  private final List<Callback> callbacks;
  private final Rollback rollback;
  private final SequencedMap<String, Double> extra = new LinkedHashMap<>();
  private SequencedMap<String, Double> logs = new LinkedHashMap<>();
  private double rate;
  private boolean betweenEpochs;
  private boolean afterBatch;
  private Thread runner;
  private volatile String stopping;
  private volatile boolean immediately;
  private Optional<RunState> resumed = Optional.empty();
  private Optional<Backup> backup = Optional.empty();
  private boolean finished;

  /// Where a callback wants the state of the run.
  private record Backup(Path file, Path previous) {}

  Fitting(
      Model model,
      Compiled compiled,
      Fit options,
      Feed training,
      Optional<Batches> validation,
      List<Callback> callbacks) {
    this.model = model;
    this.compiled = compiled;
    this.options = options;
    this.training = training;
    this.validation = validation;
    this.callbacks = callbacks;
    this.rollback = new Rollback(model, compiled);
  }

  /// Trains. Callbacks hear of the end also where something fails; the weights stay as they are.
  void run() {
    runner = Thread.currentThread();
    rate = compiled.rate().at(compiled.iterations());
    boolean done = false;
    try {
      send(new TrainingEvent.TrainBegin(this));
      resumed.ifPresent(state -> state.remind(callbacks));
      for (int epoch = resumedAt().orElse(options.initialEpoch());
          epoch < options.epochs();
          epoch++) {
        if (stopping != null || !epoch(epoch)) {
          break;
        }
      }
      if (compiled.averages().kept()) {
        compiled.averages().settle();
      }
      done = true;
      finished = stopping == null || !immediately;
    } finally {
      if (!done) {
        compiled.averages().show(false);
      }
      end(done);
    }
  }

  private void end(boolean done) {
    TrainingEvent end = new TrainingEvent.TrainEnd(this, logs, Optional.ofNullable(stopping));
    if (done) {
      send(end);
      return;
    }
    for (Callback callback : callbacks) {
      try {
        callback.on(end);
      } catch (RuntimeException second) {
        compiled.log().accept("warning: at the end of training: " + second.getMessage());
      }
    }
  }

  /// One epoch; false where it was stopped in the middle.
  private boolean epoch(int epoch) {
    betweenEpochs = true;
    rate = compiled.rate().at(compiled.iterations());
    extra.clear();
    send(new TrainingEvent.EpochBegin(this, epoch));
    betweenEpochs = false;
    rollback.remember();
    Tally tally = new Tally(model.network(), compiled.compilation());
    training.begin(epoch);
    for (int step = 0; training.next(); step++) {
      step(training.batch(), tally);
      tellOfBatch(epoch, step, tally);
      if (immediately && stopping != null && !training.last()) {
        logs = tally.means("");
        return false;
      }
      if (!Double.isFinite(tally.last()) && stopping == null) {
        throw rollback.explained(training, epoch, step);
      }
    }
    SequencedMap<String, Double> figures = tally.means("");
    int steps = options.validationSteps().orElse(Integer.MAX_VALUE);
    if (options.validationFreq().at(epoch)) {
      boolean averages = callbacks.stream().anyMatch(Callback::validatesAverages);
      compiled.averages().show(averages);
      validation.ifPresent(data -> figures.putAll(compiled.evaluate(data, steps).means("val_")));
      compiled.averages().show(false);
    }
    figures.putAll(extra);
    logs = figures;
    betweenEpochs = true;
    send(new TrainingEvent.EpochEnd(this, epoch, figures));
    if (backup.isPresent()) {
      write(backup.get(), epoch + 1);
    }
    return stopping == null;
  }

  /// The old file goes aside before the new one is written, so that there is always a whole one.
  private void write(Backup wanted, int next) {
    backup = Optional.empty();
    try {
      if (Files.exists(wanted.file())) {
        Files.move(
            wanted.file(),
            wanted.previous(),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      }
      StateFile.write(
          wanted.file(), RunState.now(model, compiled, options, training, callbacks, next));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /// Figures are only put together where somebody wants them.
  private void tellOfBatch(int epoch, int step, Tally tally) {
    TrainingEvent event = null;
    afterBatch = true;
    for (Callback callback : callbacks) {
      if (callback.wantsBatches()) {
        if (event == null) {
          logs = tally.means("");
          event = new TrainingEvent.BatchEnd(this, epoch, step, logs);
        }
        callback.on(event);
      }
    }
    afterBatch = false;
  }

  private void step(Batches batch, Tally tally) {
    rate = compiled.rate().at(compiled.iterations());
    tally.add(compiled.step(batch, rate), batch.size());
  }

  private void send(TrainingEvent event) {
    callbacks.forEach(callback -> callback.on(event));
  }

  @Override
  public Model model() {
    return model;
  }

  @Override
  public int epochs() {
    return options.epochs();
  }

  @Override
  public int steps() {
    return training.steps();
  }

  @Override
  public List<String> logNames() {
    return Logs.all(model.network(), compiled.compilation(), validation.isPresent());
  }

  @Override
  public long iterations() {
    return compiled.iterations();
  }

  @Override
  public SequencedMap<String, Tensor> gradients() {
    if (!afterBatch) {
      throw new IllegalStateException(
          "gradients: expected a callback that handles BatchEnd, received event=another one. Ask"
              + " there, and let wantsBatches say true.");
    }
    return compiled.gradients(training.batch());
  }

  @Override
  public List<Tensor> weights() {
    return model.network().weights().copies();
  }

  @Override
  public void restore(List<Tensor> weights) {
    model.network().weights().assign(weights);
  }

  @Override
  public void showAverages(boolean show) {
    if (!compiled.averages().kept()) {
      throw new IllegalStateException(
          "showAverages: expected an optimizer with useEma(true), received optimizer="
              + compiled.compilation().optimizer().name()
              + ". Add .useEma(true) to the optimizer, or leave SwapEMAWeights out.");
    }
    compiled.averages().show(show);
  }

  @Override
  public void saveWeights(Path file) throws IOException {
    model.saveWeights(file);
  }

  @Override
  public void saveModel(Path file) throws IOException {
    model.save(file);
  }

  @Override
  public void backUp(Path file, Path previous) {
    backup = Optional.of(new Backup(file, previous));
  }

  @Override
  public void resume(Path file, Path previous) throws IOException {
    Path found = file;
    SequencedMap<String, Tensor> tensors = null;
    if (Files.exists(file)) {
      try {
        tensors = StateFile.read(file);
      } catch (IOException damaged) {
        if (!Files.exists(previous)) {
          throw damaged;
        }
        compiled.log().accept("warning: " + damaged.getMessage() + " Using " + previous + ".");
      }
    }
    if (tensors == null && Files.exists(previous)) {
      found = previous;
      tensors = StateFile.read(previous);
    }
    if (tensors != null) {
      RunState state = RunState.of(found, tensors);
      state.restore(model, compiled, options);
      training.resume(state.feed());
      rate = compiled.rate().at(compiled.iterations());
      resumed = Optional.of(state);
      compiled.log().accept("note: goes on with epoch " + (state.epoch() + 1) + " from " + found);
    }
  }

  @Override
  public OptionalInt resumedAt() {
    return resumed.map(state -> OptionalInt.of(state.epoch())).orElse(OptionalInt.empty());
  }

  @Override
  public boolean finished() {
    return finished;
  }

  @Override
  public void stop(String reason) {
    immediately |= Thread.currentThread() != runner || !betweenEpochs;
    stopping = reason;
  }

  @Override
  public double learningRate() {
    return rate;
  }

  @Override
  public double nextLearningRate() {
    return compiled.rate().at(compiled.iterations());
  }

  @Override
  public void learningRate(double value) {
    LearningRateSchedule now = compiled.rate();
    if (!(now instanceof ConstantRate)) {
      throw new IllegalStateException(
          "learning rate: expected an optimizer with a constant rate, received schedule="
              + now
              + ". Give the optimizer a number, or leave the callback out.");
    }
    compiled.rate(LearningRateSchedule.constant(value));
    rate = value;
  }

  @Override
  public void log(String name, double value) {
    extra.put(name, value);
    if (betweenEpochs) {
      logs.put(name, value);
    }
  }
}
