package io.kalamos.tensorboard;

import static io.kalamos.activations.Activations.SOFTMAX;
import static io.kalamos.losses.Losses.SPARSE_CATEGORICAL_CROSSENTROPY;
import static io.kalamos.metrics.Metrics.ACCURACY;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.data.Samples;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Embedding;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Input;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.Adam;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// An experiment of two trials with everything that can be written. It stays in
/// `target/experiment`, of which `golden/check.py` asks a real TensorBoard.
class ExperimentTest {
  private static final Path LOGS = Path.of("target/experiment");

  @Test
  void twoTrials() throws Exception {
    KerasBoardTest.clear(LOGS);
    try (SummaryWriter writer = SummaryWriter.to(LOGS)) {
      writer.experiment(
          List.of(HParam.of("units", 2, 8), HParam.between("rate", 0.001, 0.1)),
          List.of(
              HParamMetric.of("epoch_accuracy", "validation").displayName("accuracy"),
              HParamMetric.of("epoch_loss", "train")));
    }
    Path labels =
        Files.write(
            LOGS.resolve("letters.tsv"),
            IntStream.range(0, 10).mapToObj(i -> String.valueOf((char) ('a' + i))).toList());
    for (int units : new int[] {2, 8}) {
      Path trial = LOGS.resolve("units-" + units);
      train(
          units,
          TensorBoard.to(trial)
              .histogramFreq(1)
              .writeGradients(true)
              .writeImages(true)
              .updateFreq("batch")
              .embeddingsFreq(1)
              .embeddingsMetadata(labels)
              .hparams(Map.of("units", units, "rate", 0.05)));
      try (SummaryWriter writer = SummaryWriter.to(trial.resolve("notes"))) {
        writer.text("remarks", "**" + units + "** units", 0);
        Tensor picture = Tensor.zeros(DType.UINT8, Shape.of(1, 16, 16, 3));
        picture.fill(i -> i % 3 * 90 + i / 48 * 4);
        writer.image("picture", picture, 0);
      }
      assertEquals(1, EventReader.files(trial.resolve("train")).size());
    }
  }

  private static void train(int units, TensorBoard board) {
    int[] x = IntStream.range(0, 64 * 4).map(i -> i * 37 % 10).toArray();
    int[] y = IntStream.range(0, 64).map(i -> i * 37 * 4 % 10 % 3).toArray();
    try (Model model =
        Sequential.of(
            Input.of(4).dtype(DType.INT32),
            Embedding.of(10, 3).named("letters"),
            Flatten.of(),
            Dense.of(units),
            Dense.of(3).activation(SOFTMAX))) {
      model.compile(Adam.of(0.05), SPARSE_CATEGORICAL_CROSSENTROPY, ACCURACY);
      model.fit(
          Samples.of(Tensor.of(x, 64, 4), Tensor.of(y, 64)),
          fit -> fit.batchSize(8).epochs(6).validationSplit(0.25).verbose(false).callbacks(board));
    }
  }
}
