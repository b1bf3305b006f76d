package io.kalamos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.Backend;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What wrong command lines are told, word by word.
class ErrorsTest {
  private static final String COMMANDS =
      "fit, evaluate, predict, summary, plot, convert, scan, lab, bench, doctor";

  @TempDir Path folder;

  record Case(String line, String message) {}

  static List<Case> cases() {
    return List.of(
        new Case(
            "",
            "kalamos: expected a command (COMMANDS), received command=none. See ./kalamos --help."),
        new Case(
            "benhc mlp",
            "kalamos: expected a command (COMMANDS), received command=benhc. Did you mean bench? See"
                + " ./kalamos --help."),
        new Case(
            "evalate",
            "kalamos: expected a command (COMMANDS), received command=evalate. Did you mean"
                + " evaluate? See ./kalamos --help."),
        new Case(
            "summary",
            "kalamos summary: expected FILE, received none. See ./kalamos summary --help."),
        new Case(
            "convert a.keras",
            "kalamos convert: expected OUT, received none. See ./kalamos convert --help."),
        new Case(
            "convert a.keras b.h5 c.h5",
            "kalamos convert: expected no further argument, received argument=c.h5. See ./kalamos"
                + " convert --help."),
        new Case("fit a.keras", "--input: expected a value, received none. Write --input DATA."),
        new Case(
            "evaluate a.keras", "--input: expected a value, received none. Write --input DATA."),
        new Case(
            "predict a.keras", "--input: expected a value, received none. Write --input DATA."),
        new Case(
            "predict a.keras --input x.csv",
            "--input: expected x.npy, data.npz, data.npz:NAME, mnist:train, mnist:test, a picture or"
                + " a folder of pictures, received --input=x.csv. Save arrays with numpy.save."),
        new Case(
            "predict a.keras --input mnist:tset",
            "--input: expected mnist:train or mnist:test, received --input=mnist:tset. Did you mean"
                + " mnist:test? Use one of the two."),
        new Case(
            "fit a.keras --input x.npy --shuffle --no-shuffle",
            "--shuffle: expected it or --no-shuffle, received both. Leave one of them out."),
        new Case(
            "fit a.keras --input x.npy --validation-split 1.5",
            "--validation-split: expected a number above 0 and below 1, received"
                + " --validation-split=1.5. See ./kalamos fit --help."),
        new Case(
            "fit a.keras --input x.npy --class-weight 0:1",
            "--class-weight: expected classes from 0 on with weights of 0 or more, such as"
                + " 0=1.0,1=2.5, received --class-weight=0:1. Classes that are left out count 1."),
        new Case(
            "fit a.keras --input x.npy --class-weight 0=-1",
            "--class-weight: expected classes from 0 on with weights of 0 or more, such as"
                + " 0=1.0,1=2.5, received --class-weight=0=-1. Classes that are left out count 1."),
        new Case(
            "fit a.keras --input x.npy --class-weight 1=1,1=2",
            "--class-weight: expected classes from 0 on with weights of 0 or more, such as"
                + " 0=1.0,1=2.5, received --class-weight=1=1,1=2, which names class 1 twice. Classes"
                + " that are left out count 1."),
        new Case(
            "fit a.keras --input x.npy --output a.onnx",
            "--output: expected a file that ends in .keras or .h5, received --output=a.onnx. These"
                + " keep the state of the optimizer; ./kalamos convert writes others."),
        new Case(
            "bench mlp --epoch 3",
            "kalamos bench: expected one of its options, received option=--epoch. Did you mean"
                + " --epochs? See ./kalamos bench --help."),
        new Case(
            "doctor --zzz",
            "kalamos doctor: expected one of its options, received option=--zzz. See ./kalamos"
                + " doctor --help."),
        new Case(
            "doctor now",
            "kalamos doctor: expected no further argument, received argument=now. See ./kalamos"
                + " doctor --help."),
        new Case(
            "bench mlp cnn",
            "kalamos bench: expected no further argument, received argument=cnn. See ./kalamos"
                + " bench --help."),
        new Case(
            "bench",
            "kalamos bench: expected a network (linear, mlp, cnn, cnn-weights, cnn-bn, lstm,"
                + " attention, predict),"
                + " received NET=none. See ./kalamos bench --help."),
        new Case(
            "bench cnnbn",
            "kalamos bench: expected a network (linear, mlp, cnn, cnn-weights, cnn-bn, lstm,"
                + " attention, predict),"
                + " received NET=cnnbn. Did you mean cnn-bn? See ./kalamos bench --help."),
        new Case(
            "bench mlp --epochs 0",
            "--epochs: expected a whole number, 1 or more, received --epochs=0. See ./kalamos bench"
                + " --help."),
        new Case(
            "lab mnist-ladder --epochs=0",
            "--epochs: expected a whole number, 1 or more, received --epochs=0. See ./kalamos lab"
                + " --help."),
        new Case(
            "lab mnist-ladder --epochs abc",
            "--epochs: expected a whole number, 1 or more, received --epochs=abc. See ./kalamos lab"
                + " --help."),
        new Case(
            "lab mnist-ladder --epochs",
            "--epochs: expected a value, received none. Write --epochs N."),
        new Case(
            "lab mnist-ladder --json=yes",
            "--json: expected no value, received --json=yes. Write --json."),
        new Case(
            "lab mnist-ladder --seed 1.5",
            "--seed: expected a whole number, received --seed=1.5. See ./kalamos lab --help."),
        new Case(
            "bench mlp --threads -1",
            "--threads: expected a whole number, 1 or more, received --threads=-1. See ./kalamos"
                + " bench --help."),
        new Case(
            "bench mlp --precision bfloat16",
            "--precision: expected one of float32, mixed_bfloat16, float64, received"
                + " --precision=bfloat16. See ./kalamos bench --help."),
        new Case(
            "bench mlp --backend jav",
            "--backend: expected one of BACKENDS, received --backend=jav. Did you mean java?"
                + " ./kalamos doctor tells which of them work here."),
        new Case(
            "lab mnist-lader",
            "kalamos lab: expected a lab (mnist-ladder, cnn-weights, mnist-99, how-many-neurons),"
                + " received NAME=mnist-lader. Did you mean mnist-ladder? ./kalamos lab lists them."),
        new Case(
            "lab mnist-ladder --step 7",
            "--step: expected 1 to 6 or one of linear-raw, linear, mlp, mlp-l2, mlp-dropout, cnn,"
                + " received --step=7. See ./kalamos lab --help."),
        new Case(
            "lab mnist-ladder --step mlp-l3",
            "--step: expected 1 to 6 or one of linear-raw, linear, mlp, mlp-l2, mlp-dropout, cnn,"
                + " received --step=mlp-l3. Did you mean mlp-l2? See ./kalamos lab --help."),
        new Case(
            "lab mnist-ladder --step cnn --dropout",
            "--dropout: expected --step=mlp or no --step, received --step=cnn. Leave one of the two"
                + " options out."),
        new Case(
            "lab cnn-weights --dropout",
            "--dropout: expected the lab mnist-ladder, received NAME=cnn-weights. Leave the option"
                + " out."),
        new Case(
            "lab mnist-99 --step 11",
            "--step: expected 1 to 10 or one of softmax, sigmoid, relu-adam, decay, dropout, cnn,"
                + " cnn-pooled, cnn-dropout, cnn-bn, ensemble, received --step=11. See ./kalamos"
                + " lab --help."),
        new Case(
            "lab how-many-neurons --seeds 0",
            "--seeds: expected a whole number, 1 or more, received --seeds=0. See ./kalamos lab"
                + " --help."));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void wrongUsage(Case wrong) {
    var run = CommandLineRun.of(wrong.line().isEmpty() ? new String[0] : wrong.line().split(" "));
    var backends = String.join(", ", Backend.all().stream().map(Backend::name).toList());
    assertEquals(
        wrong.message().replace("BACKENDS", backends).replace("COMMANDS", COMMANDS),
        run.err().strip());
    assertEquals(2, run.code());
    assertEquals("", run.out());
  }

  @Test
  void outIsNoFolder() throws IOException {
    var file = Files.createFile(folder.resolve("file"));
    var run = CommandLineRun.of("lab", "mnist-ladder", "--out", file + "/runs");
    assertEquals(
        "--out: expected a folder that can be written, received --out="
            + file
            + "/runs (FileSystemException). Choose another folder.",
        run.err().strip());
    assertEquals(2, run.code());
  }

  @Test
  void truncatedImages() throws IOException {
    var data = FewDigits.write(folder.resolve("data"), 100, 50);
    var images = data.resolve("train-images-idx3-ubyte");
    try (var file = new RandomAccessFile(images.toFile(), "rw")) {
      file.setLength(10_000);
    }
    var run =
        CommandLineRun.of(
            "lab", "mnist-ladder", "--data", data.toString(), "--out", folder.toString());
    assertEquals(
        images
            + ": expected 78416 bytes for uint8(100, 28, 28) with its header, received bytes=10000."
            + " Copy or download the file again.",
        run.err().strip());
    assertEquals(1, run.code());
  }

  @Test
  void noData() {
    var run =
        CommandLineRun.of(
            "lab", "mnist-ladder", "--data", folder.toString(), "--out", folder.toString());
    assertTrue(run.err().startsWith("Mnist.load: expected one of [train-images-"), run.err());
    assertTrue(
        run.err().contains("received folder=" + folder + ", which has none of them."), run.err());
    assertEquals(1, run.code());
  }

  @Test
  void stackTraceIsPrintedOnlyWhenAskedFor() {
    var run = CommandLineRun.of("bench", "mlp", "--epochs", "0", "--stacktrace");
    assertTrue(run.err().contains("at io.kalamos.cli"), run.err());
    assertEquals(2, run.code());
  }
}
