package io.kalamos.models;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.History;
import io.kalamos.callbacks.ProgressBar;
import io.kalamos.data.Samples;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `fit` does before and after training: checks, the split, the callbacks that are always
/// there.
final class FitCall {
  private final Model model;
  private final Compiled compiled;
  private final Fit options;
  private final Samples samples;

  FitCall(Model model, Compiled compiled, Samples samples, Fit options) {
    this.model = model;
    this.compiled = compiled;
    this.options = options;
    this.samples = samples;
  }

  History run() {
    Network network = model.network();
    Compilation compilation = compiled.compilation();
    Samples all = Checks.samples("fit", network, compilation, samples);
    Checks.pixels(network, compilation, all);
    Samples training = all;
    Optional<Samples> validation =
        options
            .validationData()
            .map(data -> Checks.samples("validationData", network, compilation, data));
    if (options.validationSplit() > 0) {
      int kept = (int) Math.floor(all.size() * (1 - options.validationSplit()));
      if (kept == 0 || kept == all.size()) {
        throw Refusal.of(
            "fit",
            "samples for training and for validation out of " + all.size(),
            "validationSplit",
            options.validationSplit(),
            "Give more data or another part.");
      }
      training = all.rows(0, kept);
      validation = Optional.of(all.rows(kept, all.size()));
    }
    Checks.monitors(options.callbacks(), Logs.all(network, compilation, validation.isPresent()));
    if (options.batchSize() > training.size()) {
      compiled
          .log()
          .accept(
              "note: batchSize="
                  + options.batchSize()
                  + " is more than the "
                  + training.size()
                  + " samples; each step takes them all");
    }
    History history = History.of();
    List<Callback> callbacks = new ArrayList<>(options.callbacks());
    callbacks.add(history);
    if (options.verbose()) {
      callbacks.add(ProgressBar.of());
    }
    RowBatches rows =
        new RowBatches(training, options.batchSize(), options.shuffle(), compiled.seed());
    try (Feed feed = new Feed(rows, options.stepsPerEpoch(), compiled.log())) {
      Optional<Batches> checking =
          validation.map(data -> new RowBatches(data, options.batchSize()));
      new Fitting(model, compiled, options, feed, checking, callbacks).run();
    }
    return history;
  }
}
