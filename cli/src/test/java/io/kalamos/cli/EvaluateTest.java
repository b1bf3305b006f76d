package io.kalamos.cli;

import static io.kalamos.losses.Losses.CATEGORICAL_CROSSENTROPY;
import static io.kalamos.losses.Losses.MEAN_SQUARED_ERROR;
import static io.kalamos.losses.Losses.SPARSE_CATEGORICAL_CROSSENTROPY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.datasets.Npy;
import io.kalamos.engine.DType;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.optimizers.SGD;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateTest {
  @TempDir Path folder;

  private SavedModels files;

  @BeforeEach
  void begin() {
    files = new SavedModels(folder);
  }

  @Test
  void figuresHaveKerasNames() throws IOException {
    var file = files.linear(SPARSE_CATEGORICAL_CROSSENTROPY);
    var x = files.x(100);
    var y = files.y(100);
    var run =
        CommandLineRun.of(
            "evaluate",
            file.toString(),
            "--input",
            x.toString(),
            "--target",
            y.toString(),
            "--json");
    try (var model = Model.load(file)) {
      var scores = model.evaluate(Npy.read(x), Npy.read(y));
      assertEquals(
          "{\"loss\":" + scores.loss() + ",\"accuracy\":" + scores.get("accuracy") + "}",
          run.out().strip());
      assertEquals(0, run.code());
      assertEquals("", run.err());
      var text =
          CommandLineRun.of(
              "evaluate", file.toString(), "--input", x.toString(), "--target", y.toString());
      assertEquals(
          List.of(
              "loss                     " + scores.loss(),
              "accuracy                 " + scores.get("accuracy")),
          text.lines());
    }
  }

  @Test
  void oneHotTargetsAreTakenAsTheyAre() throws IOException {
    var file = files.linear(CATEGORICAL_CROSSENTROPY);
    var x = files.x(50).toString();
    var indices =
        CommandLineRun.of(
            "evaluate", file.toString(), "--input", x, "--target", files.y(50).toString());
    var rows =
        CommandLineRun.of(
            "evaluate", file.toString(), "--input", x, "--target", files.oneHot(50).toString());
    assertEquals(rows.out(), indices.out());
    assertEquals("", rows.err());
    assertTrue(indices.err().startsWith("Class indices become one-hot"), indices.err());
  }

  @Test
  void severalInputsAndOutputsComeByTheirNames() throws IOException {
    var a = Input.of(2).named("a");
    var b = Input.of(2).named("b");
    var sum = Dense.of(1).named("sum").on(a);
    var other = Dense.of(1).named("other").on(b);
    Path file;
    try (var model = Model.of(List.of(a, b), List.of(sum, other))) {
      model.compile(
          Compilation.of(
              SGD.of(0.1), Map.of("sum", MEAN_SQUARED_ERROR, "other", MEAN_SQUARED_ERROR)));
      file = files.saved(model, "two.keras");
    }
    var two = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    var one = Tensor.of(new float[] {1, 2}, 2, 1);
    var all = files.zipped("all.npz", Map.of("a", two, "b", two, "sum", one, "other", one));
    var run = CommandLineRun.of("evaluate", file.toString(), "--input", all.toString(), "--json");
    assertEquals(0, run.code(), run.err());
    assertTrue(
        run.out().matches("\\{\"loss\":\\S+,\"sum_loss\":\\S+,\"other_loss\":\\S+}\\s*"),
        run.out());
    var some = files.zipped("some.npz", Map.of("a", two));
    assertEquals(
        "--input: expected arrays [a, b] in "
            + some
            + ", one for each input of the model, received arrays=[a]. Save them under these names"
            + " with numpy.savez.",
        CommandLineRun.of("evaluate", file.toString(), "--input", some.toString()).err().strip());
    var y = folder.resolve("y.npz");
    var predicted =
        CommandLineRun.of(
            "predict", file.toString(), "--input", all.toString(), "--output", y.toString());
    assertEquals(
        List.of(y + ": sum float32(2, 1)", y + ": other float32(2, 1)"), predicted.lines());
    var wrong =
        CommandLineRun.of(
            "predict", file.toString(), "--input", all.toString(), "--output", folder + "/y.npy");
    assertEquals(
        "--output: expected a file that ends in .npz for the outputs [sum, other], received"
            + " --output="
            + folder
            + "/y.npy. NumPy reads it with numpy.load.",
        wrong.err().strip());
  }

  @Test
  void arraysOfAnyTypeWillDo() throws IOException {
    var file = files.linear(SPARSE_CATEGORICAL_CROSSENTROPY).toString();
    var x = files.x(20);
    var bytes =
        CommandLineRun.of(
            "evaluate", file, "--input", x.toString(), "--target", files.y(20).toString());
    var wide = files.array("wide.npy", Npy.read(x).cast(DType.FLOAT64)).toString();
    var doubles = files.array("doubles.npy", Npy.read(files.y(20)).cast(DType.FLOAT64)).toString();
    var run = CommandLineRun.of("evaluate", file, "--input", wide, "--target", doubles);
    assertEquals(bytes.out(), run.out(), run.err());
  }

  @Test
  void dataThatDoNotFitAreTold() throws IOException {
    var file = files.linear(SPARSE_CATEGORICAL_CROSSENTROPY);
    var wide = files.array("wide.npy", Tensor.of(new float[30], 2, 15));
    var run =
        CommandLineRun.of(
            "evaluate",
            file.toString(),
            "--input",
            wide.toString(),
            "--target",
            files.y(2).toString());
    assertEquals(1, run.code());
    assertTrue(
        run.err()
            .strip()
            .endsWith(
                "expected samples of shape (None, 28, 28, 1), received shape=(2, 15). Change the"
                    + " data, or the model's Input."),
        run.err());
  }
}
