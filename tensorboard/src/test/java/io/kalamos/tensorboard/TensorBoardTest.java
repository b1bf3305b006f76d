package io.kalamos.tensorboard;

import static io.kalamos.losses.Losses.SPARSE_CATEGORICAL_CROSSENTROPY;
import static io.kalamos.metrics.Metrics.ACCURACY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.UnknownFieldSet;
import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.LambdaCallback;
import io.kalamos.data.Samples;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.Embedding;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Input;
import io.kalamos.layers.Lambda;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.Adam;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardTest {
  @TempDir Path logs;

  private static Samples samples() {
    float[] x = new float[40 * 4];
    int[] y = new int[40];
    for (int i = 0; i < x.length; i++) {
      x[i] = i * 37 % 10;
      y[i / 4] = i / 4 % 3;
    }
    return Samples.of(Tensor.of(x, 40, 4), Tensor.of(y, 40));
  }

  private static Model network() {
    return Sequential.of(
        Input.of(4),
        Embedding.of(10, 3),
        Flatten.of(),
        BatchNormalization.of(),
        Dropout.of(0.3),
        Dense.of(3).activation(io.kalamos.activations.Activations.SOFTMAX));
  }

  private static List<Tensor> fit(Model model, int epochs, Callback... callbacks) {
    model.compile(Adam.of(0.01), SPARSE_CATEGORICAL_CROSSENTROPY, ACCURACY);
    model.fit(
        samples(),
        fit ->
            fit.batchSize(8)
                .epochs(epochs)
                .validationSplit(0.2)
                .verbose(false)
                .callbacks(callbacks));
    List<Tensor> weights = model.getWeights();
    model.close();
    return weights;
  }

  private TensorBoard everything() throws IOException {
    Path labels = Files.writeString(logs.resolve("labels.tsv"), "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    return TensorBoard.to(logs.resolve("run"))
        .histogramFreq(1)
        .writeGradients(true)
        .writeImages(true)
        .writeStepsPerSecond(true)
        .updateFreq("batch")
        .embeddingsFreq(2)
        .embeddingsMetadata(labels)
        .hparams(Map.of("units", 3));
  }

  @Test
  void trainingHasTheSameBitsWithIt() throws IOException {
    List<Tensor> without = fit(network(), 3);
    List<Tensor> with = fit(network(), 3, everything());
    for (int i = 0; i < with.size(); i++) {
      assertArrayEquals(without.get(i).toFloats(), with.get(i).toFloats());
    }
  }

  @Test
  void gradientsAreWrittenForEachWeightThatIsTrained() throws IOException {
    fit(network(), 3, everything().histogramFreq(2));
    EventReader.Contents train = EventReader.only(logs.resolve("run/train"));
    List<String> gradients = train.tags().stream().filter(t -> t.endsWith("/gradient")).toList();
    assertEquals(
        List.of(
            "sequential/embedding/embeddings/gradient",
            "sequential/batch_normalization/gamma/gradient",
            "sequential/batch_normalization/beta/gradient",
            "sequential/dense/kernel/gradient",
            "sequential/dense/bias/gradient"),
        gradients);
    for (String tag : List.of(gradients.getLast(), "sequential/dense/bias/histogram")) {
      assertEquals(
          List.of(0L, 2L), train.tagged(tag).stream().map(EventReader.Value::step).toList(), tag);
    }
    assertEquals(
        List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L),
        train.tagged("batch_loss").stream().map(EventReader.Value::step).toList());
  }

  @Test
  void embeddingsAreTablesWithTheirLabels() throws IOException {
    Path train = Files.createDirectories(logs.resolve("run/train"));
    Files.writeString(train.resolve("projector_config.pbtxt"), "# somebody's\n");
    List<Tensor> weights = fit(network(), 3, everything());
    assertEquals(
        """
        embeddings {
          tensor_name: "embedding/epoch 3"
          metadata_path: "metadata-0.tsv"
          tensor_shape: 10
          tensor_shape: 3
          tensor_path: "embedding-0-epoch-3.tsv"
        }
        embeddings {
          tensor_name: "embedding/epoch 1"
          metadata_path: "metadata-0.tsv"
          tensor_shape: 10
          tensor_shape: 3
          tensor_path: "embedding-0-epoch-1.tsv"
        }
        """,
        Files.readString(train.resolve("projector_config.pbtxt")));
    double[] table =
        Files.readString(train.resolve("embedding-0-epoch-3.tsv"))
            .lines()
            .flatMap(line -> Stream.of(line.split("\t")))
            .mapToDouble(Double::parseDouble)
            .toArray();
    assertArrayEquals(weights.getFirst().toDoubles(), table, 1e-7);
    assertEquals(10, Files.readAllLines(train.resolve("metadata-0.tsv")).size());
    assertEquals("# somebody's\n", Files.readString(train.resolve("projector_config-1.pbtxt")));
  }

  @Test
  void hyperparametersHaveABeginAndAnEnd() throws IOException {
    fit(network(), 1, everything());
    EventReader.Contents session = EventReader.only(logs.resolve("run"));
    assertEquals(
        List.of("_hparams_/session_start_info", "_hparams_/session_end_info"), session.tags());
    assertEquals(1, status(session));
  }

  @Test
  void aTrainingThatFailsIsWrittenSoFar() throws IOException {
    Callback fails =
        LambdaCallback.of()
            .onEpochEnd(
                end -> {
                  throw new IllegalStateException("failed");
                });
    TensorBoard board = everything();
    assertThrows(IllegalStateException.class, () -> fit(network(), 2, board, fails));
    assertEquals(2, status(EventReader.only(logs.resolve("run"))));
    assertEquals(1, EventReader.only(logs.resolve("run/train")).tagged("epoch_loss").size());
    fit(network(), 2, board);
    assertEquals(2, EventReader.files(logs.resolve("run/train")).size());
  }

  private static long status(EventReader.Contents session) throws IOException {
    byte[] content = session.values().getLast().content();
    UnknownFieldSet end = EventReader.message(UnknownFieldSet.parseFrom(content), 4);
    return EventReader.whole(end, 1);
  }

  @Test
  void anotherTrainingLeavesTheFilesOfTheFirst() throws IOException {
    TensorBoard board = TensorBoard.to(logs.toString()).histogramFreq(1);
    fit(network(), 1, board);
    Path first = EventReader.files(logs.resolve("train")).getFirst();
    byte[] before = Files.readAllBytes(first);
    fit(network(), 1, board);
    List<Path> files = EventReader.files(logs.resolve("train"));
    assertEquals(2, files.size());
    assertEquals(first, files.getFirst());
    assertArrayEquals(before, Files.readAllBytes(first));
  }

  @Test
  void withoutOptionsThereAreTheFiguresOfEpochsAndTheGraph() throws IOException {
    fit(network(), 2, TensorBoard.to(logs));
    EventReader.Contents train = EventReader.only(logs.resolve("train"));
    assertEquals(
        List.of("keras", "epoch_loss", "epoch_accuracy", "epoch_learning_rate"), train.tags());
    assertEquals(1, train.events().stream().filter(event -> event.hasField(4)).count());
    assertEquals(
        List.of(
            "evaluation_loss_vs_iterations",
            "evaluation_accuracy_vs_iterations",
            "epoch_loss",
            "epoch_accuracy"),
        EventReader.only(logs.resolve("validation")).tags());
  }

  @Test
  void aLayerOfOnesOwnIsInTheGraph() throws IOException {
    Model model =
        Sequential.of(Input.of(4), Lambda.of(x -> Ops.multiply(x, 2)).named("twice"), Dense.of(3));
    model.compile(Adam.of(), io.kalamos.losses.SparseCategoricalCrossentropy.of().fromLogits(true));
    model.fit(samples(), fit -> fit.verbose(false).callbacks(TensorBoard.to(logs)));
    model.close();
    EventReader.Contents train = EventReader.only(logs.resolve("train"));
    String graph = new String(train.tagged("keras").getFirst().texts().getFirst());
    assertTrue(graph.contains("\"twice\""), graph);
    assertFalse(Files.exists(logs.resolve("validation")));
  }

  @Test
  void wrongOptionsAreRefused() {
    TensorBoard board = TensorBoard.to(logs);
    refused(
        "TensorBoard: expected \"epoch\", \"batch\" or a number of batches, received"
            + " updateFreq=\"often\". Use updateFreq(100) for every hundredth batch.",
        () -> board.updateFreq("often"));
    refused(
        "TensorBoard: expected updateFreq of 1 or more, received updateFreq=0. Use 1 for every"
            + " batch, \"epoch\" for none.",
        () -> board.updateFreq(0));
    refused(
        "TensorBoard: expected histogramFreq of 0 or more, received histogramFreq=-1. Use 1 for"
            + " every epoch, 0 for none.",
        () -> board.histogramFreq(-1));
    refused(
        "TensorBoard: expected embeddingsFreq of 0 or more, received embeddingsFreq=-2. Use 1 for"
            + " every epoch, 0 for none.",
        () -> board.embeddingsFreq(-2));
    Path missing = logs.resolve("none.tsv");
    refused(
        "TensorBoard: expected a file that can be read, received embeddingsMetadata="
            + missing
            + ". Write it first: a label for each row of the embedding, one a line.",
        () -> board.embeddingsMetadata(missing));
    refused(
        "TensorBoard: expected writeGradients with histogramFreq of 1 or more, received"
            + " histogramFreq=0. Add histogramFreq(1).",
        () -> fit(network(), 1, board.writeGradients(true)));
    refused(
        "TensorBoard: expected writeImages with histogramFreq of 1 or more, received"
            + " histogramFreq=0. Add histogramFreq(1).",
        () -> fit(network(), 1, board.writeImages(true)));
  }

  @Test
  void labelsOfALayerThatIsNotThere() throws IOException {
    Path labels = Files.writeString(logs.resolve("labels.tsv"), "a\n");
    TensorBoard board =
        TensorBoard.to(logs).embeddingsFreq(1).embeddingsMetadata(Map.of("letters", labels));
    refused(
        "TensorBoard: expected names of Embedding layers [embedding], received"
            + " embeddingsMetadata=letters. Name the layers as summary() does.",
        () -> fit(network(), 1, board));
  }

  @Test
  void aPlaceThatCannotBeWrittenIsAnErrorBeforeTheFirstStep() throws IOException {
    Path file = Files.writeString(logs.resolve("file"), "text");
    Model model = network();
    List<Tensor> before = model.getWeights();
    UncheckedIOException problem =
        assertThrows(UncheckedIOException.class, () -> fit(model, 1, TensorBoard.to(file)));
    assertEquals(
        "TensorBoard: expected a folder that can be written, received folder="
            + file
            + " ("
            + file
            + " is a file). Choose another place, or change its permissions or the space left.",
        problem.getMessage());
    Files.writeString(logs.resolve("validation"), "text");
    assertThrows(UncheckedIOException.class, () -> fit(model, 1, TensorBoard.to(logs)));
    assertEquals("text", Files.readString(logs.resolve("validation")));
    for (int i = 0; i < before.size(); i++) {
      assertArrayEquals(before.get(i).toFloats(), model.getWeights().get(i).toFloats());
    }
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
