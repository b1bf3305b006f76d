package io.kalamos.callbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.golden.Golden;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EarlyStoppingTest {
  static Stream<double[]> runs() {
    return IntStream.range(0, 60).mapToObj(i -> Golden.values("stopping." + i));
  }

  /// Sixty runs with drawn options and figures stop and restore where Keras does.
  @ParameterizedTest
  @MethodSource("runs")
  void stopsAndRestoresAsKerasDoes(double[] run) {
    EarlyStopping stopping =
        EarlyStopping.on("x")
            .minDelta(run[0])
            .patience((int) run[1])
            .mode(run[2] == 1 ? Mode.MAX : Mode.MIN)
            .startFromEpoch((int) run[4])
            .restoreBestWeights();
    stopping = Double.isNaN(run[3]) ? stopping : stopping.baseline(run[3]);
    FakeTraining training = new FakeTraining(12, "x");
    training.run(stopping, FakeTraining.rows(Arrays.copyOfRange(run, 7, run.length)));
    assertEquals((int) run[5], training.epoch + 1, "epochs");
    assertEquals(Optional.of(run[6]), training.restored);
    assertEquals(run[5] < 12, training.stopped.isPresent() && training.epoch < 11);
  }

  @Test
  void defaultsAreThoseOfKeras() {
    EarlyStopping byDefault = EarlyStopping.of();
    assertEquals(List.of("val_loss"), byDefault.monitored());
    double[] options = Golden.values("default.EarlyStopping");
    EarlyStopping spelled =
        EarlyStopping.of()
            .minDelta(options[0])
            .patience((int) options[1])
            .startFromEpoch((int) options[2]);
    for (EarlyStopping stopping : List.of(byDefault, spelled)) {
      FakeTraining training = new FakeTraining(5, "val_loss");
      training.run(stopping, FakeTraining.rows(3, 2, 2, 1, 0));
      assertEquals(2, training.epoch);
      assertEquals(Optional.empty(), training.restored);
    }
  }

  @Test
  void bestWeightsComeBackWhateverEndedTraining() {
    EarlyStopping stopping = EarlyStopping.of().patience(10).restoreBestWeights();
    FakeTraining whole = new FakeTraining(4, "val_loss");
    whole.run(stopping, FakeTraining.rows(3, 1, 2, 2));
    assertEquals(Optional.of(1.0), whole.restored);
    FakeTraining interrupted = new FakeTraining(4, "val_loss");
    Callback user =
        event -> {
          if (event instanceof TrainingEvent.EpochEnd end && end.epoch() == 2) {
            end.training().stop("Ctrl-C");
          }
        };
    interrupted.run(
        event -> {
          stopping.on(event);
          user.on(event);
        },
        FakeTraining.rows(1, 2, 2, 0));
    assertEquals(Optional.of(0.0), interrupted.restored);
    assertEquals(Optional.of("Ctrl-C"), interrupted.stopped);
  }

  @Test
  void saysWhyAndWhere() {
    EarlyStopping stopping = EarlyStopping.on("val_accuracy").patience(2);
    FakeTraining training = new FakeTraining(9, "val_accuracy");
    training.run(stopping, FakeTraining.rows(0.5, 0.9, 0.8, 0.9, 0.99));
    assertEquals(
        Optional.of(
            "EarlyStopping: val_accuracy has not improved for 2 epochs (best 0.9000 in epoch 2)"),
        training.stopped);
    assertEquals(OptionalInt.of(1), stopping.bestEpoch());
    assertEquals(OptionalInt.of(3), stopping.stoppedEpoch());
  }

  @Test
  void notANumberIsNeverBest() {
    EarlyStopping stopping = EarlyStopping.of().patience(1).restoreBestWeights();
    FakeTraining training = new FakeTraining(9, "val_loss");
    training.run(stopping, FakeTraining.rows(Double.NaN, 2, 1, Double.NaN));
    assertEquals(Optional.of(2.0), training.restored);
  }

  @Test
  void canBeUsedAgain() {
    EarlyStopping stopping = EarlyStopping.of().restoreBestWeights();
    new FakeTraining(9, "val_loss").run(stopping, FakeTraining.rows(1, 2));
    FakeTraining second = new FakeTraining(9, "val_loss");
    second.run(stopping, FakeTraining.rows(5, 4, 6));
    assertEquals(Optional.of(1.0), second.restored);
  }

  @Test
  void messages() {
    refuses(
        "EarlyStopping: expected patience of 0 or more, received patience=-1. Keras's"
            + " default is 0.",
        () -> EarlyStopping.of().patience(-1));
    refuses(
        "EarlyStopping: expected startFromEpoch of 0 or more, received startFromEpoch=-2."
            + " Epochs count from 0.",
        () -> EarlyStopping.of().startFromEpoch(-2));
    refuses(
        "EarlyStopping: expected a finite minDelta of 0 or more, received minDelta=-0.1. Use 0"
            + " where every improvement counts.",
        () -> EarlyStopping.of().minDelta(-0.1));
    refuses(
        "EarlyStopping: expected a finite baseline, received baseline=NaN. Leave it out for none.",
        () -> EarlyStopping.of().baseline(Double.NaN));
    refuses(
        "EarlyStopping: expected a mode, as the name does not tell whether less or more is better,"
            + " received monitor=val_speed. Add mode(Mode.MIN) or mode(Mode.MAX).",
        () -> new FakeTraining(1, "val_speed").run(EarlyStopping.on("val_speed")));
    refuses(
        "EarlyStopping: expected a name out of loss, accuracy, received monitor=acurracy. Did you"
            + " mean accuracy?",
        () ->
            new FakeTraining(1, "loss", "accuracy")
                .run(EarlyStopping.on("acurracy").mode(Mode.MAX), new double[] {1, 1}));
    refuses(
        "EarlyStopping: expected a name out of loss, accuracy, received monitor=val_loss. Names"
            + " with val_ need validation data or a validation split.",
        () -> new FakeTraining(1, "loss", "accuracy").run(EarlyStopping.of(), new double[] {1, 1}));
  }

  private static void refuses(String message, Runnable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong::run).getMessage());
  }
}
