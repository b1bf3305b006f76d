package io.kalamos.models;

import static io.kalamos.activations.Activations.SOFTMAX;
import static io.kalamos.models.ModelTest.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.callbacks.History;
import io.kalamos.data.Samples;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import io.kalamos.losses.Circle;
import io.kalamos.losses.Hinge;
import io.kalamos.losses.Huber;
import io.kalamos.losses.Loss;
import io.kalamos.losses.Losses;
import io.kalamos.losses.Poisson;
import io.kalamos.losses.Reduction;
import io.kalamos.losses.SparseCategoricalCrossentropy;
import io.kalamos.metrics.AUC;
import io.kalamos.metrics.ConfusionMatrix;
import io.kalamos.metrics.F1Score;
import io.kalamos.metrics.Metric;
import io.kalamos.metrics.Metrics;
import io.kalamos.optimizers.Adam;
import io.kalamos.optimizers.SGD;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What targets losses refuse before the first step, and metrics that are more than a number.
class TargetKindTest {
  private static final Tensor X = ModelTest.random(1, 3, 2);

  private static Model model(int units, Loss loss, Metric... metrics) {
    Model model = Sequential.of(Input.of(2), Dense.of(units).activation(SOFTMAX));
    model.compile(Compilation.of(SGD.of(), loss, metrics).running(run -> run.log(_ -> {})));
    return model;
  }

  private static void wrong(String message, Loss loss, int units, Tensor y) {
    refused(message, () -> model(units, loss).evaluate(X, y));
  }

  @Test
  void signs() {
    wrong(
        "hinge at dense: expected targets -1 and 1, or 0 and 1, received target=0.5 in row 1. Write"
            + " the two sides as -1 and 1.",
        Hinge.of(),
        1,
        Tensor.of(new float[] {1, 0.5f, 1}, 3, 1));
    wrong(
        "squared_hinge at dense: expected targets -1 and 1, or 0 and 1, received target=-1, 0 and 1"
            + " together. Write the two sides as -1 and 1.",
        Losses.SQUARED_HINGE,
        1,
        Tensor.of(new float[] {1, 0, -1}, 3, 1));
    assertTrue(model(1, Hinge.of()).evaluate(X, Tensor.of(new int[] {0, 1, 1}, 3)).loss() > 0);
  }

  @Test
  void counts() {
    wrong(
        "poisson at dense: expected numbers of 0 or more, received target=-2.0 in row 2. Give"
            + " counts, or use another loss.",
        Poisson.of(),
        2,
        Tensor.of(new float[] {1, 0, 1, 3, 1, -2}, 3, 2));
  }

  @Test
  void labels() {
    wrong(
        "circle at dense: expected one label for each sample, shape (None,), received shape=(3, 2)."
            + " Give the whole number that samples of one kind share.",
        Circle.of(),
        2,
        Tensor.of(new int[6], 3, 2));
    wrong(
        "circle at dense: expected whole numbers, received label=1.5 in row 1. Number the kinds.",
        Circle.of(),
        2,
        Tensor.of(new float[] {1, 1.5f, 7}, 3));
  }

  private static void wrongSequence(String message, Tensor y) {
    Model model = sequences(4, 3);
    Tensor x = ModelTest.random(1, y.shape().dim(0), 4, 2);
    refused(message, () -> model.evaluate(x, y));
  }

  private static Model sequences(int steps, int classes) {
    Model model = Sequential.of(Input.of(steps, 2), Dense.of(classes));
    model.compile(
        Compilation.of(Adam.of(0.05), Losses.CTC).running(run -> run.seed(1).log(_ -> {})));
    return model;
  }

  @Test
  void labelSequences() {
    wrongSequence(
        "ctc at dense: expected labels (None, most labels) beside an output (None, steps, classes),"
            + " received shape=(3,) beside (None, 4, 3). Fill shorter rows of labels with 0, the"
            + " blank; a Reshape makes steps of a picture.",
        Tensor.of(new int[] {1, 2, 1}, 3));
    wrongSequence(
        "ctc at dense: expected whole numbers from 1 to 2 for 3 classes with the blank, received"
            + " label=3 in row 1. Count classes from 1, since 0 is the blank, or give the last"
            + " layer more units.",
        Tensor.of(new int[] {1, 2, 1, 3}, 2, 2));
    wrongSequence(
        "ctc at dense: expected 0 behind the last label alone, received labels=0, 2 in row 1. 0 is"
            + " the blank, no class: count classes from 1.",
        Tensor.of(new int[] {1, 2, 0, 2}, 2, 2));
    wrongSequence(
        "ctc at dense: expected labels that fit into 4 steps, two equal ones with a blank between"
            + " them, received steps=5 needed in row 1. Give the output more steps, or leave out"
            + " longer rows.",
        Tensor.of(new int[] {1, 2, 1, 1, 1, 1}, 2, 3));
  }

  /// What two classes and the blank say at each step is learnt from the labels alone.
  @Test
  void sequencesOfLabelsAreLearnt() {
    Tensor x = Tensor.zeros(DType.FLOAT32, Shape.of(64, 4, 2));
    Tensor y = Tensor.zeros(DType.INT32, Shape.of(64, 2));
    for (int row = 0; row < 64; row++) {
      int first = row % 2;
      int second = row / 2 % 2;
      x.set(row * 8L + first, 1);
      x.set(row * 8L + 4 + second, 1);
      y.set(row * 2L, first + 1);
      y.set(row * 2L + 1, second + 1);
    }
    Model model = sequences(4, 3).initialize(2);
    double before = model.evaluate(x, y).loss();
    model.fit(x, y, fit -> fit.verbose(false).epochs(60).batchSize(16));
    double after = model.evaluate(x, y).loss();
    assertTrue(after < 0.2 && after < before / 5, before + " -> " + after);
  }

  @Test
  void anIgnoredClassNeedNotBeAClass() {
    Loss loss = SparseCategoricalCrossentropy.of().ignoreClass(255);
    double all = model(2, loss).evaluate(X, Tensor.of(new int[] {0, 1, 255}, 3)).loss();
    double two = model(2, loss).evaluate(X.rows(0, 2), Tensor.of(new int[] {0, 1}, 2)).loss();
    assertEquals(two, all, 1e-6);
    wrong(
        "sparse_categorical_crossentropy at dense: expected whole numbers from 0 to 1 for 2"
            + " classes, received label=254 in row 2. Count classes from 0, or give the last layer"
            + " more units.",
        loss,
        2,
        Tensor.of(new int[] {0, 1, 254}, 3));
  }

  @Test
  void aLossOfManyNumbersIsNoLoss() {
    refused(
        "compile: huber_loss: expected a loss that is a single number, received reduction=none. Use"
            + " SUM_OVER_BATCH_SIZE, Keras's default.",
        () -> model(1, Huber.of().reduction(Reduction.NONE)));
  }

  @Test
  void metricsThatAreMoreThanANumberStayOutOfLogs() {
    Model model =
        model(
            2,
            Losses.SPARSE_CATEGORICAL_CROSSENTROPY,
            Metrics.ACCURACY,
            ConfusionMatrix.of(2),
            Metrics.named("SparseCategoricalCrossentropy"));
    Samples samples = Samples.of(X, Tensor.of(new int[] {0, 1, 1}, 3));
    History history = model.fit(samples, fit -> fit.verbose(false).epochs(2).batchSize(2));
    assertEquals(
        List.of("loss", "accuracy", "SparseCategoricalCrossentropy"),
        List.copyOf(history.metrics().keySet()));
    Scores scores = model.evaluate(samples, 2);
    assertEquals(scores.loss(), scores.get("SparseCategoricalCrossentropy"), 1e-6);
    Tensor matrix = scores.tensor("confusion_matrix");
    assertEquals(3, matrix.get(0) + matrix.get(1) + matrix.get(2) + matrix.get(3));
    assertEquals(scores.get("accuracy"), (matrix.get(0) + matrix.get(3)) / 3, 1e-6);
    assertEquals(scores.get("accuracy"), scores.tensor("accuracy").get(0));
    refused(
        "scores: expected a figure that was computed, received name=confusion_matrix. Known:"
            + " loss, accuracy, SparseCategoricalCrossentropy.",
        () -> scores.get("confusion_matrix"));
  }

  @Test
  void aFigureIsThatOfAllBatchesTogether() {
    Tensor x = ModelTest.random(1, 40, 2);
    Tensor y = Tensor.zeros(io.kalamos.engine.DType.FLOAT32, io.kalamos.engine.Shape.of(40, 2));
    y.fill(i -> (i / 2 + i) % 2);
    Model model = model(2, Losses.CATEGORICAL_CROSSENTROPY, AUC.of(), F1Score.of());
    Scores scores = model.evaluate(Samples.of(x, y), 7);
    Tensor prediction = model.predict(x);
    assertEquals(AUC.of().compute(y, prediction).get(0), scores.get("auc"), 1e-6);
    assertEquals(
        F1Score.of().compute(y, prediction).get(1), scores.tensor("f1_score").get(1), 1e-6);
  }
}
