package io.kalamos.callbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// History, LearningRateScheduler, TerminateOnNaN, and what is told by a figure's name.
class CallbackTest {
  @Test
  void historyHoldsAllFigures() {
    History history = History.of();
    FakeTraining training = new FakeTraining(3, "loss", "val_accuracy");
    training.run(history, new double[] {3, 0.5}, new double[] {2}, new double[] {4, 0.4});
    assertEquals(List.of(0, 1, 2), history.epochs());
    assertEquals(
        Map.of("loss", List.of(3.0, 2.0, 4.0), "val_accuracy", List.of(0.5, Double.NaN, 0.4)),
        history.metrics());
    assertEquals(List.of(3.0, 2.0, 4.0), history.metric("loss"));
    assertEquals(OptionalInt.of(1), history.bestEpoch("loss"));
    assertEquals(OptionalInt.of(0), history.bestEpoch("val_accuracy"));
    assertEquals(OptionalInt.of(2), history.bestEpoch("loss", Mode.MAX));
    assertEquals(Optional.empty(), history.stopped());
    assertEquals(
        "History: expected a name out of loss, val_accuracy, received monitor=accuracy. Did you"
            + " mean val_accuracy?",
        assertThrows(IllegalArgumentException.class, () -> history.metric("accuracy"))
            .getMessage());
  }

  @Test
  void historyOfFiguresThatComeLate() {
    History history = History.of();
    FakeTraining training = new FakeTraining(2, "loss", "val_loss");
    training.run(history, new double[] {1}, new double[] {1, 2});
    assertEquals(List.of(Double.NaN, 2.0), history.metric("val_loss"));
    assertEquals(OptionalInt.of(1), history.bestEpoch("val_loss"));
  }

  @Test
  void historyStartsAnewAndSaysWhyItEnded() {
    History history = History.of();
    FakeTraining training = new FakeTraining(1, "loss");
    training.run(history, FakeTraining.rows(1, 2, 3));
    training.epoch = -1;
    training.run(history, FakeTraining.rows(Double.NaN));
    history.on(new TrainEnd(training, training.logs(), Optional.of("enough")));
    assertEquals(List.of(0), history.epochs());
    assertEquals(OptionalInt.empty(), history.bestEpoch("loss"));
    assertEquals(Optional.of("enough"), history.stopped());
  }

  @Test
  void learningRateSchedulerSetsAndLogs() {
    History history = History.of();
    LearningRateScheduler halving =
        LearningRateScheduler.of((epoch, rate) -> epoch == 0 ? rate : rate / 2);
    FakeTraining training = new FakeTraining(3, "loss");
    training.run(
        event -> {
          halving.on(event);
          history.on(event);
        },
        FakeTraining.rows(1, 1, 1));
    assertEquals(List.of(0.1, 0.05, 0.025), history.metric("learning_rate"));
    assertEquals(0.025, training.rate);
  }

  @Test
  void learningRateSchedulerRefusesWhatIsNoRate() {
    LearningRateScheduler wrong = LearningRateScheduler.of((epoch, rate) -> 1.0 - epoch);
    assertEquals(
        "LearningRateScheduler in epoch 1: expected a finite learning rate above 0, received"
            + " learning rate=0.0. Check the schedule's formula for this epoch (they count from"
            + " 0).",
        assertThrows(
                IllegalArgumentException.class,
                () -> new FakeTraining(2, "loss").run(wrong, FakeTraining.rows(1, 1)))
            .getMessage());
  }

  @Test
  void terminateOnNaN() {
    TerminateOnNaN callback = TerminateOnNaN.of();
    assertTrue(callback.wantsBatches());
    FakeTraining training = new FakeTraining(1, "loss");
    callback.on(new BatchEnd(training, 2, 6, training.logs(1)));
    assertEquals(Optional.empty(), training.stopped);
    callback.on(new BatchEnd(training, 2, 6, training.logs(Double.POSITIVE_INFINITY)));
    assertEquals(
        Optional.of(
            "TerminateOnNaN: loss=Infinity in epoch 3, step 7; try a smaller learning rate, and"
                + " look for NaN in the data"),
        training.stopped);
  }

  @Test
  void namesTellWhatIsBetter() {
    for (String name : List.of("accuracy", "val_sparse_categorical_accuracy", "acc", "val_auc")) {
      assertEquals(Mode.MAX, new Monitor("x", name, Mode.AUTO, 0).direction(), name);
    }
    for (String name : List.of("loss", "val_loss", "val_mean_absolute_error", "mse")) {
      assertEquals(Mode.MIN, new Monitor("x", name, Mode.AUTO, 0).direction(), name);
    }
  }

  @Test
  void aCallbackMayBeALambda() {
    Callback callback = event -> {};
    assertFalse(callback.wantsBatches());
    assertEquals(List.of(), callback.monitored());
  }

  @Test
  void aLambdaCallbackHearsWhatItAsksFor() {
    List<String> heard = new ArrayList<>();
    LambdaCallback callback = LambdaCallback.of().onEpochEnd(end -> heard.add("" + end.epoch()));
    assertFalse(callback.wantsBatches());
    assertTrue(callback.onTrainBatchEnd(end -> {}).wantsBatches());
    callback =
        callback
            .onTrainBegin(begin -> heard.add("train begin"))
            .onEpochBegin(begin -> heard.add("epoch " + begin.epoch()))
            .onTrainEnd(end -> heard.add("train end"));
    new FakeTraining(2, "loss").run(callback, FakeTraining.rows(1, 2));
    assertEquals(List.of("train begin", "epoch 0", "0", "epoch 1", "1", "train end"), heard);
  }

  @Test
  void averagesAreShownBetweenEpochsOnlyIfAskedFor() {
    FakeTraining training = new FakeTraining(2, "loss");
    training.run(SwapEMAWeights.of().swapOnEpoch(true), FakeTraining.rows(1, 2));
    assertEquals(List.of(false, false, true, false, true), training.averages);
    FakeTraining other = new FakeTraining(2, "loss");
    other.run(SwapEMAWeights.of(), FakeTraining.rows(1, 2));
    assertEquals(List.of(false), other.averages, "says at the begin if there are none");
    assertTrue(SwapEMAWeights.of().validatesAverages());
  }

  @Test
  void messagesOfReduceLROnPlateau() {
    String where = "ReduceLROnPlateau: expected ";
    refuses(
        where + "factor above 0 and below 1, received factor=1.0. Keras's default is 0.1.",
        () -> ReduceLROnPlateau.of().factor(1));
    refuses(
        where + "patience of 0 or more, received patience=-1. Keras's default is 10.",
        () -> ReduceLROnPlateau.of().patience(-1));
    refuses(
        where + "cooldown of 0 or more, received cooldown=-1. Keras's default is 0.",
        () -> ReduceLROnPlateau.of().cooldown(-1));
    refuses(
        where + "a finite minLr of 0 or more, received minLr=NaN. Keras's default is 0.",
        () -> ReduceLROnPlateau.of().minLr(Double.NaN));
    refuses(
        where
            + "a finite minDelta of 0 or more, received minDelta=-1.0. Use 0 where every"
            + " improvement counts.",
        () -> ReduceLROnPlateau.of().minDelta(-1));
    assertEquals(List.of("val_loss"), ReduceLROnPlateau.of().monitored());
    refuses(
        where
            + "a mode, as the name does not tell whether less or more is better, received"
            + " monitor=size. Add mode(Mode.MIN) or mode(Mode.MAX).",
        () -> new FakeTraining(1, "size").run(ReduceLROnPlateau.on("size"), FakeTraining.rows(1)));
  }

  private static void refuses(String message, Runnable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong::run).getMessage());
  }
}
