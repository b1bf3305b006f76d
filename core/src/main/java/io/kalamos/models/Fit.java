package io.kalamos.models;

import io.kalamos.callbacks.Callback;
import io.kalamos.data.Data;
import io.kalamos.data.Split;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// How long and over what `fit` trains; the defaults are Keras's.
///
/// @param validationSplit the part of the data, at its end, that is kept for validation; 0 for none
/// @param verbose whether progress goes to standard error
/// @param initialEpoch the first epoch's number, to go on where another fit ended
/// @param stepsPerEpoch how many batches make an epoch; all of the data where it is empty
/// @param split which samples are kept for validation, where it is not the tail of
///   `validationSplit`
/// @param validationSteps how many batches are validated with; all where it is empty
public record Fit(
    int batchSize,
    int epochs,
    double validationSplit,
    Optional<Data> validationData,
    boolean shuffle,
    boolean verbose,
    List<Callback> callbacks,
    int initialEpoch,
    OptionalInt stepsPerEpoch,
    OptionalInt validationSteps,
    Optional<Split> split) {
  public static final Fit DEFAULTS =
      new Fit(
          32,
          1,
          0,
          Optional.empty(),
          true,
          true,
          List.of(),
          0,
          OptionalInt.empty(),
          OptionalInt.empty(),
          Optional.empty());

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
  }

  private static void steps(String name, OptionalInt steps) {
    steps.ifPresent(
        count -> Refusal.unlessAtLeast("fit", name, count, 1, "Leave it out to take all data."));
  }

  public Fit batchSize(int batchSize) {
    return vary(batchSize, epochs, shuffle, verbose, initialEpoch);
  }

  public Fit epochs(int epochs) {
    return vary(batchSize, epochs, shuffle, verbose, initialEpoch);
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
    return with(part, validationData, callbacks);
  }

  public Fit validationData(Data data) {
    return with(validationSplit, Optional.of(data), callbacks);
  }

  /// Which samples are kept for validation: `split(Split.stratified(0.1, 7))`.
  public Fit split(Split split) {
    return new Fit(
        batchSize,
        epochs,
        validationSplit,
        validationData,
        shuffle,
        verbose,
        callbacks,
        initialEpoch,
        stepsPerEpoch,
        validationSteps,
        Optional.of(split));
  }

  /// Whether each epoch has an order of its own.
  public Fit shuffle(boolean shuffle) {
    return vary(batchSize, epochs, shuffle, verbose, initialEpoch);
  }

  public Fit verbose(boolean verbose) {
    return vary(batchSize, epochs, shuffle, verbose, initialEpoch);
  }

  public Fit initialEpoch(int initialEpoch) {
    return vary(batchSize, epochs, shuffle, verbose, initialEpoch);
  }

  /// An epoch is so many batches; the next one goes on where it ended.
  public Fit stepsPerEpoch(int steps) {
    return steps(OptionalInt.of(steps), validationSteps);
  }

  /// Validation takes the first so many batches.
  public Fit validationSteps(int steps) {
    return steps(stepsPerEpoch, OptionalInt.of(steps));
  }

  private Fit steps(OptionalInt perEpoch, OptionalInt ofValidation) {
    return new Fit(
        batchSize,
        epochs,
        validationSplit,
        validationData,
        shuffle,
        verbose,
        callbacks,
        initialEpoch,
        perEpoch,
        ofValidation,
        split);
  }

  /// Adds callbacks; they are told in this order.
  public Fit callbacks(Callback... more) {
    List<Callback> all = new ArrayList<>(callbacks);
    all.addAll(Arrays.asList(more));
    return with(validationSplit, validationData, all);
  }

  private Fit vary(int batchSize, int epochs, boolean shuffle, boolean verbose, int initialEpoch) {
    return new Fit(
        batchSize,
        epochs,
        validationSplit,
        validationData,
        shuffle,
        verbose,
        callbacks,
        initialEpoch,
        stepsPerEpoch,
        validationSteps,
        split);
  }

  private Fit with(double part, Optional<Data> data, List<Callback> callbacks) {
    return new Fit(
        batchSize,
        epochs,
        part,
        data,
        shuffle,
        verbose,
        callbacks,
        initialEpoch,
        stepsPerEpoch,
        validationSteps,
        split);
  }
}
