package io.kalamos.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.data.Samples;
import io.kalamos.engine.Backend;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Layer;
import io.kalamos.losses.Losses;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.optimizers.Adam;
import io.kalamos.testkit.Npy;
import io.kalamos.testkit.Npz;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Files that PyTorch and tf2onnx exported (`golden/make_files.py`): predictions as onnxruntime's,
/// and a training that works.
class OnnxFilesTest {
  /// What meets only zeros: the first step of unrolled recurrence.
  private static final Map<String, List<String>> UNUSED =
      Map.of(
          "keras-text",
          List.of("Cast_1/sequential_1.lstm_1.lstm_cell_15.Cast_1.ReadVariableOp.0"),
          "torch-sentence",
          List.of("onnx_add_1/val_211"));

  static Stream<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder())) {
      List<String> names =
          all.map(path -> path.getFileName().toString())
              .filter(name -> name.endsWith(".onnx"))
              .map(name -> name.substring(0, name.length() - 5))
              .sorted()
              .toList();
      assertEquals(24, names.size());
      return names.stream();
    }
  }

  static Path folder() {
    try {
      return Path.of(OnnxFilesTest.class.getResource("files").toURI());
    } catch (URISyntaxException problem) {
      throw new IllegalStateException(problem);
    }
  }

  static Path file(String name) {
    return folder().resolve(name + ".onnx");
  }

  /// The arrays `input0`, `input1`, ... or `output0`, ... of a file.
  static List<Tensor> arrays(String name, String kind) throws IOException {
    try (InputStream in = Files.newInputStream(folder().resolve(name + ".npz"))) {
      Map<String, Npy> arrays = Npz.read(in);
      List<Tensor> tensors = new ArrayList<>();
      for (int i = 0; arrays.containsKey(kind + i); i++) {
        tensors.add(
            switch (arrays.get(kind + i)) {
              case Npy.Floats(int[] shape, float[] values) -> Tensor.of(values, shape);
              case Npy.Ints(int[] shape, int[] values) -> Tensor.of(values, shape);
              case Npy other -> throw new IllegalStateException(other.dtype());
            });
      }
      return tensors;
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void predictsWhatOnnxruntimeDoes(String name) throws IOException {
    try (Model model = Onnx.load(file(name))) {
      List<Tensor> wanted = arrays(name, "output");
      List<Tensor> received = model.predict(arrays(name, "input"), 2);
      assertEquals(wanted.size(), received.size());
      for (int i = 0; i < wanted.size(); i++) {
        close(name, wanted.get(i), received.get(i));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void backendsAgree(String name) throws IOException {
    List<List<Tensor>> predictions = new ArrayList<>();
    for (Backend backend : Backend.all()) {
      if (backend.availability().usable()) {
        try (Model model = Onnx.load(file(name))) {
          model.compile(
              Compilation.of(Adam.of(), Losses.MEAN_SQUARED_ERROR)
                  .running(run -> run.backend(backend.name()).log(line -> {})));
          predictions.add(model.predict(arrays(name, "input"), 2));
        }
      }
    }
    List<Tensor> plain = predictions.getLast();
    for (List<Tensor> others : predictions) {
      for (int i = 0; i < plain.size(); i++) {
        close(name, plain.get(i), others.get(i));
      }
    }
  }

  /// Equal within 1e-5 of the greatest number.
  static void close(String what, Tensor wanted, Tensor received) {
    assertEquals(wanted.shape(), received.shape(), what);
    double[] a = wanted.toDoubles();
    double[] b = received.toDoubles();
    double greatest = 0;
    for (double value : a) {
      greatest = Math.max(greatest, Math.abs(value));
    }
    assertTrue(greatest > 0, what);
    for (int i = 0; i < a.length; i++) {
      assertEquals(a[i], b[i], 1e-5 * greatest, what + " at " + i);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void fineTuningChangesAllWeightsAndLowersTheLoss(String name) throws IOException {
    try (Model model = Onnx.load(file(name))) {
      Map<String, Tensor> x = named(model.inputNames(), arrays(name, "input"));
      List<Tensor> targets = new ArrayList<>();
      for (Tensor output : arrays(name, "output")) {
        Tensor target = Tensor.zeros(output.dtype(), output.shape());
        target.fill(i -> output.get(i) + 0.3 * Math.cos(i));
        targets.add(target);
      }
      Map<String, Tensor> before = new LinkedHashMap<>();
      model.weights().forEach((path, weight) -> before.put(path, weight.copy()));
      model.compile(Adam.of(1e-3), Losses.MEAN_SQUARED_ERROR);
      Samples samples = Samples.of(x, named(model.outputNames(), targets));
      double first = model.trainOnBatch(samples).loss();
      List<String> same = new ArrayList<>();
      model
          .weights()
          .forEach(
              (path, weight) -> {
                if (model.trainable(path)
                    && weight.memory().mismatch(before.get(path).memory()) < 0) {
                  same.add(path);
                }
              });
      double last = first;
      for (int i = 0; i < 10; i++) {
        last = model.trainOnBatch(samples).loss();
      }
      assertEquals(UNUSED.getOrDefault(name, List.of()), same);
      assertFalse(before.isEmpty());
      assertTrue(last < first, name + ": " + first + " to " + last);
    }
  }

  private static Map<String, Tensor> named(List<String> names, List<Tensor> tensors) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      named.put(names.get(i), tensors.get(i));
    }
    return named;
  }

  @Test
  void aNetworkReadsLikeKeras() throws IOException {
    assertEquals(
        List.of(
            "input0: InputLayer",
            "permute: Permute",
            "features.0: Conv2D",
            "re_lu: ReLU",
            "max_pooling2d: MaxPooling2D",
            "features.4: Conv2D",
            "re_lu_1: ReLU",
            "features.7: Conv2D",
            "re_lu_2: ReLU",
            "max_pooling2d_1: MaxPooling2D",
            "average_pooling2d: AveragePooling2D",
            "flatten: Flatten",
            "classifier.0: Dense",
            "re_lu_3: ReLU",
            "classifier.3: Dense"),
        layers("torch-vgg"));
  }

  @Test
  void batchNormalisationAndShortcutsAreLayers() throws IOException {
    List<String> layers = layers("torchscript-resnet");
    assertEquals("conv1: Conv2D", layers.get(3));
    assertEquals("bn1: BatchNormalization", layers.get(4));
    assertTrue(layers.contains("layer2.0.downsample.1: BatchNormalization"), layers::toString);
    assertTrue(layers.contains("add_2: Add"), layers::toString);
    assertEquals("fc: Dense", layers.getLast());
    assertEquals(
        List.of("onnx_max_pool: OnnxMaxPool"),
        layers.stream().filter(layer -> layer.contains("Onnx")).toList());
  }

  @Test
  void aFileOfKerasHasNoTransposes() throws IOException {
    List<String> layers = layers("keras-mobilenet");
    assertTrue(layers.stream().noneMatch(layer -> layer.contains("Permute")), layers::toString);
    assertTrue(
        layers.stream().anyMatch(layer -> layer.contains("DepthwiseConv2D")), layers::toString);
  }

  private static List<String> layers(String name) throws IOException {
    try (Model model = Onnx.load(file(name))) {
      List<String> lines = new ArrayList<>();
      for (Map.Entry<String, Layer> layer : model.layers().entrySet()) {
        lines.add(layer.getKey() + ": " + layer.getValue().kind());
      }
      return lines;
    }
  }

  @Test
  void sequencesAreLayers() throws IOException {
    assertEquals(
        List.of(
            "input0: InputLayer",
            "embedding: Embedding",
            "conv: Conv1D",
            "re_lu: ReLU",
            "max_pooling1d: MaxPooling1D",
            "lstm: Bidirectional",
            "gru: GRU",
            "rnn: SimpleRNN",
            "onnx_gather: OnnxGather",
            "fc: Dense"),
        layers("torchscript-sentence"));
  }

  @Test
  void picturesMayHaveTheirChannelsLast() throws IOException {
    Tensor x = arrays("torch-unet", "input").getFirst();
    try (Model first = Onnx.load(file("torch-unet"));
        Model last = Onnx.load(file("torch-unet"), load -> load.channelsLast(true))) {
      Tensor wanted = Tensors.transposed(first.predict(x), 0, 2, 3, 1);
      Tensor received = last.predict(Tensors.transposed(x, 0, 2, 3, 1));
      assertEquals(Shape.of(3, 46, 46, 2), received.shape());
      close("channels last", wanted, received);
    }
  }

  @Test
  void aFrozenLayerStaysAndItsHeadLearns() throws IOException {
    try (Model model = Onnx.load(file("torchscript-resnet"))) {
      model.layers().keySet().forEach(layer -> model.trainable(layer, layer.equals("fc")));
      model.compile(Adam.of(1e-2), Losses.MEAN_SQUARED_ERROR);
      Tensor before = model.weight("conv1/kernel");
      Tensor mean = model.weight("bn1/moving_mean");
      Tensor head = model.weight("fc/kernel");
      Tensor x = arrays("torchscript-resnet", "input").getFirst();
      model.trainOnBatch(x, Tensor.zeros(x.dtype(), Shape.of(3, 4)));
      assertEquals(-1, before.memory().mismatch(model.weight("conv1/kernel").memory()));
      assertEquals(-1, mean.memory().mismatch(model.weight("bn1/moving_mean").memory()));
      assertTrue(head.memory().mismatch(model.weight("fc/kernel").memory()) >= 0);
    }
  }

  @Test
  void aModelMayEndBeforeItsHead() throws IOException {
    ModelProto file =
        FieldReader.read(
            Files.readAllBytes(file("torchscript-resnet")), Limits.DEFAULTS, ModelProto::read);
    String before = file.graph().nodes().getLast().inputs().getFirst();
    try (Model model = Onnx.load(file("torchscript-resnet"), load -> load.outputs(before))) {
      Tensor features = model.predict(arrays("torchscript-resnet", "input").getFirst());
      assertEquals(Shape.of(3, 10), features.shape());
      assertFalse(model.layers().containsKey("fc"));
    }
  }
}
