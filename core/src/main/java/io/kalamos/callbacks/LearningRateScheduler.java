package io.kalamos.callbacks;

import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import io.kalamos.options.Refusal;
import java.util.Objects;

/// Sets the learning rate at the begin of each epoch; the logs show it as `learning_rate`. Keras's
/// `LearningRateScheduler`.
public record LearningRateScheduler(Schedule schedule) implements Callback {
  /// The rate of an epoch, counted from 0, given the rate before.
  @FunctionalInterface
  public interface Schedule {
    double at(int epoch, double rate);
  }

  public LearningRateScheduler {
    Objects.requireNonNull(schedule);
  }

  public static LearningRateScheduler of(Schedule schedule) {
    return new LearningRateScheduler(schedule);
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case EpochBegin begin -> set(begin);
      case TrainBegin _, BatchEnd _, EpochEnd _, TrainEnd _ -> {}
    }
  }

  private void set(EpochBegin begin) {
    double rate = schedule.at(begin.epoch(), begin.training().learningRate());
    Refusal.unlessPositive(
        "LearningRateScheduler in epoch " + begin.epoch(),
        "learning rate",
        rate,
        "Check the schedule's formula for this epoch (they count from 0).");
    begin.training().learningRate(rate);
    begin.training().log("learning_rate", rate);
  }
}
