package io.kalamos.models;

import io.kalamos.callbacks.Callback;
import io.kalamos.data.Data;
import io.kalamos.data.Split;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// How long and over what `fit` trains; the defaults are Keras's.
///
/// @param validationSplit the part of the data, at its end, that is kept for validation; 0 for none
/// @param verbose what progress goes to standard error
/// @param initialEpoch the first epoch's number, to go on where another fit ended
/// @param stepsPerEpoch how many batches make an epoch; all of the data where it is empty
/// @param split which samples are kept for validation, where it is not the tail of
///   `validationSplit`
/// @param validationSteps how many batches are validated with; all where it is empty
/// @param validationBatchSize samples of a validation step; `batchSize` where it is empty
/// @param validationFreq after which epochs is validated
/// @param classWeight how much samples of a class count in training, 1 where nothing is said: by
///   class, for the only output or by the outputs' names
public record Fit(
    int batchSize,
    int epochs,
    double validationSplit,
    Optional<Data> validationData,
    boolean shuffle,
    Verbose verbose,
    List<Callback> callbacks,
    int initialEpoch,
    OptionalInt stepsPerEpoch,
    OptionalInt validationSteps,
    Optional<Split> split,
    OptionalInt validationBatchSize,
    Freq validationFreq,
    PerOutput<Map<Integer, Double>> classWeight) {
  /// What training tells on standard error.
  public enum Verbose {
    /// Nothing: Keras's 0.
    SILENT,
    /// A bar that runs through each epoch: Keras's 1.
    BAR,
    /// One line for each epoch: Keras's 2.
    LINES,
    /// A bar on a terminal, lines elsewhere.
    AUTO
  }

  /// After which epochs is validated.
  ///
  /// @param every so many epochs, where no epochs are named
  /// @param epochs counted from 1
  public record Freq(int every, List<Integer> epochs) {
    public Freq {
      epochs = List.copyOf(epochs);
      Refusal.unlessAtLeast("fit", "validationFreq", every, 1, "1 validates after each epoch.");
      epochs.forEach(
          epoch ->
              Refusal.unlessAtLeast("fit", "validationFreq", epoch, 1, "Epochs count from 1."));
    }

    boolean at(int epoch) {
      return epochs.isEmpty() ? (epoch + 1) % every == 0 : epochs.contains(epoch + 1);
    }
  }

  public static final Fit DEFAULTS =
      new Fit(
          32,
          1,
          0,
          Optional.empty(),
          true,
          Verbose.AUTO,
          List.of(),
          0,
          OptionalInt.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          new Freq(1, List.of()),
          PerOutput.none());

  public Fit {
    callbacks = List.copyOf(callbacks);
    if (batchSize < 1) {
      throw Refusal.of(
          "fit", "batchSize of 1 or more", "batchSize", batchSize, "Keras's default is 32.");
    }
    if (epochs < 1) {
      throw Refusal.of("fit", "epochs of 1 or more", "epochs", epochs, "Keras's default is 1.");
    }
    if (!(validationSplit >= 0 && validationSplit < 1)) {
      throw Refusal.of(
          "fit",
          "validationSplit above 0 and below 1",
          "validationSplit",
          validationSplit,
          "Give the part of the data as a fraction, such as 0.1, or leave it out.");
    }
    if (validationSplit > 0 && validationData.isPresent()) {
      throw Refusal.of(
          "fit",
          "one of validationSplit and validationData",
          "validationSplit",
          validationSplit,
          "Leave one of them out.");
    }
    if (split.isPresent() && (validationSplit > 0 || validationData.isPresent())) {
      throw Refusal.of(
          "fit",
          "one of split, validationSplit and validationData",
          "split",
          split.get(),
          "Leave the others out.");
    }
    if (initialEpoch < 0 || initialEpoch >= epochs) {
      throw Refusal.of(
          "fit",
          "initialEpoch from 0 to below epochs=" + epochs,
          "initialEpoch",
          initialEpoch,
          "Epochs count from 0, and `epochs` is the number of the last one plus 1.");
    }
    steps("stepsPerEpoch", stepsPerEpoch);
    steps("validationSteps", validationSteps);
    validationBatchSize.ifPresent(
        size ->
            Refusal.unlessAtLeast(
                "fit", "validationBatchSize", size, 1, "Leave it out to take batchSize."));
    ClassWeights.check(classWeight);
  }

  private static void steps(String name, OptionalInt steps) {
    steps.ifPresent(
        count -> Refusal.unlessAtLeast("fit", name, count, 1, "Leave it out to take all data."));
  }

  public Fit batchSize(int batchSize) {
    return Vary.of(this, "batchSize", batchSize);
  }

  public Fit epochs(int epochs) {
    return Vary.of(this, "epochs", epochs);
  }

  public Fit validationSplit(double part) {
    if (!(part > 0)) {
      throw Refusal.of(
          "fit",
          "validationSplit above 0 and below 1",
          "validationSplit",
          part,
          "Give the part of the data as a fraction, such as 0.1, or leave it out.");
    }
    return Vary.of(this, "validationSplit", part);
  }

  public Fit validationData(Data data) {
    return Vary.of(this, "validationData", Optional.of(data));
  }

  /// Which samples are kept for validation: `split(Split.stratified(0.1, 7))`.
  public Fit split(Split split) {
    return Vary.of(this, "split", Optional.of(split));
  }

  /// Whether each epoch has an order of its own.
  public Fit shuffle(boolean shuffle) {
    return Vary.of(this, "shuffle", shuffle);
  }

  public Fit verbose(boolean verbose) {
    return Vary.of(this, "verbose", verbose ? Verbose.AUTO : Verbose.SILENT);
  }

  /// Keras's numbers: 0 for nothing, 1 for a bar, 2 for a line for each epoch.
  public Fit verbose(int verbose) {
    Verbose chosen =
        switch (verbose) {
          case 0 -> Verbose.SILENT;
          case 1 -> Verbose.BAR;
          case 2 -> Verbose.LINES;
          default ->
              throw Refusal.of(
                  "fit", "0, 1 or 2", "verbose", verbose, "0 is silent, 1 a bar, 2 lines.");
        };
    return Vary.of(this, "verbose", chosen);
  }

  public Fit initialEpoch(int initialEpoch) {
    return Vary.of(this, "initialEpoch", initialEpoch);
  }

  /// An epoch is so many batches; the next one goes on where it ended.
  public Fit stepsPerEpoch(int steps) {
    return Vary.of(this, "stepsPerEpoch", OptionalInt.of(steps));
  }

  /// Validation takes the first so many batches.
  public Fit validationSteps(int steps) {
    return Vary.of(this, "validationSteps", OptionalInt.of(steps));
  }

  /// Samples of a validation step, where it is not `batchSize`.
  public Fit validationBatchSize(int samples) {
    return Vary.of(this, "validationBatchSize", OptionalInt.of(samples));
  }

  /// Validates after every so many epochs.
  public Fit validationFreq(int every) {
    return Vary.of(this, "validationFreq", new Freq(every, List.of()));
  }

  /// Validates after these epochs, counted from 1.
  public Fit validationFreq(List<Integer> epochs) {
    if (epochs.isEmpty()) {
      throw Refusal.of(
          "fit", "at least one epoch", "validationFreq", epochs, "Name epochs, counted from 1.");
    }
    return Vary.of(this, "validationFreq", new Freq(1, epochs));
  }

  /// How much samples of a class count, for a model with one target: `Map.of(0, 1.0, 1, 5.0)`.
  public Fit classWeight(Map<Integer, Double> weights) {
    return Vary.of(this, "classWeight", new PerOutput.All<>(Map.copyOf(weights)));
  }

  /// The same for one of several outputs.
  public Fit classWeight(String output, Map<Integer, Double> weights) {
    PerOutput.ByName<Map<Integer, Double>> before =
        switch (classWeight) {
          case PerOutput.ByName<Map<Integer, Double>> named -> named;
          case PerOutput<Map<Integer, Double>> _ -> PerOutput.none();
        };
    return Vary.of(this, "classWeight", before.and(output, Map.copyOf(weights)));
  }

  /// Adds callbacks; they are told in this order.
  public Fit callbacks(Callback... more) {
    List<Callback> all = new ArrayList<>(callbacks);
    all.addAll(Arrays.asList(more));
    return Vary.of(this, "callbacks", all);
  }
}
