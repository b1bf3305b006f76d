package io.kalamos.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kalamos.engine.Ops;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Input;
import io.kalamos.layers.Lambda;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What is written and read again predicts the same: every layer and network that stands beside
/// Keras, and every file of others.
class RoundTripTest {
  @TempDir static Path folder;

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
        .map(
            entry ->
                dynamicTest(
                    entry.getKey(),
                    () -> {
                      GoldenModels golden = entry.getValue().get();
                      again(golden.model(), golden.x());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> files() throws IOException {
    return OnnxFilesTest.files()
        .map(
            name ->
                dynamicTest(
                    name,
                    () ->
                        again(
                            Onnx.load(OnnxFilesTest.file(name)),
                            OnnxFilesTest.arrays(name, "input"))));
  }

  /// Numbers of one shape that have no names are not taken for each other.
  @Test
  void constantsStayApart() throws IOException {
    Lambda bounded =
        Lambda.of(
            x ->
                Ops.minimum(
                    Ops.maximum(x, Ops.constant(Tensor.of(new float[] {-2, -1}, 2))),
                    Ops.constant(Tensor.of(new float[] {2, 1}, 2))));
    Model model = Sequential.of(Input.of(2), bounded);
    again(model, List.of(Tensor.of(new float[] {-5, -5, 5, 5, 0.5f, 3}, 3, 2)));
  }

  private static void again(Model model, List<Tensor> x) throws IOException {
    Path file = folder.resolve("model.onnx");
    Onnx.save(model, file);
    int batch = x.getFirst().shape().dim(0);
    try (Model read = Onnx.load(file);
        model) {
      List<Tensor> needed =
          read.inputNames().stream().map(name -> x.get(model.inputNames().indexOf(name))).toList();
      List<Tensor> wanted = model.predict(x, batch);
      List<Tensor> received = read.predict(needed, batch);
      assertEquals(wanted.size(), received.size());
      for (int i = 0; i < wanted.size(); i++) {
        OnnxFilesTest.close("output " + i, wanted.get(i), received.get(i));
      }
    }
  }
}
