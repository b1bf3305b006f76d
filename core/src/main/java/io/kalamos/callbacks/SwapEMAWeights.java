package io.kalamos.callbacks;

import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;

/// Validates with the moving averages of the weights, which an optimizer with `useEma` keeps, in
/// the place of the weights; Keras's `SwapEMAWeights`.
///
/// @param swapOnEpoch whether the averages also stay in the model from each epoch's end to the next
///   one's begin, so that callbacks behind this one save them
public record SwapEMAWeights(boolean swapOnEpoch) implements Callback {
  public static SwapEMAWeights of() {
    return new SwapEMAWeights(false);
  }

  public SwapEMAWeights swapOnEpoch(boolean swapOnEpoch) {
    return new SwapEMAWeights(swapOnEpoch);
  }

  @Override
  public boolean validatesAverages() {
    return true;
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainBegin begin -> begin.training().showAverages(false);
      case EpochBegin begin when swapOnEpoch -> begin.training().showAverages(false);
      case EpochEnd end when swapOnEpoch -> end.training().showAverages(true);
      case EpochBegin _, BatchEnd _, EpochEnd _, TrainEnd _ -> {}
    }
  }
}
