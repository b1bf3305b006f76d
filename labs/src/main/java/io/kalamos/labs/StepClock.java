package io.kalamos.labs;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.TrainingEvent;
import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import java.util.function.LongSupplier;

/// Seconds of training alone, without validation and what other callbacks do after it, and how many
/// of them it took until `val_accuracy` first reached a target.
final class StepClock implements Callback {
  private final double target;
  private final LongSupplier nanoTime;
  private long begin;
  private long lastStep;
  private double seconds;
  private double secondsToTarget = Double.NaN;

  StepClock(double target, LongSupplier nanoTime) {
    this.target = target;
    this.nanoTime = nanoTime;
  }

  /// A clock for this accuracy; NaN for none.
  static StepClock to(double target) {
    return new StepClock(target, System::nanoTime);
  }

  /// The seconds so far, those of several trainings after one another.
  double seconds() {
    return seconds;
  }

  /// NaN where the target was not reached.
  double secondsToTarget() {
    return secondsToTarget;
  }

  /// The accuracy that counts is this one, as of now.
  void reached(double accuracy) {
    if (Double.isNaN(secondsToTarget) && accuracy >= target) {
      secondsToTarget = seconds;
    }
  }

  /// Asked after each step, which is all that there is to know.
  @Override
  public boolean wantsBatches() {
    lastStep = nanoTime.getAsLong();
    return false;
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case EpochBegin _ -> {
        begin = nanoTime.getAsLong();
        lastStep = begin;
      }
      case EpochEnd end -> {
        seconds += (lastStep - begin) / 1e9;
        reached(end.logs().getOrDefault("val_accuracy", Double.NaN));
      }
      case TrainBegin _, BatchEnd _, TrainEnd _ -> {}
    }
  }
}
