package io.kalamos.onnx;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.activations.Activations.SOFTMAX;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.CounterRandom;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.initializers.RandomNormal;
import io.kalamos.layers.*;
import io.kalamos.losses.Losses;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.models.Precision;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.SGD;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How models look as ONNX files, and what cannot be one.
class OnnxTest {
  private static Tensor random(int... sizes) {
    Tensor tensor = Tensor.zeros(DType.FLOAT32, Shape.of(sizes));
    tensor.fill(i -> CounterRandom.uniform(1, 2, 3, i) - 0.5);
    return tensor;
  }

  private static Model cnn() {
    return Sequential.of(
        Input.of(12, 12, 3),
        Rescaling.of(1 / 255.0),
        Conv2D.of(4, 3).padding(Padding.SAME).activation(RELU),
        BatchNormalization.of(),
        MaxPooling2D.of(2),
        SeparableConv2D.of(6, 3).biasInitializer(RandomNormal.of()),
        Activation.of(io.kalamos.activations.Activations.SILU),
        GlobalAveragePooling2D.of(),
        Dropout.of(0.5),
        Dense.of(10).activation(SOFTMAX));
  }

  private static GraphProto graph(Model model) {
    return Onnx.written(model).graph();
  }

  private static List<String> ops(GraphProto graph) {
    return graph.nodes().stream().map(NodeProto::opType).toList();
  }

  @Test
  void picturesAreTransposedOnce() {
    GraphProto graph = graph(cnn());
    assertEquals(
        List.of(
            "Mul",
            "Transpose",
            "Conv",
            "Relu",
            "BatchNormalization",
            "MaxPool",
            "Conv",
            "Conv",
            "Sigmoid",
            "Mul",
            "ReduceMean",
            "Flatten",
            "Gemm",
            "Softmax"),
        ops(graph));
  }

  @Test
  void namesAreTheLayers() {
    ModelProto model = Onnx.written(cnn());
    GraphProto graph = model.graph();
    assertEquals(10, model.irVersion());
    assertEquals(Map.of("", 21L), model.opsets());
    assertEquals("Kalamos", model.producerName());
    assertEquals("sequential", graph.name());
    assertEquals("Sequential sequential of 10 layers, 264 weights", graph.docString());
    assertEquals(
        List.of(
            "conv2d/kernel",
            "conv2d/bias",
            "batch_normalization/gamma",
            "batch_normalization/beta",
            "batch_normalization/moving_mean",
            "batch_normalization/moving_variance"),
        graph.initializers().stream()
            .map(TensorProto::name)
            .filter(name -> name.startsWith("conv2d/") || name.startsWith("batch"))
            .sorted(
                java.util.Comparator.comparing(cnn().weights().keySet().stream().toList()::indexOf))
            .toList());
    NodeProto last = graph.nodes().getLast();
    assertEquals("dense/Softmax", last.name());
    assertEquals(List.of("dense"), last.outputs());
    ValueInfoProto input = graph.inputs().getFirst();
    assertEquals("input_layer", input.name());
    assertEquals(
        List.of(
            new Dimension.Open("batch"),
            new Dimension.Fixed(12),
            new Dimension.Fixed(12),
            new Dimension.Fixed(3)),
        input.type().orElseThrow().shape().orElseThrow());
    assertEquals(
        List.of(new Dimension.Open("batch"), new Dimension.Fixed(10)),
        graph.outputs().getFirst().type().orElseThrow().shape().orElseThrow());
  }

  @Test
  void convolutionsAndTheirLike() throws Exception {
    OnnxRuntimeTest.check("cnn", cnn(), List.of(random(3, 12, 12, 3)));
  }

  @Test
  void theFileReplacesAnotherOne(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("new/model.onnx");
    Onnx.save(cnn(), file);
    byte[] first = Files.readAllBytes(file);
    Onnx.save(cnn(), file);
    assertArrayEquals(first, Files.readAllBytes(file), "the same model gives the same bytes");
    assertEquals(1, Files.list(file.getParent()).count(), "nothing is left beside the file");
    ModelProto read = FieldReader.read(first, Limits.DEFAULTS, ModelProto::read);
    assertEquals(Onnx.written(cnn()), read);
  }

  /// The types of a model's weights and products do not matter to its file.
  @Test
  void everyPrecisionIsWrittenInFloat32() throws Exception {
    for (Precision precision : Precision.values()) {
      Model model = cnn();
      model.compile(
          Compilation.of(SGD.of(0.1), Losses.CATEGORICAL_CROSSENTROPY)
              .running(run -> run.precision(precision).backend("java").log(line -> {})));
      GraphProto graph = graph(model);
      assertEquals(ops(graph(cnn())), ops(graph), precision.toString());
      assertTrue(
          graph.initializers().stream()
              .allMatch(t -> t.type() == ElementType.FLOAT || t.type() == ElementType.INT64),
          precision.toString());
    }
  }

  /// Inner models, inputs of several types, a layer that is used twice, an input and a value that
  /// are outputs as well.
  @Test
  void severalInputsAndOutputs() throws Exception {
    Input picture = Input.of(6).named("picture");
    Input word = Input.of(3).named("word").dtype(DType.INT32);
    Model inner = Sequential.of(Input.of(6), Dense.of(4).activation(RELU), Dense.of(5));
    Application encoded = inner.named("encoder").on(picture);
    Application again = inner.named("encoder").on(Lambda.of(x -> Ops.neg(x)).on(picture));
    Application words = Flatten.of().on(Embedding.of(7, 2).on(word));
    Application all = Concatenate.of().on(encoded, again, words);
    Application head = Dense.of(2).named("head").on(all);
    Model model = Model.of(List.of(picture, word), List.of(head, all, picture, head));
    Tensor x = random(4, 6);
    Tensor words4 = Tensor.of(new int[] {0, 1, 2, 6, 9, -1, 3, 3, 3, 1, 0, 5}, 4, 3);
    OnnxRuntimeTest.check("several", model, List.of(x, words4));
    assertEquals(
        List.of("head", "concatenate", "picture_output", "head_1"),
        graph(model).outputs().stream().map(ValueInfoProto::name).toList());
  }

  @Test
  void recurrentLayersAreOneOperator() throws Exception {
    Model model =
        Sequential.of(
            Input.of(40, 3),
            Bidirectional.of(LSTM.of(4).returnSequences(true)),
            GRU.of(5).returnSequences(true).goBackwards(true),
            SimpleRNN.of(2).activation(RELU),
            Dense.of(2));
    OnnxRuntimeTest.check("recurrent", model, List.of(random(3, 40, 3)));
    assertEquals(
        List.of(
            "Transpose",
            "LSTM",
            "Squeeze",
            "LSTM",
            "Squeeze",
            "Slice",
            "Slice",
            "Concat",
            "GRU",
            "Squeeze",
            "Slice",
            "RNN",
            "Squeeze",
            "Gemm"),
        ops(graph(model)));
  }

  /// What a recurrent layer gives lies with its steps first, whatever comes behind it.
  @Test
  void sequencesGoOnBehindRecurrentLayers() throws Exception {
    List<Layer> behind =
        List.of(
            GlobalMaxPooling1D.of(),
            GlobalAveragePooling1D.of(),
            Flatten.of(),
            Reshape.of(6, 4, 1),
            Permute.of(2, 1),
            Softmax.of(),
            Dense.of(3),
            Conv1D.of(3, 2),
            AveragePooling1D.of(2),
            BatchNormalization.of(),
            BatchNormalization.of().axis(1),
            LayerNormalization.of(),
            MultiHeadAttention.of(2, 3),
            TimeDistributed.of(Dense.of(2)),
            LSTM.of(2).returnSequences(true),
            PReLU.of());
    for (Layer layer : behind) {
      Model model =
          Sequential.of(Input.of(6, 3), Bidirectional.of(GRU.of(2).returnSequences(true)), layer);
      OnnxRuntimeTest.check("recurrent-" + layer.kind(), model, List.of(random(3, 6, 3)));
    }
  }

  /// A layer of one's own with weights, and one that is a function.
  @Test
  void ownLayers() throws Exception {
    record Swish(Optional<String> name) implements Layer {
      @Override
      public Swish named(String name) {
        return new Swish(Optional.of(name));
      }

      @Override
      public Node call(Call call, Node x) {
        Node beta =
            call.weight(
                "beta", Shape.of(x.shape().dim(-1)), WeightOptions.of(RandomNormal.of().mean(1)));
        return Ops.multiply(x, Ops.sigmoid(Ops.multiply(x, beta)));
      }
    }
    Model model =
        Sequential.of(
            Input.of(4, 3),
            new Swish(Optional.empty()),
            Lambda.of(x -> Ops.cast(Ops.argMax(x), DType.FLOAT32)));
    OnnxRuntimeTest.check("own", model, List.of(random(3, 4, 3)));
  }

  private static void refuses(String message, UnaryOperator<Node> function) {
    Model model = Sequential.of(Input.of(4), Lambda.of(function).named("odd"));
    var refused = assertThrows(IllegalArgumentException.class, () -> Onnx.written(model));
    assertEquals(message, refused.getMessage());
  }

  @Test
  void namesTheLayerAndTheOperationThatOnnxLacks() {
    refuses(
        "Onnx.save: odd: expected operations that ONNX has, received op=RandomUniform. Leave it out"
            + " of what the model does while predicting.",
        x -> Ops.add(x, Ops.randomUniform(x, 1)));
  }

  @Test
  void namesTheLayerThatDependsOnTheBatch() {
    String always = " Write the layer so that no number in it depends on the batch size.";
    refuses(
        "Onnx.save: odd: expected operations that are the same for batches of any size, received"
            + " op=Fill 7.0."
            + always,
        x -> Ops.multiply(x, x.shape().dim(0)));
    refuses(
        "Onnx.save: odd: expected slices of the same places for batches of any size, received"
            + " op=Slice [22, 0] to [23, 4]."
            + always,
        x -> Ops.add(x, Ops.slice(x, 0, x.shape().dim(0) - 1, x.shape().dim(0))));
    refuses(
        "Onnx.save: odd: expected sizes that are fixed, or grow with the batch in proportion,"
            + " received op=Reshape."
            + always,
        x -> {
          Node more = Ops.concatenate(0, x, Ops.constant(random(1, 4)));
          int rows = x.shape().dim(0) + 1;
          return Ops.multiply(x, Ops.sumAll(Ops.reshape(more, Shape.of(rows, 2, 2))));
        });
  }

  @Test
  void tellsWhereFilesEnd() {
    Model model = Sequential.of(Input.of(4), Dense.of(3));
    var refused = assertThrows(IllegalArgumentException.class, () -> Onnx.written(model, 59));
    assertEquals(
        "Onnx.save: expected weights of at most 59 bytes in all, as ONNX files end at 2 GiB,"
            + " received bytes=60. Make the model smaller, or export parts of it.",
        refused.getMessage());
    assertEquals(2, Onnx.written(model, 60).graph().initializers().size());
  }
}
