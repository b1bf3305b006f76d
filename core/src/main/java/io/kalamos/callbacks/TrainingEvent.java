package io.kalamos.callbacks;

import java.util.Optional;
import java.util.SequencedMap;

/// What happens during `fit`, in this order. Epochs and batches count from 0.
public sealed interface TrainingEvent {
  Training training();

  /// Before the first epoch; an exception here ends `fit` before anything was trained.
  record TrainBegin(Training training) implements TrainingEvent {}

  record EpochBegin(Training training, int epoch) implements TrainingEvent {}

  /// After a step; the logs are the means since the epoch's begin. Only sent to callbacks that want
  /// batches.
  record BatchEnd(Training training, int epoch, int batch, SequencedMap<String, Double> logs)
      implements TrainingEvent {}

  /// After validation; the logs have Keras's names: `loss`, metrics, `val_loss`, `val_` metrics.
  record EpochEnd(Training training, int epoch, SequencedMap<String, Double> logs)
      implements TrainingEvent {}

  /// At the end, however it came; `reason` says who asked to stop, empty where all epochs are done.
  record TrainEnd(Training training, SequencedMap<String, Double> logs, Optional<String> reason)
      implements TrainingEvent {}
}
