package io.kalamos.models;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.losses.Losses.MEAN_SQUARED_ERROR;
import static io.kalamos.losses.Losses.SPARSE_CATEGORICAL_CROSSENTROPY;
import static io.kalamos.metrics.Metrics.ACCURACY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.History;
import io.kalamos.callbacks.ReduceLROnPlateau;
import io.kalamos.callbacks.SwapEMAWeights;
import io.kalamos.callbacks.TerminateOnNaN;
import io.kalamos.callbacks.Training;
import io.kalamos.callbacks.TrainingEvent;
import io.kalamos.data.Dataset;
import io.kalamos.data.Samples;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.Input;
import io.kalamos.layers.Lambda;
import io.kalamos.optimizers.Adam;
import io.kalamos.optimizers.SGD;
import io.kalamos.schedules.ExponentialDecay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class FittingTest {
  private static final Samples LINE =
      Samples.of(ModelTest.random(1, 50, 3), ModelTest.random(2, 50, 2));

  private static Model model() {
    Model model =
        Sequential.of(Input.of(3), Dense.of(8).activation(RELU), Dropout.of(0.3), Dense.of(2));
    model.compile(
        Compilation.of(Adam.of(0.01), MEAN_SQUARED_ERROR)
            .running(run -> run.seed(5).log(line -> {})));
    return model;
  }

  private static String weights(Model model) {
    return model.getWeights().stream().map(ModelTest::box).toList().toString();
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    Model one = model();
    Model same = model();
    History first = one.fit(LINE, fit -> fit.epochs(3).batchSize(8).verbose(false));
    History second = same.fit(LINE, fit -> fit.epochs(3).batchSize(8).verbose(false));
    assertEquals(first.metrics(), second.metrics());
    assertEquals(weights(one), weights(same));
    Model other = model();
    other.compile(Compilation.of(Adam.of(0.01), MEAN_SQUARED_ERROR).running(run -> run.seed(6)));
    other.fit(LINE, fit -> fit.epochs(3).batchSize(8).verbose(false));
    assertFalse(weights(one).equals(weights(other)));
  }

  @Test
  void trainingInPartsIsTrainingInOne() {
    Model one = model();
    one.fit(LINE, fit -> fit.epochs(4).batchSize(8).verbose(false));
    Model parts = model();
    parts.fit(LINE, fit -> fit.epochs(2).batchSize(8).verbose(false));
    History rest =
        parts.fit(LINE, fit -> fit.epochs(4).initialEpoch(2).batchSize(8).verbose(false));
    assertEquals(List.of(2, 3), rest.epochs());
    assertEquals(weights(one), weights(parts));
  }

  @Test
  void eventsComeInOrder() {
    List<String> events = new ArrayList<>();
    Callback all = recorder(events, true);
    model()
        .fit(
            LINE,
            fit -> fit.epochs(2).batchSize(25).validationData(LINE).callbacks(all).verbose(false));
    assertEquals(
        List.of(
            "TrainBegin",
            "EpochBegin 0",
            "BatchEnd 0 [loss]",
            "BatchEnd 1 [loss]",
            "EpochEnd 0 [loss, val_loss]",
            "EpochBegin 1",
            "BatchEnd 0 [loss]",
            "BatchEnd 1 [loss]",
            "EpochEnd 1 [loss, val_loss]",
            "TrainEnd Optional.empty"),
        events);
  }

  private static Callback recorder(List<String> events, boolean batches) {
    return new Callback() {
      @Override
      public void on(TrainingEvent event) {
        events.add(
            switch (event) {
              case TrainingEvent.TrainBegin _ -> "TrainBegin";
              case TrainingEvent.EpochBegin begin -> "EpochBegin " + begin.epoch();
              case TrainingEvent.BatchEnd end ->
                  "BatchEnd " + end.batch() + " " + end.logs().keySet();
              case TrainingEvent.EpochEnd end ->
                  "EpochEnd " + end.epoch() + " " + end.logs().keySet();
              case TrainingEvent.TrainEnd end -> "TrainEnd " + end.reason();
            });
      }

      @Override
      public boolean wantsBatches() {
        return batches;
      }
    };
  }

  @Test
  void anotherThreadMayStopIt() throws InterruptedException {
    Model model = model();
    AtomicReference<Training> running = new AtomicReference<>();
    AtomicReference<History> history = new AtomicReference<>();
    List<String> events = new ArrayList<>();
    Callback handOver =
        event -> {
          if (event instanceof TrainingEvent.EpochEnd) {
            running.set(event.training());
          }
        };
    Thread trainer =
        new Thread(
            () ->
                history.set(
                    model.fit(
                        LINE,
                        fit ->
                            fit.epochs(1_000_000)
                                .callbacks(handOver, recorder(events, false))
                                .verbose(false))));
    trainer.start();
    while (running.get() == null) {
      Thread.onSpinWait();
    }
    running.get().stop("interrupted");
    trainer.join(10_000);
    assertFalse(trainer.isAlive());
    assertEquals(Optional.of("interrupted"), history.get().stopped());
    assertEquals("TrainEnd Optional[interrupted]", events.getLast());
    assertTrue(model.evaluate(LINE).loss() > 0);
  }

  @Test
  void aCallbackThatFailsLosesNothing() {
    Model model = model();
    List<String> events = new ArrayList<>();
    Callback full =
        event -> {
          if (event instanceof TrainingEvent.EpochEnd) {
            throw new UncheckedIOException(new IOException("No space left on device"));
          }
        };
    String before = weights(model);
    UncheckedIOException problem =
        assertThrows(
            UncheckedIOException.class,
            () ->
                model.fit(
                    LINE, fit -> fit.callbacks(recorder(events, false), full).verbose(false)));
    assertEquals("No space left on device", problem.getCause().getMessage());
    assertEquals("TrainEnd Optional.empty", events.getLast());
    assertFalse(before.equals(weights(model)));
  }

  @Test
  void aLossThatIsNoNumberNamesTheLayer() {
    Model model =
        Sequential.of(
            Input.of(3),
            Dense.of(4),
            BatchNormalization.of(),
            Lambda.of(io.kalamos.engine.Ops::log).named("logarithm"),
            Dense.of(2));
    model.compile(SGD.of(), MEAN_SQUARED_ERROR);
    String before = weights(model);
    TrainingException problem =
        assertThrows(TrainingException.class, () -> model.fit(LINE, fit -> fit.verbose(false)));
    assertEquals(
        "fit: logarithm (Lambda): expected finite results, received loss=NaN or infinite in epoch"
            + " 1, step 1. The weights are those before this step. Lower the learning rate, scale"
            + " the data, or add TerminateOnNaN to end quietly.",
        problem.getMessage());
    assertEquals(before, weights(model));
  }

  @Test
  void weightsThatExplodeAreThoseOfTheLastGoodStep() {
    Model model = Sequential.of(Input.of(3), Dense.of(2));
    model.compile(SGD.of(1e18), MEAN_SQUARED_ERROR);
    TrainingException problem =
        assertThrows(
            TrainingException.class,
            () -> model.fit(LINE, fit -> fit.batchSize(10).verbose(false)));
    assertTrue(
        problem.getMessage().contains("received loss=NaN or infinite in epoch 1, step "),
        problem.getMessage());
    for (Tensor weight : model.getWeights()) {
      assertTrue(Rollback.finite(weight));
    }
    Model quiet = Sequential.of(Input.of(3), Dense.of(2));
    quiet.compile(SGD.of(1e18), MEAN_SQUARED_ERROR);
    History history =
        quiet.fit(LINE, fit -> fit.batchSize(10).callbacks(TerminateOnNaN.of()).verbose(false));
    assertTrue(history.stopped().isPresent());
  }

  @Test
  void aSmallerLastBatchCountsByItsSize() {
    Model model = Sequential.of(Input.of(3), Dense.of(2));
    model.compile(SGD.of(1e-12), MEAN_SQUARED_ERROR);
    double whole = model.evaluate(LINE, 50).loss();
    assertEquals(whole, model.evaluate(LINE, 32).loss(), 1e-6);
    double trained =
        model.fit(LINE, fit -> fit.batchSize(32).verbose(false)).metric("loss").getFirst();
    assertEquals(whole, trained, 1e-6);
  }

  @Test
  void theTailIsForValidation() {
    Model model = Sequential.of(Input.of(3), Dense.of(2));
    model.compile(SGD.of(1e-12), MEAN_SQUARED_ERROR);
    History history = model.fit(LINE, fit -> fit.validationSplit(0.2).batchSize(50).verbose(false));
    assertEquals(
        model.evaluate(LINE.rows(40, 50)).loss(), history.metric("val_loss").getFirst(), 1e-6);
    assertEquals(model.evaluate(LINE.rows(0, 40)).loss(), history.metric("loss").getFirst(), 1e-6);
  }

  @Test
  void frozenLayersStay() {
    Model model = model();
    model.trainable("dense", false);
    String kernel = ModelTest.box(model.weight("dense/kernel"));
    String other = ModelTest.box(model.weight("dense_1/kernel"));
    model.fit(LINE, fit -> fit.verbose(false));
    assertEquals(kernel, ModelTest.box(model.weight("dense/kernel")));
    assertFalse(other.equals(ModelTest.box(model.weight("dense_1/kernel"))));
    assertTrue(model.summary().contains("Non-trainable params: 32 (128.00 B)"), model.summary());
    ModelTest.refused(
        "model: expected a layer's name, received layer=dens. Did you mean dense? Known:"
            + " input_layer, dense, dropout, dense_1.",
        () -> model.trainable("dens", false));
  }

  @Test
  void severalOutputsAddTheirLosses() {
    Input x = Input.of(3);
    Dense left = Dense.of(2).named("left");
    Dense right = Dense.of(4).named("right");
    Model model = Model.of(List.of(x), List.of(left.on(x), right.on(x)));
    model.compile(
        Compilation.of(
            SGD.of(), List.of(MEAN_SQUARED_ERROR, SPARSE_CATEGORICAL_CROSSENTROPY), ACCURACY));
    Samples samples =
        new Samples(LINE.x(), List.of(LINE.y().getFirst(), Tensor.of(new int[50], 50)));
    History history = model.fit(samples, fit -> fit.verbose(false));
    assertEquals(
        List.of("loss", "left_loss", "right_loss", "left_accuracy", "right_accuracy"),
        List.copyOf(history.metrics().keySet()));
    assertEquals(
        history.metric("loss").getFirst(),
        history.metric("left_loss").getFirst() + history.metric("right_loss").getFirst(),
        1e-5);
  }

  @Test
  void averagesNeedAnOptimizerThatKeepsThem() {
    Model model = model();
    String wrong =
        assertThrows(
                IllegalStateException.class,
                () -> model.fit(LINE, fit -> fit.verbose(false).callbacks(SwapEMAWeights.of())))
            .getMessage();
    assertEquals(
        "showAverages: expected an optimizer with useEma(true), received optimizer=adam. Add"
            + " .useEma(true) to the optimizer, or leave SwapEMAWeights out.",
        wrong);
  }

  @Test
  void aPlateauAndAScheduleDoNotGoTogether() {
    Model model = model();
    model.compile(Adam.of(ExponentialDecay.of(0.1, 10, 0.5)), MEAN_SQUARED_ERROR);
    ReduceLROnPlateau plateau = ReduceLROnPlateau.on("loss");
    String wrong =
        assertThrows(
                IllegalStateException.class,
                () -> model.fit(LINE, fit -> fit.verbose(false).callbacks(plateau)))
            .getMessage();
    assertEquals(
        "learning rate: expected an optimizer with a constant rate, received"
            + " schedule=ExponentialDecay[initialLearningRate=0.1, decaySteps=10, decayRate=0.5,"
            + " staircase=false]. Give the optimizer a number, or leave the callback out.",
        wrong);
  }

  /// Whatever fails while the averages are in the model, the trained weights are what stays.
  @Test
  void averagesDoNotOutliveAnError() {
    boolean[] broken = new boolean[1];
    Callback breaks =
        event -> {
          if (event instanceof TrainingEvent.EpochBegin) {
            broken[0] = true;
          }
        };
    Dataset validation =
        Dataset.of(LINE)
            .map(
                element -> {
                  if (broken[0]) {
                    throw new IllegalStateException("the disk is gone");
                  }
                  return element;
                })
            .batch(25);
    Callback fails =
        event -> {
          if (event instanceof TrainingEvent.EpochEnd) {
            throw new IllegalStateException("no space is left");
          }
        };
    Model plain = averaging();
    plain.fit(LINE, fit -> fit.epochs(1).shuffle(false).verbose(false));
    Model validating = averaging();
    assertThrows(
        RuntimeException.class,
        () ->
            validating.fit(
                LINE,
                fit ->
                    fit.epochs(1)
                        .shuffle(false)
                        .verbose(false)
                        .validationData(validation)
                        .callbacks(SwapEMAWeights.of(), breaks)));
    Model saving = averaging();
    assertThrows(
        IllegalStateException.class,
        () ->
            saving.fit(
                LINE,
                fit ->
                    fit.epochs(1)
                        .shuffle(false)
                        .verbose(false)
                        .callbacks(SwapEMAWeights.of().swapOnEpoch(true), fails)));
    assertEquals(weights(saving), weights(validating));
    assertFalse(weights(plain).equals(weights(saving)), "training ends with the averages");
  }

  private static Model averaging() {
    Model model = model();
    model.compile(
        Compilation.of(SGD.of(0.1).useEma(true).emaMomentum(0.5), MEAN_SQUARED_ERROR)
            .running(run -> run.seed(5).log(line -> {})));
    return model;
  }

  /// Where training is stopped while the averages are in the model, they stay there.
  @Test
  void averagesAreWhatATrainingThatWasStoppedLeavesBehind() {
    Model model = model();
    model.compile(SGD.of(0.1).useEma(true).emaMomentum(0.5), MEAN_SQUARED_ERROR);
    List<String> seen = new ArrayList<>();
    Callback stop =
        event -> {
          if (event instanceof TrainingEvent.EpochEnd end) {
            seen.add(weights(model));
            end.training().stop("enough");
          }
        };
    Callback swap = SwapEMAWeights.of().swapOnEpoch(true);
    model.fit(LINE, fit -> fit.epochs(3).verbose(false).callbacks(swap, stop));
    assertEquals(1, seen.size());
    assertEquals(seen.getFirst(), weights(model));
  }
}
