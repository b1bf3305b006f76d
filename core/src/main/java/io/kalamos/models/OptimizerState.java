package io.kalamos.models;

import io.kalamos.engine.Tensor;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// How far training has come: what an optimizer keeps from step to step.
///
/// @param iterations the training steps done
/// @param learningRate the rate by now: a callback may have changed it since `compile`
/// @param slots copies of what is kept for each weight, by path: `dense/kernel/momentum`; empty
///   before the first step
public record OptimizerState(
    long iterations, LearningRateSchedule learningRate, SequencedMap<String, Tensor> slots) {
  public OptimizerState {
    slots = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(slots));
  }
}
