package io.kalamos.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kalamos.engine.Tensor;
import io.kalamos.models.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What onnxruntime makes of exported files is what the models predict: every layer in every
/// variant that stands beside Keras, every network that was trained beside Keras.
class OnnxRuntimeTest {
  private static final double TOLERANCE = 1e-5;

  /// Keras's own results came from other sums.
  private static final double KERAS_TOLERANCE = 1e-4;

  /// Where the files are left for `check_files.py`.
  private static final Path EXPORTED = Path.of("target", "exported");

  @TestFactory
  Stream<DynamicTest> layers() throws IOException {
    return tests(GoldenModels.layers());
  }

  @TestFactory
  Stream<DynamicTest> networks() throws IOException {
    return tests(GoldenModels.networks());
  }

  private static Stream<DynamicTest> tests(Map<String, Supplier<GoldenModels>> models) {
    return models.entrySet().stream()
        .map(entry -> dynamicTest(entry.getKey(), () -> check(entry.getKey(), entry.getValue())));
  }

  private static void check(String name, Supplier<GoldenModels> models) throws Exception {
    GoldenModels golden = models.get();
    List<Tensor> received = check(name, golden.model(), golden.x());
    golden.keras().ifPresent(keras -> close("Keras", keras, received.getFirst(), KERAS_TOLERANCE));
  }

  /// Runs the model and its file on these samples, on the first of them, and on one more.
  static List<Tensor> check(String name, Model model, List<Tensor> x) throws Exception {
    Path file = EXPORTED.resolve(name + ".onnx");
    Onnx.save(model, file);
    try (OnnxRuntime runtime = new OnnxRuntime(Files.readAllBytes(file))) {
      assertEquals(model.inputNames(), runtime.inputs());
      assertEquals(GraphExport.outputNames(model), runtime.outputs());
      List<Tensor> received = compare(model, runtime, x);
      compare(model, runtime, x.stream().map(data -> data.rows(0, 1)).toList());
      compare(model, runtime, x.stream().map(OnnxRuntimeTest::again).toList());
      model.close();
      return received;
    }
  }

  private static List<Tensor> compare(Model model, OnnxRuntime runtime, List<Tensor> x)
      throws Exception {
    List<Tensor> expected = model.predict(x, x.getFirst().shape().dim(0));
    List<Tensor> received = runtime.run(x);
    assertEquals(expected.size(), received.size());
    for (int i = 0; i < expected.size(); i++) {
      close("output " + i, expected.get(i), received.get(i), TOLERANCE);
    }
    return received;
  }

  /// The samples, and the first one again.
  private static Tensor again(Tensor x) {
    int samples = x.shape().dim(0);
    Tensor more = Tensor.zeros(x.dtype(), x.shape().with(0, samples + 1));
    more.rows(0, samples).copyFrom(x);
    more.rows(samples, samples + 1).copyFrom(x.rows(0, 1));
    return more;
  }

  private static void close(String what, Tensor expected, Tensor received, double tolerance) {
    assertEquals(expected.shape(), received.shape(), what);
    double scale = 1;
    for (long i = 0; i < expected.size(); i++) {
      scale = Math.max(scale, Math.abs(expected.get(i)));
    }
    for (long i = 0; i < expected.size(); i++) {
      long at = i;
      assertTrue(
          Math.abs(expected.get(i) - received.get(i)) <= tolerance * scale,
          () -> what + "[" + at + "]: expected " + expected.get(at) + ", ONNX " + received.get(at));
    }
  }

  /// So that the tables cannot shrink unnoticed.
  @Test
  void coversEverything() throws IOException {
    assertEquals(301, GoldenModels.layers().size());
    assertEquals(49, GoldenModels.networks().size());
  }
}
