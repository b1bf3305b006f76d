package io.kalamos.cli;

import static io.kalamos.losses.Losses.SPARSE_CATEGORICAL_CROSSENTROPY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.datasets.Mnist;
import io.kalamos.datasets.Npy;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import io.kalamos.layers.LSTM;
import io.kalamos.models.Model;
import io.kalamos.models.ModelExtras;
import io.kalamos.models.Sequential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictTest {
  @TempDir Path folder;

  private SavedModels files;
  private Path model;

  @BeforeEach
  void save() throws IOException {
    files = new SavedModels(folder);
    model = files.linear(SPARSE_CATEGORICAL_CROSSENTROPY);
  }

  private CommandLineRun predict(String... more) {
    var args = new java.util.ArrayList<>(List.of("predict", model.toString()));
    args.addAll(List.of(more));
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  @Test
  void arraysBecomeAnArray() throws IOException {
    var y = folder.resolve("y.npy");
    var run = predict("--input", files.x(40).toString(), "--output", y.toString());
    assertEquals(0, run.code(), run.err());
    assertEquals(y + ": dense float32(40, 10)", run.out().strip());
    try (var loaded = Model.load(model)) {
      var expected = loaded.predict(Mnist.load().train().images().rows(0, 40));
      assertArrayEquals(expected.toFloats(), Npy.read(y).toFloats());
    }
    var json = predict("--input", "mnist:test", "--output", y.toString(), "--json");
    assertEquals(
        "{\"output\":\"" + y + "\",\"name\":\"dense\",\"dtype\":\"float32\",\"shape\":[10000,10]}",
        json.out().strip());
  }

  @Test
  void picturesBecomeClassesWithProbabilities() throws IOException {
    var trained = CommandLineRun.of("fit", model.toString(), "--input", "mnist:train");
    assertEquals(0, trained.code(), trained.err());
    // the first test digits, 7, 2, 1, 0 and 4, in other formats and sizes
    files.picture("digits/2.png", 1, 1);
    files.picture("digits/10.bmp", 0, 5);
    files.picture("digits/deep/3.png", 2, 10);
    files.picture("digits/1.jpg", 3, 8);
    var run = predict("--input", folder.resolve("digits").toString());
    assertEquals(0, run.code(), run.err());
    var labels =
        run.lines().stream()
            .map(
                line ->
                    folder.relativize(Path.of(line.split("  ")[0]))
                        + " "
                        + line.split("  ")[1].split(" ")[0])
            .toList();
    assertEquals(
        List.of("digits/1.jpg 0", "digits/2.png 2", "digits/10.bmp 7", "digits/deep/3.png 1"),
        labels);
    assertTrue(
        run.lines()
            .getFirst()
            .matches(".*1\\.jpg  0 (0\\.9\\d{3}|1\\.0000)  \\d 0\\.0\\d{3}  \\d 0\\.0\\d{3}"),
        run.out());
    var y = folder.resolve("y.npy");
    var one =
        predict(
            "--input",
            folder.resolve("digits/2.png").toString(),
            "--json",
            "--output",
            y.toString());
    assertTrue(
        one.out()
            .matches(
                "\\{\"file\":\"[^\"]*2\\.png\",\"label\":\"2\",\"probability\":0\\.\\d+,\"top\":\\["
                    + "\\{\"label\":\"2\",\"probability\":0\\.\\d+},\\{[^}]*},\\{[^}]*}]}\\s*"),
        one.out());
    try (var loaded = Model.load(model)) {
      var expected = loaded.predict(Mnist.load().test().images().rows(1, 2)).toFloats();
      assertArrayEquals(expected, Npy.read(y).toFloats(), "a picture is what its pixels are");
    }
  }

  @Test
  void classNamesOfTheFileAreUsed() throws IOException {
    var names = IntStream.range(0, 10).mapToObj(i -> "digit " + (char) ('A' + i)).toList();
    try (var named = SavedModels.digits()) {
      model = files.saved(named.extras(ModelExtras.of(names)), "named.keras");
    }
    var run = predict("--input", files.picture("a.png", 0, 1).toString());
    assertTrue(run.out().matches(".*a\\.png(  digit [A-J] 0\\.\\d{4}){3}\\s*"), run.out());
  }

  @Test
  void preprocessingOfTheFileIsDone() throws IOException {
    var extras = ModelExtras.NONE.preprocessing("invert", "true").preprocessing("crop", "ink");
    try (var inverting = SavedModels.digits()) {
      model = files.saved(inverting.extras(extras), "inverting.keras");
    }
    var y = folder.resolve("y.npy");
    var run = predict("--input", files.picture("a.png", 0, 1).toString(), "--output", y.toString());
    assertEquals(
        "The model's file asks for {crop=ink} before it sees pictures, which is not done here.",
        run.err().strip());
    var digit = Mnist.load().test().images().rows(0, 1).toFloats();
    var inverted = Tensor.zeros(DType.FLOAT32, Shape.of(1, 28, 28));
    inverted.fill(i -> 255 - digit[i]);
    try (var loaded = Model.load(model)) {
      assertArrayEquals(loaded.predict(inverted).toFloats(), Npy.read(y).toFloats());
    }
  }

  @Test
  void logitsBecomeProbabilities() throws IOException {
    var softmax = Ranking.of(SavedModels.digits(), 3).best(new double[] {1, 3, 2}, true, 3);
    assertEquals(List.of("1", "2", "0"), softmax.stream().map(Ranking.Guess::label).toList());
    assertEquals(0.6652, softmax.getFirst().probability(), 1e-4);
    var sigmoid = Ranking.of(SavedModels.digits(), 1).best(new double[] {-2}, true, 3);
    assertEquals("0", sigmoid.getFirst().label());
    assertEquals(0.8808, sigmoid.getFirst().probability(), 1e-4);
    var given = Ranking.of(SavedModels.digits(), 1).best(new double[] {0.75}, false, 3);
    assertEquals(new Ranking.Guess("1", 0.75), given.getFirst());
    assertTrue(Ranking.logits(Tensor.of(new float[] {0.5f, -0.1f}, 2)));
    assertTrue(!Ranking.logits(Tensor.of(new float[] {0.5f, 1}, 2)));
  }

  @Test
  void aFlatInputTakesSquares() throws IOException {
    try (var flat = Sequential.of(Input.of(784), Dense.of(1))) {
      model = files.saved(flat, "flat.keras");
    }
    assertEquals(0, predict("--input", files.picture("b.png", 0, 3).toString()).code());
    assertEquals(
        0, predict("--input", "mnist:test", "--output", folder.resolve("y.npy").toString()).code());
  }

  @Test
  void brokenPicturesAreToldAndLeftOut() throws IOException {
    files.picture("some/1.png", 0, 1);
    var broken = Files.writeString(folder.resolve("some/2.png"), "no picture");
    var run = predict("--input", folder.resolve("some").toString());
    assertEquals(1, run.code());
    assertEquals(1, run.lines().size());
    assertEquals(
        broken
            + ": expected a PNG, JPEG, BMP or GIF picture, received other bytes. Replace the file, or"
            + " leave it out.",
        run.err().strip());
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    var missing = folder.resolve("missing.png").toString();
    assertEquals(
        missing
            + ": expected a picture or a folder of pictures, received no file of this name. Check the"
            + " path.",
        predict("--input", missing).err().strip());
    var empty = Files.createDirectories(folder.resolve("empty")).toString();
    assertEquals(
        empty
            + ": expected pictures [.png, .jpg, .jpeg, .bmp, .gif] in the folder, received"
            + " pictures=0. Choose another folder.",
        predict("--input", empty).err().strip());
    var noOutput = predict("--input", files.x(3).toString());
    assertEquals(
        "--output: expected a value, received none. Write --output FILE.", noOutput.err().strip());
    assertEquals(2, noOutput.code());
    assertEquals(
        "--output: expected a file that ends in .npy or .npz, received --output="
            + folder
            + "/y.txt. NumPy reads it with numpy.load.",
        predict("--input", files.x(3).toString(), "--output", folder + "/y.txt").err().strip());
    try (var vectors = Sequential.of(Input.of(13), Dense.of(2))) {
      model = files.saved(vectors, "vectors.keras");
    }
    assertEquals(
        "--input: expected arrays for this model, whose input is no picture, received pictures for"
            + " inputs=[(None, 13)]. Write --input x.npy or --input data.npz.",
        predict("--input", files.picture("c.png", 0, 1).toString()).err().strip());
    try (var sequences = Sequential.of(Input.of(28, 28), LSTM.of(2).returnSequences(true))) {
      model = files.saved(sequences, "sequences.keras");
    }
    assertEquals(
        "--input: expected a model with one output of classes, (None, classes), to name what"
            + " pictures show, received outputs=[(None, 28, 2)]. Give arrays: --input x.npy --output"
            + " y.npy.",
        predict("--input", folder.resolve("c.png").toString()).err().strip());
  }
}
