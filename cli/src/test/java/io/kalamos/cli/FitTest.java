package io.kalamos.cli;

import static io.kalamos.losses.Losses.CATEGORICAL_CROSSENTROPY;
import static io.kalamos.losses.Losses.SPARSE_CATEGORICAL_CROSSENTROPY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.models.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FitTest {
  @TempDir Path folder;

  private SavedModels files;
  private Path model;

  @BeforeEach
  void save() throws IOException {
    files = new SavedModels(folder);
    model = files.linear(SPARSE_CATEGORICAL_CROSSENTROPY);
  }

  private CommandLineRun fit(String... more) {
    var args = new ArrayList<>(List.of("fit", model.toString()));
    args.addAll(List.of(more));
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  private CommandLineRun fitDigits(String... more) {
    var args =
        new ArrayList<>(
            List.of("--input", files.x(200).toString(), "--target", files.y(200).toString()));
    args.addAll(List.of(more));
    return fit(args.toArray(String[]::new));
  }

  private static float[] kernel(Path file) throws IOException {
    try (var model = Model.load(file)) {
      return model.weights().firstEntry().getValue().toFloats();
    }
  }

  @Test
  void trainsTheFileAndKeepsWhatItWas() throws IOException {
    var before = Files.readAllBytes(model);
    var run = fitDigits("--epochs", "3");
    assertEquals(0, run.code(), run.err());
    assertTrue(
        run.out()
            .matches("\\Q" + model + "\\E: 3 epochs, loss \\d\\.\\d{4}, accuracy 0\\.\\d{4}\\s*"),
        run.out());
    assertArrayEquals(before, Files.readAllBytes(folder.resolve("linear.before.keras")));
    assertFalse(Arrays.equals(kernel(folder.resolve("linear.before.keras")), kernel(model)));
  }

  @Test
  void jsonHasALineForEachEpochAndNothingElse() {
    var run = fitDigits("--epochs", "2", "--validation-split", "0.25", "--json");
    var lines = run.lines();
    assertEquals(3, lines.size(), run.out());
    for (int epoch = 1; epoch <= 2; epoch++) {
      assertTrue(
          lines
              .get(epoch - 1)
              .matches(
                  "\\{\"epoch\":"
                      + epoch
                      + ",\"loss\":[\\d.]+,\"accuracy\":[\\d.]+,\"val_loss\":[\\d.]+,"
                      + "\"val_accuracy\":[\\d.]+}"),
          lines.get(epoch - 1));
    }
    assertEquals(
        "{\"output\":\"" + model + "\",\"epochs\":2,\"interrupted\":false}", lines.getLast());
  }

  /// Adam's moments and step are in the file: two runs of one epoch are one run of two.
  @Test
  void goesOnWhereItEnded() throws IOException {
    var once = folder.resolve("once.keras").toString();
    var twice = folder.resolve("twice.keras").toString();
    assertEquals(0, fitDigits("--no-shuffle", "--epochs", "2", "--output", once).code());
    assertEquals(0, fitDigits("--no-shuffle", "--output", twice).code());
    model = Path.of(twice);
    assertEquals(0, fitDigits("--no-shuffle", "--output", twice).code());
    assertArrayEquals(kernel(Path.of(once)), kernel(Path.of(twice)));
    assertFalse(Files.exists(folder.resolve("twice.before.keras")), "a named output is replaced");
  }

  @Test
  void seedsRepeatAndDiffer() throws IOException {
    var one = folder.resolve("one.keras");
    var two = folder.resolve("two.keras");
    var other = folder.resolve("other.h5");
    fitDigits("--seed", "1", "--shuffle", "--output", one.toString());
    fitDigits("--seed", "1", "--output", two.toString());
    fitDigits("--seed", "2", "--output", other.toString());
    assertArrayEquals(kernel(one), kernel(two));
    assertFalse(Arrays.equals(kernel(one), kernel(other)));
  }

  @Test
  void logsGoWhereTensorBoardFindsThem() throws IOException {
    var logs = folder.resolve("logs");
    assertEquals(0, fitDigits("--validation-split", "0.2", "--logdir", logs.toString()).code());
    for (var run : List.of("train", "validation")) {
      try (var files = Files.list(logs.resolve(run))) {
        assertTrue(
            files.anyMatch(
                file -> file.getFileName().toString().startsWith("events.out.tfevents")));
      }
    }
  }

  @Test
  void classesThatDoNotCountTeachNothing() throws IOException {
    var output = folder.resolve("same.keras");
    var none = "0=0,1=0,2=0,3=0,4=0,5=0,6=0,7=0,8=0,9=0";
    var run = fitDigits("--class-weight", none, "--output", output.toString());
    assertTrue(run.out().contains("loss 0.0000"), run.out() + run.err());
    assertArrayEquals(kernel(model), kernel(output));
  }

  @Test
  void takesMnistAndMakesItsLabelsOneHot() throws IOException {
    model = files.linear(CATEGORICAL_CROSSENTROPY);
    var run = fit("--input", "mnist:test", "--batch-size", "500", "--json");
    assertEquals(0, run.code(), run.err());
    assertTrue(
        run.err()
            .contains(
                "Class indices become one-hot rows of 10, which categorical_crossentropy compares"
                    + " with."),
        run.err());
    var accuracy = run.lines().getFirst().replaceAll(".*\"accuracy\":([\\d.]+).*", "$1");
    assertTrue(Double.parseDouble(accuracy) > 0.7, accuracy);
  }

  @Test
  void takesArraysOfAZip() throws IOException {
    var x = Tensor.zeros(DType.FLOAT32, Shape.of(8, 28, 28));
    var y = Tensor.of(new int[] {0, 1, 2, 3, 4, 5, 6, 7}, 8);
    var both = files.zipped("both.npz", Map.of("x", x, "y", y, "z", y));
    assertEquals(0, fit("--input", both.toString()).code());
    assertEquals(0, fit("--input", both + ":x", "--target", both + ":z").code());
    var other = files.zipped("other.npz", Map.of("labels", y));
    assertEquals(
        "--target: expected an array y in "
            + other
            + ", received arrays=[labels]. Name one: --target "
            + other
            + ":labels.",
        fit("--input", both.toString(), "--target", other.toString()).err().strip());
    var many = files.zipped("many.npz", new java.util.TreeMap<>(Map.of("a", x, "b", x)));
    assertEquals(
        "--input: expected an array x in "
            + many
            + ", received arrays=[a, b]. Name one: --input "
            + many
            + ":b.",
        fit("--input", many.toString(), "--target", both.toString()).err().strip());
  }

  @Test
  void keepsTheWeightsBeforeALossThatIsNoNumber() throws IOException {
    var x = files.array("big.npy", Tensor.of(new float[] {1e30f, 1e30f}, 2, 1));
    var y = files.array("any.npy", Tensor.of(new float[] {1, 2}, 2, 1));
    try (var regression =
        io.kalamos.models.Sequential.of(
            io.kalamos.layers.Input.of(1), io.kalamos.layers.Dense.of(1))) {
      regression.compile(
          io.kalamos.optimizers.SGD.of(0.1), io.kalamos.losses.Losses.MEAN_SQUARED_ERROR);
      model = files.saved(regression, "regression.keras");
    }
    var run = fit("--input", x.toString(), "--target", y.toString());
    assertEquals(1, run.code(), run.out());
    assertTrue(run.err().contains("The weights before that step are in " + model + "."), run.err());
    assertTrue(Files.exists(folder.resolve("regression.before.keras")));
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    try (var bare = SavedModels.digits()) {
      model = files.saved(bare, "bare.keras");
    }
    assertEquals(
        "kalamos fit: expected a compiled model, received "
            + model
            + ", which has no optimizer and loss. Compile it, in Keras or Java, and save it again.",
        fitDigits().err().strip());
    assertEquals(1, fitDigits().code());
    model = files.linear(SPARSE_CATEGORICAL_CROSSENTROPY);
    var run = fit("--input", files.x(20).toString());
    assertEquals(
        "--target: expected what the inputs shall become, received none. Write --target y.npy.",
        run.err().strip());
    assertEquals(2, run.code());
    var pictures = fit("--input", folder.toString());
    assertEquals(
        "--input: expected x.npy, data.npz, data.npz:NAME, mnist:train or mnist:test, received"
            + " --input="
            + folder
            + ", pictures. Only predict takes pictures; save arrays with numpy.save.",
        pictures.err().strip());
    var missing = folder.resolve("missing.keras");
    model = missing;
    assertEquals(
        missing
            + ": expected a file of a model (.keras, .h5 or .onnx), received no file of this name. Check the"
            + " path.",
        fitDigits().err().strip());
  }
}
