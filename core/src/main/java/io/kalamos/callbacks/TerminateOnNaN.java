package io.kalamos.callbacks;

import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;

/// Stops training at the first step whose loss is not a finite number; Keras's `TerminateOnNaN`.
public record TerminateOnNaN() implements Callback {
  public static TerminateOnNaN of() {
    return new TerminateOnNaN();
  }

  @Override
  public boolean wantsBatches() {
    return true;
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case BatchEnd end -> look(end);
      case TrainBegin _, EpochBegin _, EpochEnd _, TrainEnd _ -> {}
    }
  }

  private static void look(BatchEnd end) {
    Double loss = end.logs().get("loss");
    if (loss != null && !Double.isFinite(loss)) {
      end.training()
          .stop(
              "TerminateOnNaN: loss="
                  + loss
                  + " in epoch "
                  + (end.epoch() + 1)
                  + ", step "
                  + (end.batch() + 1)
                  + "; try a smaller learning rate, and look for NaN in the data");
    }
  }
}
