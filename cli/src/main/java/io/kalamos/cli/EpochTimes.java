package io.kalamos.cli;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.TrainingEvent;
import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import java.util.ArrayList;
import java.util.List;

/// Seconds of each epoch, and the time of day when the first one ended.
final class EpochTimes implements Callback {
  private final List<Double> seconds = new ArrayList<>();
  private long begin;
  private long firstEnd;

  List<Double> seconds() {
    return seconds;
  }

  /// Milliseconds since 1970.
  long firstEnd() {
    return firstEnd;
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case EpochBegin _ -> begin = System.nanoTime();
      case EpochEnd _ -> {
        seconds.add((System.nanoTime() - begin) / 1e9);
        if (seconds.size() == 1) {
          firstEnd = System.currentTimeMillis();
        }
      }
      case TrainBegin _, BatchEnd _, TrainEnd _ -> {}
    }
  }
}
