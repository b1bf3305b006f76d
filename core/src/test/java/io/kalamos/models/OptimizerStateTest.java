package io.kalamos.models;

import static io.kalamos.losses.Losses.MEAN_SQUARED_ERROR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.ShapeException;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import io.kalamos.optimizers.Adam;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/// Optimizers go on from where others stopped.
class OptimizerStateTest {
  private static final Tensor X = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
  private static final Tensor Y = Tensor.of(new float[] {1, 0, 2}, 3, 1);

  private static Model model() {
    Model model = Sequential.of(Input.of(2), Dense.of(1));
    model.compile(
        Compilation.of(Adam.of(0.1), MEAN_SQUARED_ERROR).running(run -> run.backend("java")));
    return model;
  }

  @Test
  void stepsGoOn() {
    Model whole = model();
    whole.trainOnBatch(X, Y);
    List<Tensor> weights = whole.getWeights();
    OptimizerState state = whole.optimizerState();
    whole.trainOnBatch(X, Y);

    Model again = model();
    again.setWeights(weights);
    again.optimizerState(state);
    assertEquals(state.slots().keySet(), again.optimizerState().slots().keySet());
    again.trainOnBatch(X, Y);
    assertEquals(values(whole), values(again));
    assertEquals(2, again.optimizerState().iterations());
    assertEquals(
        List.of(
            "dense/kernel/momentum",
            "dense/kernel/velocity",
            "dense/bias/momentum",
            "dense/bias/velocity"),
        List.copyOf(again.optimizerState().slots().keySet()));

    again.setWeights(weights);
    again.optimizerState(state);
    again.trainOnBatch(X, Y);
    assertEquals(values(whole), values(again), "a state also replaces one that steps have written");
  }

  /// Numbers that no step has asked for yet count too.
  @Test
  void summariesCountARestoredState() {
    Model trained = model();
    trained.trainOnBatch(X, Y);
    Model again = model();
    again.optimizerState(trained.optimizerState());
    String summary = again.summary();
    assertTrue(summary.contains(" Optimizer params: 8 (32.00 B)"), summary);
    assertEquals(trained.summary(), summary);
  }

  private static List<Float> values(Model model) {
    Tensor kernel = model.weight("dense/kernel");
    return List.of((float) kernel.get(0), (float) kernel.get(1));
  }

  @Test
  void statesOfOtherModelsAreRefused() {
    Model model = model();
    SequencedMap<String, Tensor> slots = new LinkedHashMap<>();
    slots.put("dense/kernel/momentum", Tensor.of(new float[] {1, 2, 3}, 3, 1));
    LearningRateSchedule rate = LearningRateSchedule.constant(0.1);
    OptimizerState wide = new OptimizerState(1, rate, slots);
    var refused = assertThrows(ShapeException.class, () -> model.optimizerState(wide));
    assertEquals(
        "optimizerState: dense/kernel: expected shape (2, 1), received shape=(3, 1). Give the"
            + " values of a model with the same layers.",
        refused.getMessage());
  }

  @Test
  void modelsTellWhatTheyWereCompiledWith() {
    assertEquals(Optional.empty(), Sequential.of(Input.of(2), Dense.of(1)).compilation());
    assertEquals(Adam.of(0.1), model().compilation().orElseThrow().optimizer());
  }
}
