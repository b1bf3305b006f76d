package io.kalamos.models;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.activations.Activations.SOFTMAX;
import static io.kalamos.losses.Losses.CATEGORICAL_CROSSENTROPY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.DType;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Input;
import io.kalamos.layers.Lambda;
import io.kalamos.optimizers.SGD;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PredictionTest {
  private static Model model() {
    return Sequential.of(
        Input.of(6, 6, 1),
        Conv2D.of(3, 3).activation(RELU),
        Flatten.of(),
        Dense.of(5).activation(SOFTMAX));
  }

  private final Tensor x = ModelTest.random(4, 100, 6, 6, 1);

  @Test
  void rowsDoNotDependOnTheBatch() {
    Model model = model();
    Tensor all = model.predict(List.of(x), 100).getFirst();
    assertEquals(Shape.of(100, 5), all.shape());
    for (int batch : new int[] {1, 7, 32, 64}) {
      assertArrayEquals(
          all.toFloats(), model.predict(List.of(x), batch).getFirst().toFloats(), 1e-6f);
    }
    assertArrayEquals(all.rows(0, 3).toFloats(), model.predict(x.rows(0, 3)).toFloats(), 1e-6f);
  }

  @Test
  void wholeNumbersAreWholeNumbers() {
    Model places = Sequential.of(Input.of(4), Lambda.of(Ops::argMax));
    Tensor rows = Tensor.of(new float[] {0, 3, 1, 2, 9, 3, 1, 2}, 2, 4);
    assertArrayEquals(new double[] {1, 0}, places.predict(rows).toDoubles());
  }

  @Test
  void manyThreadsGetWhatOneGets() throws Exception {
    Model model = model();
    float[] expected = model.predict(List.of(x), 1).getFirst().toFloats();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<float[]>> calls = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        boolean single = t % 2 == 0;
        calls.add(() -> single ? one(model) : model.predict(List.of(x), 1).getFirst().toFloats());
      }
      for (Future<float[]> result : threads.invokeAll(calls)) {
        assertArrayEquals(expected, result.get());
      }
    }
  }

  private float[] one(Model model) {
    float[] all = new float[500];
    float[] sample = new float[36];
    float[] result = new float[5];
    float[] values = x.toFloats();
    for (int i = 0; i < 100; i++) {
      System.arraycopy(values, i * 36, sample, 0, 36);
      model.predict(sample, result);
      System.arraycopy(result, 0, all, i * 5, 5);
    }
    return all;
  }

  @Test
  void singleSamplesMakeNoGarbage() {
    Model model = model();
    float[] sample = new float[36];
    float[] result = new float[5];
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 20_000; i++) {
      model.predict(sample, result);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10_000; i++) {
      model.predict(sample, result);
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(bytes < 100_000, bytes / 10_000.0 + " bytes for each prediction");
  }

  @Test
  void anyTypeIsUsedWhereItLies() {
    Model model = model();
    Tensor bytes = Tensor.zeros(DType.UINT8, Shape.of(3, 6, 6, 1));
    for (int i = 0; i < bytes.size(); i++) {
      bytes.set(i, i * 7 % 5);
    }
    float[] expected = model.predict(bytes.cast(DType.FLOAT32)).toFloats();
    for (DType type : new DType[] {DType.UINT8, DType.INT32, DType.FLOAT64}) {
      assertArrayEquals(expected, model.predict(bytes.cast(type)).toFloats(), 1e-6f);
    }
  }

  @Test
  void wrongSizesOfSingleSamples() {
    Model model = model();
    ModelTest.refused(
        "predict: expected 36 numbers for shape (6, 6, 1), received sample.length=35."
            + " Give one sample, row-major.",
        () -> model.predict(new float[35], new float[5]));
    ModelTest.refused(
        "predict: expected room for 5 numbers, received result.length=4."
            + " Make the array as long as one row of the output.",
        () -> model.predict(new float[36], new float[4]));
  }

  @Test
  void mixedPrecisionIsClose() {
    Model model = model();
    float[] exact = model.predict(x).toFloats();
    model.compile(
        Compilation.of(SGD.of(), CATEGORICAL_CROSSENTROPY)
            .running(run -> run.precision("mixed_bfloat16")));
    Tensor mixed = model.predict(x);
    assertEquals(DType.FLOAT32, mixed.dtype());
    assertArrayEquals(exact, mixed.toFloats(), 0.02f);
    model.compile(
        Compilation.of(SGD.of(), CATEGORICAL_CROSSENTROPY)
            .running(run -> run.precision("float64")));
    assertEquals(DType.FLOAT64, model.predict(x).dtype());
    assertArrayEquals(exact, model.predict(x).toFloats(), 1e-6f);
  }

  @Test
  void runsAsAsked() {
    Model model = model();
    float[] expected = model.predict(x).toFloats();
    assertEquals(model, model.running(run -> run.backend("java").threads(3)));
    assertTrue(model.explain().startsWith("prediction, batch 32, backend java\n"));
    assertArrayEquals(expected, model.predict(x).toFloats(), 1e-6f);
    var unknown =
        assertThrows(
            IllegalArgumentException.class,
            () -> model().running(run -> run.backend("zebra")).predict(x));
    assertTrue(unknown.getMessage().contains("received backend=zebra"), unknown.getMessage());
    model.compile(SGD.of(), CATEGORICAL_CROSSENTROPY);
    var compiled =
        assertThrows(IllegalStateException.class, () -> model.running(run -> run.threads(1)));
    assertEquals(
        "running: expected a model that is not compiled, received model="
            + model.title()
            + ". Compile it with Compilation.of(...).running(...).",
        compiled.getMessage());
  }

  @Test
  void explains() {
    Model model = model();
    assertTrue(model.explain().startsWith("prediction, batch 32, backend java\n\ngraph\n"));
    model.compile(SGD.of(), CATEGORICAL_CROSSENTROPY);
    String text = model.explain();
    assertTrue(text.startsWith("training step, batch 32, backend java\n\ngraph\n"), text);
    assertTrue(text.contains("dense/kernel <- %"), text);
    float[] before = model.getWeights().getFirst().toFloats();
    String timed = model.explain(16, 3);
    assertTrue(timed.startsWith("training step, batch 16, backend java"), timed);
    assertTrue(timed.contains(" us"), timed);
    assertArrayEquals(before, model.getWeights().getFirst().toFloats());
  }
}
