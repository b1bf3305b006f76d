package io.kalamos.callbacks;

import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import io.kalamos.options.Vary;
import java.util.Optional;
import java.util.function.Consumer;

/// A callback put together from functions: `LambdaCallback.of().onEpochEnd(end ->
/// IO.println(end.logs()))`. Keras's `LambdaCallback`.
public record LambdaCallback(
    Optional<Consumer<TrainBegin>> onTrainBegin,
    Optional<Consumer<EpochBegin>> onEpochBegin,
    Optional<Consumer<BatchEnd>> onTrainBatchEnd,
    Optional<Consumer<EpochEnd>> onEpochEnd,
    Optional<Consumer<TrainEnd>> onTrainEnd)
    implements Callback {
  /// Does nothing yet.
  public static LambdaCallback of() {
    return new LambdaCallback(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  public LambdaCallback onTrainBegin(Consumer<TrainBegin> does) {
    return Vary.of(this, "onTrainBegin", Optional.of(does));
  }

  public LambdaCallback onEpochBegin(Consumer<EpochBegin> does) {
    return Vary.of(this, "onEpochBegin", Optional.of(does));
  }

  public LambdaCallback onTrainBatchEnd(Consumer<BatchEnd> does) {
    return Vary.of(this, "onTrainBatchEnd", Optional.of(does));
  }

  public LambdaCallback onEpochEnd(Consumer<EpochEnd> does) {
    return Vary.of(this, "onEpochEnd", Optional.of(does));
  }

  public LambdaCallback onTrainEnd(Consumer<TrainEnd> does) {
    return Vary.of(this, "onTrainEnd", Optional.of(does));
  }

  @Override
  public boolean wantsBatches() {
    return onTrainBatchEnd.isPresent();
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainBegin begin -> onTrainBegin.ifPresent(does -> does.accept(begin));
      case EpochBegin begin -> onEpochBegin.ifPresent(does -> does.accept(begin));
      case BatchEnd end -> onTrainBatchEnd.ifPresent(does -> does.accept(end));
      case EpochEnd end -> onEpochEnd.ifPresent(does -> does.accept(end));
      case TrainEnd end -> onTrainEnd.ifPresent(does -> does.accept(end));
    }
  }
}
