package io.kalamos.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.engine.CounterRandom;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Call;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Input;
import io.kalamos.layers.Lambda;
import io.kalamos.layers.Layer;
import io.kalamos.layers.MaxPooling2D;
import io.kalamos.layers.Reshape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ModelTest {
  static void refused(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  @Test
  void namesAreKeras() {
    Model model =
        Sequential.of(
            Input.of(8, 8, 1),
            Conv2D.of(2, 3),
            MaxPooling2D.of(2),
            Conv2D.of(2, 2),
            Flatten.of(),
            Dense.of(3).named("dense"),
            Dense.of(3),
            Dense.of(3).named("last"));
    assertEquals(
        List.of(
            "input_layer",
            "conv2d",
            "max_pooling2d",
            "conv2d_1",
            "flatten",
            "dense",
            "dense_1",
            "last"),
        List.copyOf(model.layers().keySet()));
    assertEquals("global_average_pooling2d", Layer.stem("GlobalAveragePooling2D"));
    assertEquals(20 + 18 + 27 + 12 + 12, model.countParams());
  }

  @Test
  void theGraphShowsEachApplication() {
    var input = Input.of(4, 2);
    var shared = Dense.of(3);
    var once = shared.on(Reshape.of(8).on(input));
    var twice = shared.on(Flatten.of().on(input));
    Model model = Model.of(List.of(input), List.of(once, twice));
    model.trainable("dense", false);
    assertEquals(
        List.of(
            "input_layer InputLayer [] (None, 4, 2) true",
            "reshape Reshape [0] (None, 8) true",
            "flatten Flatten [0] (None, 8) true",
            "dense Dense [1] (None, 3) false",
            "dense Dense [2] (None, 3) false"),
        model.graph().nodes().stream()
            .map(
                node ->
                    "%s %s %s %s %s"
                        .formatted(
                            node.path(),
                            node.kind(),
                            node.inputs(),
                            node.shape(),
                            node.trainable()))
            .toList());
    assertEquals(List.of(3, 4), model.graph().outputs());
    assertEquals(DType.FLOAT32, model.graph().nodes().getFirst().dtype());
  }

  @Test
  void errorsNameTheLayer() {
    refused(
        "conv2d (Conv2D): expected pictures (batch, height, width, channels),"
            + " received shape=(None, 28, 28). Reshape to (height, width, channels) first:"
            + " Reshape.of(28, 28, 1) for grey pictures.",
        () -> Sequential.of(Input.of(28, 28), Conv2D.of(2, 3)));
    refused(
        "max_pooling2d (MaxPooling2D): expected pictures of at least 5 x 5 pixels for the window,"
            + " received shape=(None, 4, 4, 1). Use a smaller window, larger pictures, or"
            + " padding(SAME).",
        () -> Sequential.of(Input.of(4, 4, 1), MaxPooling2D.of(5)));
    refused(
        "conv2d (Conv2D): expected channels divisible by groups=2, received shape=(None, 4, 4, 3)."
            + " Change the groups or the input.",
        () -> Sequential.of(Input.of(4, 4, 3), Conv2D.of(2, 3).groups(2)));
    refused(
        "reshape (Reshape): expected samples of 6 numbers for targetShape=(2, 3),"
            + " received shape=(None, 5). Keep the number of elements of a sample.",
        () -> Sequential.of(Input.of(5), Reshape.of(2, 3)));
    refused(
        "lambda (Lambda): matmul: expected matrices (..., m, k) and (..., k, n), received shapes=(3,"
            + " 5) and (3, 5). Reshape or transpose the inputs.",
        () -> Sequential.of(Input.of(5), Lambda.of(x -> Ops.matmul(x, x))));
    refused(
        "lambda (Lambda): expected a result whose first axis is the batch, received shape=() for a"
            + " batch of 3. Keep the first axis as it is.",
        () -> Sequential.of(Input.of(5), Lambda.of(Ops::sumAll)));
  }

  @Test
  void chainsBeginWithAnInput() {
    refused(
        "Sequential: expected an Input as the first layer, received first=Dense."
            + " Begin with the shape of one sample, such as Input.of(28, 28, 1).",
        () -> Sequential.of(Dense.of(3)));
    refused(
        "Sequential: expected one Input, at the beginning,"
            + " received layers=[InputLayer, Dense, InputLayer]. Remove the second one.",
        () -> Sequential.of(Input.of(2), Dense.of(3), Input.of(3)));
    refused(
        "Sequential: expected names of their own for all layers, received name=a."
            + " Rename one of them.",
        () -> Sequential.of(Input.of(2), Dense.of(3).named("a"), Dense.of(3).named("a")));
  }

  @Test
  void functionalModelsShareLayers() {
    Input a = Input.of(4);
    Input b = Input.of(4);
    Dense shared = Dense.of(3);
    Model model =
        Model.of(List.of(a, b), List.of(new Sum(Optional.empty()).on(shared.on(a), shared.on(b))));
    assertEquals(List.of("dense/kernel", "dense/bias"), List.copyOf(model.weights().keySet()));
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 1, 4);
    Tensor zero = Tensor.zeros(DType.FLOAT32, Shape.of(1, 4));
    Tensor one = model.predict(List.of(x, zero), 1).getFirst();
    Tensor other = model.predict(List.of(zero, x), 1).getFirst();
    assertEquals(List.of(box(one)), List.of(box(other)));
  }

  @Test
  void equalNamesShareTooButOnlyEqualLayers() {
    Input a = Input.of(4);
    Dense head = Dense.of(4).named("head");
    Model model = Model.of(a, Dense.of(4).named("head").on(head.on(a)));
    assertEquals(20, model.countParams());
    refused(
        "Model: expected one layer for each name, or equal ones that share weights, received"
            + " name=head. Rename one of the two layers.",
        () -> Model.of(a, Dense.of(5).named("head").on(head.on(a))));
  }

  @Test
  void functionalModelsAreConnected() {
    Input a = Input.of(4);
    Input b = Input.of(5);
    refused(
        "Model: expected every Input that the outputs need among the inputs, received missing="
            + b
            + ". Add it to the inputs of Model.of.",
        () -> Model.of(a, Dense.of(1).on(b)));
    refused(
        "Model: expected inputs that lead to an output, received input="
            + b
            + ". Remove it, or use it.",
        () -> Model.of(List.of(a, b), List.of(Dense.of(1).on(a))));
    refused(
        "dense (Dense): expected one input, received inputs=2."
            + " Join them with a layer that takes several.",
        () -> Model.of(List.of(a, b), List.of(Dense.of(1).on(a, b))));
  }

  @Test
  void weightsAreFoundByPath() {
    Model model = Sequential.of(Input.of(2), Dense.of(2), Dense.of(1));
    Tensor kernel = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    model.setWeight("dense/kernel", kernel);
    assertEquals(3, model.weight("dense/kernel").get(2));
    refused(
        "weights: expected a weight's path, received path=dense/kernle. Did you mean dense/kernel?"
            + " Known: dense/kernel, dense/bias, dense_1/kernel, dense_1/bias.",
        () -> model.weight("dense/kernle"));
    assertEquals(
        "setWeight: dense_1/kernel: expected shape (2, 1), received shape=(2, 2). Give the values"
            + " of a model with the same layers.",
        assertThrows(ShapeException.class, () -> model.setWeight("dense_1/kernel", kernel))
            .getMessage());
    assertEquals(
        "setWeights: expected 4 tensors, received size=1. Give one for each of [dense/kernel,"
            + " dense/bias, dense_1/kernel, dense_1/bias].",
        assertThrows(ShapeException.class, () -> model.setWeights(List.of(kernel))).getMessage());
  }

  @Test
  void seedsDecide() {
    Model model = Sequential.of(Input.of(9), Dense.of(9));
    String zero = box(model.weight("dense/kernel"));
    assertEquals(zero, box(Sequential.of(Input.of(9), Dense.of(9)).weight("dense/kernel")));
    String one = box(model.initialize(1).weight("dense/kernel"));
    assertEquals(false, zero.equals(one));
    assertEquals(zero, box(model.initialize(0).weight("dense/kernel")));
  }

  static String box(Tensor tensor) {
    return java.util.Arrays.toString(tensor.toDoubles());
  }

  static Tensor random(int stream, int... sizes) {
    Tensor tensor = Tensor.zeros(DType.FLOAT32, Shape.of(sizes));
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, CounterRandom.normal(3, stream, 0, (int) i));
    }
    return tensor;
  }

  record Sum(Optional<String> name) implements Layer {
    @Override
    public Sum named(String name) {
      return new Sum(Optional.of(name));
    }

    @Override
    public boolean takesSeveral() {
      return true;
    }

    @Override
    public Node call(Call call, Node x) {
      return call.inputs().stream().reduce(Ops::add).orElseThrow();
    }
  }
}
