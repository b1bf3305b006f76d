package io.kalamos.models;

import io.kalamos.callbacks.BackupAndRestore;
import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.History;
import io.kalamos.callbacks.ProgressBar;
import io.kalamos.data.Data;
import io.kalamos.data.Dataset;
import io.kalamos.data.Samples;
import io.kalamos.data.Split;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What `fit` does before and after training: checks, the split, the callbacks that are always
/// there.
final class FitCall {
  private final Model model;
  private final Compiled compiled;
  private final Fit options;
  private final Data data;

  FitCall(Model model, Compiled compiled, Data data, Fit options) {
    this.model = model;
    this.compiled = compiled;
    this.options = options;
    this.data = data;
  }

  /// What is trained and what is validated with.
  private record Sources(Batches training, Optional<Batches> validation) {}

  History run() {
    Sources sources =
        switch (data) {
          case Samples samples -> rows(samples);
          case Dataset dataset -> stream(dataset);
        };
    Optional<Batches> validation = sources.validation();
    Compilation compilation = compiled.compilation();
    Checks.monitors(
        options.callbacks(), Logs.all(model.network(), compilation, validation.isPresent()));
    History history = History.of();
    List<Callback> callbacks = new ArrayList<>(options.callbacks());
    // Others ask at their begin whether training goes on.
    callbacks.sort(Comparator.comparing(callback -> !(callback instanceof BackupAndRestore)));
    callbacks.add(history);
    switch (options.verbose()) {
      case SILENT -> {}
      case BAR -> callbacks.add(ProgressBar.bar());
      case LINES -> callbacks.add(ProgressBar.lines());
      case AUTO -> callbacks.add(ProgressBar.of());
    }
    try (Feed feed = new Feed(sources.training(), options.stepsPerEpoch(), compiled.log())) {
      new Fitting(model, compiled, options, feed, validation, callbacks).run();
    } finally {
      validation.ifPresent(Batches::close);
    }
    return history;
  }

  private Sources rows(Samples samples) {
    Network network = model.network();
    Compilation compilation = compiled.compilation();
    Samples all = Checks.samples("fit", network, compilation, samples);
    Checks.pixels(network, compilation, all);
    int[] training = new Order(all.size()).reset();
    Optional<Batches> validation = options.validationData().map(this::validation);
    Optional<Split> split = split(all);
    if (split.isPresent()) {
      Split.Rows rows = split.get().rows(all);
      Splits.check(compilation, compiled.goals(), all, split.get(), rows);
      training = rows.training();
      validation =
          Optional.of(
              new RowBatches(all, rows.validation(), validationBatch(), false, compiled.seed()));
    }
    if (options.batchSize() > training.length) {
      compiled
          .log()
          .accept(
              "note: batchSize="
                  + options.batchSize()
                  + " is more than the "
                  + training.length
                  + " samples; each step takes them all");
    }
    Samples counted = classWeights().map(weights -> weights.weighted(all)).orElse(all);
    return new Sources(
        new RowBatches(counted, training, options.batchSize(), options.shuffle(), compiled.seed()),
        validation);
  }

  private int validationBatch() {
    return options.validationBatchSize().orElse(options.batchSize());
  }

  private Optional<ClassWeights> classWeights() {
    return ClassWeights.of(compiled.goals(), options.classWeight());
  }

  private Optional<Split> split(Samples all) {
    double part = options.validationSplit();
    if (part == 0) {
      return options.split();
    }
    int kept = (int) Math.floor(all.size() * (1 - part));
    if (kept == 0 || kept == all.size()) {
      throw Refusal.of(
          "fit",
          "samples for training and for validation out of " + all.size(),
          "validationSplit",
          part,
          "Give more data or another part.");
    }
    return Optional.of(Split.tail(part));
  }

  private Sources stream(Dataset dataset) {
    if (options.validationSplit() > 0 || options.split().isPresent()) {
      throw Refusal.of(
          "fit",
          "validationData for a dataset, whose rows are not known",
          options.split().isPresent() ? "split" : "validationSplit",
          options.split().isPresent() ? options.split().get() : options.validationSplit(),
          "Divide it with dataset.split(0.9), or with take and skip.");
    }
    Batches training = batches("fit", "stepsPerEpoch", dataset, options.stepsPerEpoch());
    return new Sources(
        classWeights().map(weights -> weights.weighted(training)).orElse(training),
        options.validationData().map(this::validation));
  }

  private Batches validation(Data data) {
    return switch (data) {
      case Samples samples ->
          new RowBatches(
              Checks.samples("validationData", model.network(), compiled.compilation(), samples),
              validationBatch());
      case Dataset dataset ->
          batches("validationData", "validationSteps", dataset, options.validationSteps());
    };
  }

  private Batches batches(String where, String option, Dataset dataset, OptionalInt steps) {
    endless(where, option, dataset, steps.isPresent());
    return new DatasetBatches(where, model.network(), compiled.compilation(), dataset);
  }

  /// Refuses to go through a dataset without an end.
  static void endless(String where, String option, Dataset dataset, boolean limited) {
    if (dataset.cardinality() == Dataset.INFINITE && !limited) {
      throw Refusal.of(
          where,
          option + " for a dataset without an end",
          "dataset",
          dataset,
          "Give " + option + ", or leave out repeat().");
    }
  }
}
