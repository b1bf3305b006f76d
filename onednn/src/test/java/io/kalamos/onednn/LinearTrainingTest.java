package io.kalamos.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.Assign;
import io.kalamos.engine.Batch;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.CounterRandom;
import io.kalamos.engine.DType;
import io.kalamos.engine.Gradients;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinearTrainingTest {
  private static final int CLASSES = 3;
  private static final int PIXELS = 20;

  private static Node input(String name, DType type, int... sizes) {
    return Node.of(new Batch(name, Shape.of(sizes), type));
  }

  private static float[] train(int threads, int batch, int steps) {
    int samples = 300;
    byte[] pixels = new byte[samples * PIXELS];
    byte[] labels = new byte[samples];
    for (int i = 0; i < samples; i++) {
      labels[i] = (byte) (i % CLASSES);
      for (int j = 0; j < PIXELS; j++) {
        int noise = CounterRandom.bits(1, 1, 0, i * PIXELS + j) >>> 25;
        pixels[i * PIXELS + j] = (byte) (noise + (j % CLASSES == labels[i] ? 100 : 0));
      }
    }
    Variable kernel =
        new Variable("kernel", Tensor.zeros(DType.FLOAT32, Shape.of(PIXELS, CLASSES)), true);
    Variable bias = new Variable("bias", Tensor.zeros(DType.FLOAT32, Shape.of(CLASSES)), true);
    Node x =
        Ops.multiply(Ops.cast(input("x", DType.UINT8, batch, PIXELS), DType.FLOAT32), 1 / 255f);
    Node y = input("y", DType.UINT8, batch);
    Node w = Ops.parameter(kernel);
    Node b = Ops.parameter(bias);
    Node logits = Ops.add(Ops.matmul(x, w), b);
    Node target = Ops.oneHot(Ops.reshape(y, Shape.of(batch, 1)), CLASSES, DType.FLOAT32);
    Node loss =
        Ops.divide(Ops.neg(Ops.sumAll(Ops.multiply(target, Ops.logSoftmax(logits)))), batch);
    Node hits =
        Ops.sumAll(
            Ops.equal(
                Ops.cast(Ops.argMax(logits), DType.FLOAT32),
                Ops.cast(Ops.reshape(y, Shape.of(batch, 1)), DType.FLOAT32)));
    List<Node> gradients = Gradients.of(loss, List.of(w, b));
    List<Assign> assigns = new ArrayList<>();
    Node rate = Ops.scalar("learning_rate");
    assigns.add(new Assign(kernel, Ops.subtract(w, Ops.multiply(gradients.get(0), rate))));
    assigns.add(new Assign(bias, Ops.subtract(b, Ops.multiply(gradients.get(1), rate))));
    var outputs = new LinkedHashMap<String, Node>();
    outputs.put("loss", loss);
    outputs.put("hits", hits);
    var backend = new OneDnnBackend();
    float[] result = new float[2];
    try (var program =
        backend.compile(new Graph(outputs, assigns), CompileOptions.seeded(3).threads(threads))) {

      program.bind("x", Tensor.of(pixels, samples, PIXELS));
      program.bind("y", Tensor.of(labels, samples));
      program.set("learning_rate", 0.5);
      int[] rows = IntStream.range(0, samples).toArray();
      for (int step = 0; step < steps; step++) {
        program.run(rows, step * batch % (samples - batch + 1), step);
        result[0] = (float) program.output("loss").get(0);
        result[1] = (float) program.output("hits").get(0);
      }
    }
    return result;
  }

  @Test
  void learnsThreeClasses() {
    float[] one = train(1, 64, 200);
    assertEquals(64, one[1], "hits of 64");
    assertTrue(one[0] < 0.1, "loss " + one[0]);
  }

  @Test
  void threadsAgree() {
    float[] one = train(1, 50, 100);
    float[] two = train(2, 50, 100);
    assertEquals(one[0], two[0], 1e-4);
    assertEquals(one[1], two[1]);
  }
}
