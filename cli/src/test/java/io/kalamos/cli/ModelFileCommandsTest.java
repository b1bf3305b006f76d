package io.kalamos.cli;

import static io.kalamos.losses.Losses.SPARSE_CATEGORICAL_CROSSENTROPY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.datasets.Mnist;
import io.kalamos.datasets.Npy;
import io.kalamos.models.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `summary`, `plot` and `convert`.
class ModelFileCommandsTest {
  @TempDir Path folder;

  private Path model;

  @BeforeEach
  void save() throws IOException {
    model = new SavedModels(folder).linear(SPARSE_CATEGORICAL_CROSSENTROPY);
  }

  private CommandLineRun run(String command, String... more) {
    var args = new java.util.ArrayList<>(java.util.List.of(command, model.toString()));
    args.addAll(java.util.List.of(more));
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  @Test
  void summaryIsThatOfTheModel() throws IOException {
    try (var loaded = Model.load(model)) {
      assertEquals(loaded.summary(), run("summary").out());
    }
    assertEquals(
        "{\"name\":\"sequential\",\"kind\":\"Sequential\",\"layers\":["
            + "{\"name\":\"input_layer\",\"class\":\"InputLayer\",\"output_shape\":\"(None, 28, 28, 1)\",\"params\":0},"
            + "{\"name\":\"rescaling\",\"class\":\"Rescaling\",\"output_shape\":\"(None, 28, 28, 1)\",\"params\":0},"
            + "{\"name\":\"flatten\",\"class\":\"Flatten\",\"output_shape\":\"(None, 784)\",\"params\":0},"
            + "{\"name\":\"dense\",\"class\":\"Dense\",\"output_shape\":\"(None, 10)\",\"params\":7850}],"
            + "\"total_params\":7850,\"trainable_params\":7850,\"non_trainable_params\":0,\"compiled\":true}",
        run("summary", "--json").out().strip());
  }

  @Test
  void plotWritesAPicture() throws IOException {
    var png = folder.resolve("linear.png");
    assertEquals(png.toString(), run("plot").out().strip());
    assertArrayEquals(
        new byte[] {(byte) 0x89, 'P', 'N', 'G'},
        java.util.Arrays.copyOf(Files.readAllBytes(png), 4));
    var svg = folder.resolve("graph.svg");
    assertEquals(
        "{\"output\":\"" + svg + "\"}",
        run("plot", "--output", svg.toString(), "--json").out().strip());
    assertTrue(Files.readString(svg).contains("<svg"));
    var wrong = run("plot", "--output", "graph.jpg");
    assertEquals(
        "--output: expected a picture, .png or .svg, received --output=graph.jpg. Take .png for"
            + " screens, .svg for print.",
        wrong.err().strip());
    assertEquals(2, wrong.code());
  }

  @Test
  void convertedModelsPredictTheSame() throws IOException {
    var x = Mnist.load().test().images().rows(0, 20);
    var h5 = folder.resolve("linear.h5");
    var run = run("convert", h5.toString());
    assertEquals(h5.toString(), run.out().strip(), run.err());
    var weights = folder.resolve("deep/linear.weights.h5");
    assertTrue(
        run("convert", weights.toString())
            .err()
            .contains("Layers are left out: " + weights + " holds weights alone."));
    try (var one = Model.load(model);
        var two = Model.load(h5);
        var three = SavedModels.digits()) {
      three.loadWeights(weights);
      assertArrayEquals(one.predict(x).toFloats(), two.predict(x).toFloats());
      assertArrayEquals(one.predict(x).toFloats(), three.predict(x).toFloats());
      assertTrue(two.compilation().isPresent());
    }
  }

  @Test
  void onnxFilesPredictTheSame() throws IOException {
    var onnx = folder.resolve("linear.onnx");
    var run = run("convert", onnx.toString());
    assertEquals(0, run.code(), run.err());
    assertTrue(
        run.err().contains("Optimizer and loss are left out: ONNX files only predict."), run.err());
    var y = folder.resolve("y.npy");
    assertEquals(0, run("predict", "--input", "mnist:test", "--output", y.toString()).code());
    var expected = Npy.read(y).toFloats();
    model = onnx;
    var predicted = run("predict", "--input", "mnist:test", "--output", y.toString());
    assertEquals(0, predicted.code(), predicted.err());
    assertArrayEquals(expected, Npy.read(y).toFloats(), 1e-6f);
    assertTrue(run("summary").out().contains("7,850"));
    var back = folder.resolve("back.keras");
    assertEquals(0, run("convert", back.toString()).code());
    var evaluated = run("evaluate", "--input", "mnist:test");
    assertEquals(
        "kalamos evaluate: expected a compiled model, received "
            + onnx
            + ", which has no optimizer and loss. Compile it, in Keras or Java, and save it again.",
        evaluated.err().strip());
    assertEquals(
        "kalamos fit: expected a compiled model, received "
            + onnx
            + ", which has no optimizer and loss. Compile it, in Keras or Java, and save it again.",
        run("fit", "--input", "mnist:train").err().strip());
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    var same = run("convert", model.toString());
    assertEquals(
        "kalamos convert: expected two files, received IN=" + model + " twice. Choose another OUT.",
        same.err().strip());
    assertEquals(2, same.code());
    assertEquals(
        "kalamos convert: expected OUT to end in .keras, .h5, .weights.h5 or .onnx, received"
            + " OUT=model.pt. The ending names the format.",
        run("convert", "model.pt").err().strip());
    var weights = Files.createFile(folder.resolve("a.weights.h5"));
    model = weights;
    assertEquals(
        weights
            + ": expected a file of a whole model (.keras, .h5 or .onnx), received weights alone. Save the"
            + " model itself: model.save('model.keras').",
        run("summary").err().strip());
    model = folder;
    assertEquals(
        folder
            + ": expected a file of a model (.keras, .h5 or .onnx), received a folder. Check the path.",
        run("summary").err().strip());
    var inside = Files.createFile(folder.resolve("file")).resolve("x.keras");
    model = folder.resolve("linear.keras");
    assertEquals(
        "OUT: expected a file in a folder that can be written, received OUT="
            + inside
            + " (FileAlreadyExistsException). Choose another folder.",
        run("convert", inside.toString()).err().strip());
  }
}
