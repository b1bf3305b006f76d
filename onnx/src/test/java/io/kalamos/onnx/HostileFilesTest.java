package io.kalamos.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.models.Model;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that are damaged, wrong or made to harm: a clear error, soon, and without much memory.
class HostileFilesTest {
  @TempDir Path folder;

  private static String refused(GraphBytes graph) {
    return assertThrows(IllegalArgumentException.class, graph::load).getMessage();
  }

  @Test
  void unknownOperatorsAreToldAllAtOnce() {
    GraphBytes graph =
        GraphBytes.of(4)
            .node("StringNormalizer", List.of("x"), List.of("a"))
            .node("com.microsoft", "FusedMatMul", List.of("a"), List.of("b"))
            .node("Relu", List.of("b"), List.of("c"))
            .node("StringNormalizer", List.of("c"), List.of("y"));
    assertEquals(
        "ONNX graph: expected operators that docs/onnx-support.md lists, received operators="
            + "StringNormalizer at n0, n3; com.microsoft::FusedMatMul at n1. Export the model"
            + " without them, or end it before with load.outputs(...).",
        refused(graph));
  }

  @Test
  void operatorsThatNoOutputNeedsDoNotMatter() {
    try (Model model =
        GraphBytes.of(4)
            .node("StringNormalizer", List.of("x"), List.of("a"))
            .node("Relu", List.of("x"), List.of("y"))
            .load()) {
      assertEquals(2, model.layers().size());
    }
  }

  @Test
  void circles() {
    GraphBytes graph =
        GraphBytes.of(4)
            .node("Add", List.of("x", "b"), List.of("a"))
            .node("Relu", List.of("a"), List.of("b"))
            .node("Relu", List.of("b"), List.of("y"));
    assertEquals(
        "ONNX graph: expected nodes without a circle, received circle=through node n1 (Relu)."
            + " The file is damaged; export it again.",
        refused(graph));
  }

  @Test
  void valuesThatNothingMakes() {
    assertEquals(
        "ONNX graph: expected values that the graph makes for node n0 (Add), received value=w."
            + " The file is damaged; export it again.",
        refused(GraphBytes.of(4).node("Add", List.of("x", "w"), List.of("y"))));
    assertEquals(
        "ONNX graph: expected values that the graph makes for output, received value=y."
            + " Name a value of the file.",
        refused(GraphBytes.of(4).node("Relu", List.of("x"), List.of("z"))));
  }

  @Test
  void valuesThatAreMadeTwice() {
    assertEquals(
        "ONNX graph: expected one origin for each value, received value=y. The file is damaged;"
            + " export it again.",
        refused(
            GraphBytes.of(4)
                .node("Relu", List.of("x"), List.of("y"))
                .node("Tanh", List.of("x"), List.of("y"))));
  }

  @Test
  void opsets() {
    assertEquals(
        "ONNX graph: expected operators of opset 7 to 28, received opset=6. Export the model with"
            + " opset_version=18.",
        refused(GraphBytes.of(4).opset(6).node("Relu", List.of("x"), List.of("y"))));
  }

  @Test
  void externalData() {
    TensorProto outside =
        new TensorProto("w", ElementType.FLOAT, List.of(4L), ByteBuffer.allocate(0), true);
    assertEquals(
        "ONNX graph tensor w: expected numbers within the file, received location=another file."
            + " Only the file itself is opened; save the model with its weights inside:"
            + " onnx.save(model, path, save_as_external_data=False).",
        refused(
            GraphBytes.of(4).initializer(outside).node("Add", List.of("x", "w"), List.of("y"))));
  }

  @Test
  void sizesThatAreOnlyClaimed() {
    ByteBuffer few = ByteBuffer.allocate(8);
    assertEquals(
        "ONNX graph tensor w: expected 4000000000 bytes for FLOAT(1000, 1000000), received"
            + " bytes=8. The file is damaged; use another copy.",
        refused(
            GraphBytes.of(4)
                .initializer(
                    TensorProto.of("w", ElementType.FLOAT, List.of(1000L, 1_000_000L), few))
                .node("Add", List.of("x", "w"), List.of("y"))));
    for (List<Long> dims :
        List.of(List.of(-1L, 2L), List.of(1L << 40, 1L << 40), List.of(Long.MIN_VALUE))) {
      assertEquals(
          "ONNX graph tensor w: expected at most 16 sizes of 0 or more, whose product is below"
              + " 2^31, received dims="
              + dims
              + ". The file is damaged; use another copy.",
          refused(
              GraphBytes.of(4)
                  .initializer(TensorProto.of("w", ElementType.FLOAT, dims, few))
                  .node("Add", List.of("x", "w"), List.of("y"))));
    }
  }

  @Test
  void inputsWithoutSizes() {
    GraphBytes graph =
        new GraphBytes()
            .input(
                "image",
                List.of(
                    new Dimension.Open("n"),
                    new Dimension.Fixed(3),
                    new Dimension.Open("height"),
                    new Dimension.Open("")))
            .output("y")
            .node("Relu", List.of("image"), List.of("y"));
    assertEquals(
        "Onnx.load: input image: expected sizes of one sample that fit [3, height, ?], received"
            + " input=none. Name them as load.input(\"image\", 3, 224, 224).",
        refused(graph));
    LoadOptions wrong = LoadOptions.DEFAULTS.input("image", 1, 8, 8);
    assertEquals(
        "Onnx.load: input image: expected sizes of one sample that fit [3, height, ?], received"
            + " input=(1, 8, 8). Name them as load.input(\"image\", 3, 224, 224).",
        assertThrows(IllegalArgumentException.class, () -> graph.load(wrong)).getMessage());
    LoadOptions unknown = LoadOptions.DEFAULTS.input("picture", 3, 8, 8);
    assertEquals(
        "Onnx.load: expected an input of the file: [image], received input=picture. Name one of"
            + " these.",
        assertThrows(IllegalArgumentException.class, () -> graph.load(unknown)).getMessage());
    try (Model model = graph.load(LoadOptions.DEFAULTS.input("image", 3, 8, 8))) {
      assertEquals(
          Shape.of(2, 3, 8, 8), model.predict(Tensor.of(new float[384], 2, 3, 8, 8)).shape());
    }
    assertEquals(
        "Onnx.load: expected sizes of 1 or more, without the batch, received input=image(3, 0)."
            + " Name the sizes of one sample, such as input(\"image\", 3, 224, 224).",
        assertThrows(
                IllegalArgumentException.class, () -> LoadOptions.DEFAULTS.input("image", 3, 0))
            .getMessage());
  }

  @Test
  void inputsThatAreNoSamples() {
    GraphBytes negative =
        new GraphBytes()
            .input("x", List.of(new Dimension.Fixed(-3), new Dimension.Fixed(4)))
            .output("y")
            .node("Relu", List.of("x"), List.of("y"));
    assertEquals(
        "ONNX graph: input x: expected sizes from 1 to 2147483647, received size=-3. The file is"
            + " damaged; export it again.",
        refused(negative));
    GraphBytes mixed =
        new GraphBytes()
            .input("x", List.of(new Dimension.Fixed(3), new Dimension.Fixed(4)))
            .input("w", List.of(new Dimension.Fixed(4), new Dimension.Fixed(4)))
            .output("y")
            .node("MatMul", List.of("x", "w"), List.of("y"));
    assertEquals(
        "ONNX graph: expected inputs whose first axis is the batch, received sizes=[3, 4]. Export"
            + " the model with an open batch, such as dynamic_axes={\"x\": {0: \"batch\"}}.",
        refused(mixed));
    GraphBytes none = new GraphBytes().input("x", 4).output("y");
    none.initializer(TensorProto.wholes("w", 1, 2)).node("Neg", List.of("w"), List.of("y"));
    assertEquals(
        "ONNX graph: expected an output or more that depend on an input, received inputs,"
            + " outputs=0, 1. The file holds no network; export it again.",
        refused(none));
  }

  @Test
  void inputsThatNothingNeedsAreLeftOut() {
    GraphBytes unused = GraphBytes.of(4).input("z", 4).node("Relu", List.of("x"), List.of("y"));
    try (Model model = unused.load()) {
      assertEquals(List.of("x"), model.inputNames());
    }
  }

  @Test
  void shapesThatDoNotFit() {
    assertEquals(
        "node n0 (Reshape): expected a shape for the 20 elements of (5, 4), received shape=[-1, 3]."
            + " Export the model with an open batch as its only open size.",
        refused(
            GraphBytes.of(4)
                .initializer(TensorProto.wholes("s", -1, 3))
                .node("Reshape", List.of("x", "s"), List.of("y"))));
    assertEquals(
        "node n0 (Add): broadcast: expected axes that are equal or 1 from the end, received shapes=(5, 4) and"
            + " (3,). Reshape one of them.",
        refused(
            GraphBytes.of(4)
                .initializer(TensorProto.wholes("s", 1, 2, 3))
                .node("Add", List.of("x", "s"), List.of("y"))));
  }

  @Test
  void aBatchThatBecamePartOfOtherSizes() {
    GraphBytes graph =
        new GraphBytes()
            .input("x", List.of(new Dimension.Fixed(1), new Dimension.Fixed(4)))
            .output("y")
            .initializer(TensorProto.wholes("s", 4, 1))
            .node("Reshape", List.of("x", "s"), List.of("y"));
    assertEquals(
        "node n0 (Reshape): reshape: expected 20 elements as in (5, 4), received shape=(4, 1). Keep"
            + " the number of elements. The file is made for batches of 1; export it with an open"
            + " batch: dynamic_axes={\"x\": {0: \"batch\"}}.",
        refused(graph));
  }

  @Test
  void resultsWithoutSamples() {
    assertEquals(
        "ONNX graph: output y: expected a result of the data whose first axis is the batch,"
            + " received shape=(1, 4) for 5 samples. Choose other outputs with load.outputs(...).",
        refused(
            GraphBytes.of(4)
                .node("ReduceSum", List.of("x", "axes"), List.of("y"))
                .initializer(TensorProto.wholes("axes", 0))));
  }

  @Test
  void attributesOfAnotherKind() {
    assertEquals(
        "node n0 (Softmax): expected a whole number as attribute axis, received"
            + " axis=Text[value=one]. The file does not keep to ONNX; export it again.",
        refused(
            GraphBytes.of(4)
                .node("Softmax", List.of("x"), List.of("y"), AttributeProto.text("axis", "one"))));
    assertEquals(
        "node n0 (Softmax): expected an axis from -2 to 1, received axis=7. Export the model anew.",
        refused(
            GraphBytes.of(4)
                .node("Softmax", List.of("x"), List.of("y"), AttributeProto.whole("axis", 7))));
  }

  @Test
  void partsOfOperatorsThatAreNotRead() {
    assertEquals(
        "node n0 (Conv): expected pictures (batch, channels, height, width) or sequences (batch,"
            + " channels, steps), received shape=(5, 1, 4, 4, 4). Three-dimensional convolutions"
            + " and pooling are not read.",
        refused(
            GraphBytes.of(1, 4, 4, 4)
                .initializer(floats("w", 1, 1, 2, 2, 2))
                .node("Conv", List.of("x", "w"), List.of("y"))));
    assertEquals(
        "node n0 (MaxPool): expected one output, received outputs=2. Places of maxima are not"
            + " read.",
        refused(
            GraphBytes.of(1, 4, 4)
                .node(
                    "MaxPool",
                    List.of("x"),
                    List.of("y", "places"),
                    AttributeProto.wholes("kernel_shape", List.of(2L, 2L)))));
    assertEquals(
        "node n0 (Einsum): expected an equation of letters for 1 inputs, none twice in one,"
            + " received equation=bii->bi. Write it with matmul, transpose and sum instead of dots"
            + " and diagonals.",
        refused(
            GraphBytes.of(4, 4)
                .node(
                    "Einsum",
                    List.of("x"),
                    List.of("y"),
                    AttributeProto.text("equation", "bii->bi"))));
    assertEquals(
        "node n0 (Reshape): expected an input number 2 that does not depend on the data, received"
            + " input=x. Export the model with fixed sizes, only the batch being open.",
        refused(GraphBytes.of(4).node("Reshape", List.of("x", "x"), List.of("y"))));
    assertEquals(
        "node n0 (Attention): expected attention over whole sequences: no past keys, lengths,"
            + " windows, softcap and further outputs, received inputs, outputs, options=3, 1,"
            + " [left_window]. Export the model without a cache of keys and values.",
        refused(
            GraphBytes.of(2, 4, 8)
                .opset(24)
                .node(
                    "Attention",
                    List.of("x", "x", "x"),
                    List.of("y"),
                    AttributeProto.whole("left_window", 1))));
  }

  /// Small files that ask for gigabytes or for ages.
  @Test
  void bombs() {
    GraphBytes filled =
        GraphBytes.of(4)
            .initializer(TensorProto.wholes("s", 1 << 20, 1 << 20))
            .node("ConstantOfShape", List.of("s"), List.of("c"))
            .node("Add", List.of("x", "c"), List.of("y"));
    assertEquals(
        "node n0 (ConstantOfShape): expected at most 2147483647 numbers for 5 samples, received"
            + " shape=(1048576, 1048576). Use smaller inputs.",
        quickly(filled));
    GraphBytes range =
        GraphBytes.of(4)
            .initializer(scalar("from", 0))
            .initializer(scalar("to", Long.MAX_VALUE))
            .initializer(scalar("by", 1))
            .node("Range", List.of("from", "to", "by"), List.of("c"))
            .node("Add", List.of("x", "c"), List.of("y"));
    assertEquals(
        "node n0 (Range): expected at most 2^24 numbers, received count=9.223372036854776E18."
            + " Use a shorter range.",
        quickly(range));
    GraphBytes tiles =
        GraphBytes.of(4)
            .initializer(TensorProto.wholes("s", 1, 1_000_000_000))
            .node("Tile", List.of("x", "s"), List.of("y"));
    assertEquals(
        "node n0 (Tile): expected repeats of at most 4096, received repeats=1000000000. Use"
            + " shorter sequences or smaller tensors.",
        quickly(tiles));
    GraphBytes pads =
        GraphBytes.of(4)
            .initializer(TensorProto.wholes("p", 0, 0, 0, Long.MAX_VALUE))
            .node("Pad", List.of("x", "p"), List.of("y"));
    assertEquals(
        "node n0 (Pad): expected pads from -2147483648 to 2147483647, received"
            + " pads=9223372036854775807. Export the model anew.",
        quickly(pads));
  }

  @Test
  void longSequencesAreNotUnrolled() {
    GraphBytes graph = GraphBytes.of(2_000_000, 1);
    graph
        .initializer(floats("w", 1, 4, 1))
        .initializer(floats("r", 1, 4, 1))
        .node(
            "Transpose",
            List.of("x"),
            List.of("t"),
            AttributeProto.wholes("perm", List.of(1L, 0L, 2L)))
        .node("LSTM", List.of("t", "w", "r"), List.of("y"), AttributeProto.whole("hidden_size", 1));
    assertEquals(
        "node n1 (LSTM): expected steps of at most 4096, received steps=2000000. Use shorter"
            + " sequences or smaller tensors.",
        quickly(graph));
  }

  /// Doubling a constant again and again.
  @Test
  void constantsThatGrow() {
    GraphBytes graph = GraphBytes.of(1).initializer(floats("c0", 1, 1024));
    for (int i = 0; i < 60; i++) {
      graph.node(
          "Concat",
          List.of("c" + i, "c" + i),
          List.of("c" + (i + 1)),
          AttributeProto.whole("axis", 0));
    }
    graph.node("Add", List.of("x", "c60"), List.of("y"));
    String message = quickly(graph);
    assertTrue(
        message.startsWith("node n20 (Concat): expected at most 2147483647 numbers"), message);
  }

  private static String quickly(GraphBytes graph) {
    return assertTimeout(Duration.ofSeconds(20), () -> refused(graph));
  }

  private static TensorProto scalar(String name, long value) {
    TensorProto list = TensorProto.wholes(name, value);
    return TensorProto.of(name, list.type(), List.of(), list.raw());
  }

  private static TensorProto floats(String name, long... dims) {
    int size = (int) Arrays.stream(dims).reduce(1, (a, b) -> a * b);
    return TensorProto.of(
        name,
        ElementType.FLOAT,
        Arrays.stream(dims).boxed().toList(),
        ByteBuffer.allocate(4 * size));
  }

  @Test
  void manyLayersInARow() {
    GraphBytes graph = GraphBytes.of(2);
    String from = "x";
    for (int i = 0; i < 5000; i++) {
      String to = i == 4999 ? "y" : "v" + i;
      graph.node(i % 2 == 0 ? "Relu" : "Cos", List.of(from), List.of(to));
      from = to;
    }
    assertTimeout(
        Duration.ofSeconds(20),
        () -> {
          try (Model model = graph.load()) {
            assertEquals(5001, model.layers().size());
          }
        });
  }

  @Test
  void tooManyNodes() {
    GraphBytes graph = GraphBytes.of(2);
    for (int i = 0; i < 20_001; i++) {
      graph.node("Relu", List.of("x"), List.of(i == 0 ? "y" : "v" + i));
    }
    assertEquals(
        "ONNX graph: expected at most 20000 nodes, received nodes=20001. Simplify the model before"
            + " it is exported.",
        refused(graph));
  }

  @Test
  void filesBeyondTheFormat() throws IOException {
    Path file = folder.resolve("large.onnx");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(3L << 30);
    }
    assertEquals(
        file
            + ": expected at most 2147483639 bytes, where ONNX files end, received"
            + " bytes=3221225472. Make the model smaller, or use another copy.",
        assertThrows(IOException.class, () -> Onnx.load(file)).getMessage());
  }

  @Test
  void filesThatEndEarly() throws IOException {
    byte[] whole = Files.readAllBytes(OnnxFilesTest.file("torchscript-two-inputs"));
    int refused = 0;
    for (int length = 0; length < whole.length; length++) {
      refused += readable(Arrays.copyOf(whole, length)) ? 0 : 1;
    }
    // What stands behind the graph ends with the versions of operators; nothing shorter is whole.
    assertEquals(whole.length, refused);
  }

  /// Bytes changed at random: read, or refused with one of the two errors, nothing else.
  @Test
  void filesWithWrongBytes() throws IOException {
    for (String name : List.of("torchscript-two-inputs", "torchscript-squeeze-excite")) {
      byte[] whole = Files.readAllBytes(OnnxFilesTest.file(name));
      Random random = new Random(1);
      assertTimeout(
          Duration.ofSeconds(120),
          () -> {
            for (int round = 0; round < 400; round++) {
              byte[] wrong = whole.clone();
              for (int i = 0; i <= random.nextInt(4); i++) {
                wrong[random.nextInt(wrong.length)] = (byte) random.nextInt(256);
              }
              readable(wrong);
            }
          });
    }
  }

  private boolean readable(byte[] bytes) throws IOException {
    Path file = folder.resolve("file.onnx");
    Files.write(file, bytes);
    try (Model model = Onnx.load(file)) {
      return model.countParams() >= 0;
    } catch (IOException | IllegalArgumentException refused) {
      assertTrue(refused.getMessage() != null && !refused.getMessage().isBlank());
      return false;
    }
  }
}
