package io.kalamos.tensorboard;

import static io.kalamos.activations.Activations.SOFTMAX;
import static io.kalamos.losses.Losses.SPARSE_CATEGORICAL_CROSSENTROPY;
import static io.kalamos.metrics.Metrics.ACCURACY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.kalamos.data.Samples;
import io.kalamos.engine.DType;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Add;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Embedding;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Input;
import io.kalamos.layers.LSTM;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.Adam;
import io.kalamos.saving.ModelConfig;
import io.kalamos.schedules.ExponentialDecay;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The logs of two trainings beside those of Keras's callback, which `golden/keras_board.py` wrote.
/// They stay in `target/keras-board`, where `golden/check.py` reads them with TensorBoard's
/// readers.
class KerasBoardTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonNode golden(String network) throws IOException {
    try (InputStream in = KerasBoardTest.class.getResourceAsStream("keras_board.json")) {
      return JSON.readTree(in).get(network);
    }
  }

  private static Tensor labels() {
    return Tensor.of(IntStream.range(0, 64).map(i -> i * 31 % 3).toArray(), 64);
  }

  private static Samples images() {
    float[] x = new float[64 * 12 * 12];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (i * 7919 % 257 / 256.0);
    }
    return Samples.of(Tensor.of(x, 64, 12, 12, 1), labels());
  }

  private static Samples letters() {
    int[] x = IntStream.range(0, 64 * 6).map(i -> i * 37 % 11 % 10).toArray();
    return Samples.of(Tensor.of(x, 64, 6), labels());
  }

  private static Model convolution() {
    return Sequential.of(
        Input.of(12, 12, 1),
        Conv2D.of(2, 3).useBias(false),
        BatchNormalization.of(),
        Flatten.of(),
        Dense.of(3).activation(SOFTMAX));
  }

  private static Model nested() {
    var x = Input.of(6).dtype(DType.INT32).named("text");
    var states = LSTM.of(4).named("reader").on(Embedding.of(10, 4).named("letters").on(x));
    var chain =
        Sequential.of(Input.of(4).named("chain_input"), Dense.of(4).named("first")).named("chain");
    var inner = Input.of(4).named("inner_input");
    var half = Dense.of(4).named("second").on(inner);
    var part = Model.of(inner, Add.of().named("sum").on(half, inner)).named("part");
    var shared = Dense.of(4).named("shared");
    var y = shared.on(part.on(shared.on(chain.on(states))));
    return Model.of(x, Dense.of(3).activation(SOFTMAX).named("classes").on(y)).named("network");
  }

  @ParameterizedTest
  @ValueSource(strings = {"convolution", "nested"})
  void tagsAndValuesAreThoseOfKeras(String network) throws IOException {
    boolean images = network.equals("convolution");
    JsonNode golden = golden(network);
    Path logs = Path.of("target/keras-board", network);
    clear(logs);
    TensorBoard board = TensorBoard.to(logs).histogramFreq(1);
    if (images) {
      board = board.writeImages(true).writeStepsPerSecond(true).updateFreq(2);
    }
    TensorBoard callback = board;
    try (Model model = images ? convolution() : nested()) {
      model.setWeights(weights(model, golden.get("weights")));
      model.compile(
          Adam.of(ExponentialDecay.of(0.01, 10, 0.5)), SPARSE_CATEGORICAL_CROSSENTROPY, ACCURACY);
      model.fit(
          images ? images() : letters(),
          fit ->
              fit.batchSize(12)
                  .epochs(2)
                  .validationSplit(0.25)
                  .shuffle(false)
                  .verbose(false)
                  .callbacks(callback));
    }
    for (Map.Entry<String, JsonNode> run : golden.get("runs").properties()) {
      compare(run.getValue(), EventReader.only(logs.resolve(run.getKey())));
    }
    assertEquals(Set.of("train", "validation"), names(logs));
  }

  /// Names are escaped, and whole configurations give the same graph.
  @Test
  void graphsAreThoseOfWholeConfigurations() throws IOException {
    Model named = Sequential.of(Input.of(4), Dense.of(3).named("a \"b\" \\ c")).named("tab\there");
    for (Model model : List.of(convolution(), nested(), named)) {
      JsonNode ours = JSON.readTree(LayerGraph.of(model));
      JsonNode whole = ModelConfig.of(model);
      assertEquals(layers(whole), layers(ours));
      for (String ends : List.of("name", "input_layers", "output_layers")) {
        assertEquals(whole.get("config").get(ends), ours.get("config").get(ends), ends);
      }
    }
  }

  /// Beside it stands a graph with a node for each application of a layer.
  @Test
  void aGraphOfNodes() throws IOException {
    UnknownFieldSet graph =
        EventReader.parsed(ByteString.copyFrom(LayerNodes.of(nested()).toBytes()));
    List<String> nodes = new ArrayList<>();
    for (ByteString bytes : graph.getField(1).getLengthDelimitedList()) {
      UnknownFieldSet node = EventReader.parsed(bytes);
      List<ByteString> inputs = node.getField(3).getLengthDelimitedList();
      nodes.add(
          EventReader.text(node, 1)
              + " "
              + EventReader.text(node, 2)
              + inputs.stream().map(ByteString::toStringUtf8).toList()
              + shapes(node));
    }
    assertEquals(
        List.of(
            "text InputLayer[][-1, 6]",
            "letters Embedding[text][-1, 6, 4]",
            "reader LSTM[letters][-1, 4]",
            "chain/chain_input InputLayer[reader][-1, 4]",
            "chain/first Dense[chain/chain_input][-1, 4]",
            "shared Dense[chain/first][-1, 4]",
            "part/inner_input InputLayer[shared][-1, 4]",
            "part/second Dense[part/inner_input][-1, 4]",
            "part/sum Add[part/second, part/inner_input][-1, 4]",
            "shared_1 Dense[part/sum][-1, 4]",
            "classes Dense[shared_1][-1, 3]"),
        nodes);
  }

  private static List<Long> shapes(UnknownFieldSet node) throws IOException {
    UnknownFieldSet attribute = EventReader.message(node, 5);
    assertEquals("_output_shapes", EventReader.text(attribute, 1));
    UnknownFieldSet list = EventReader.message(EventReader.message(attribute, 2), 1);
    List<Long> sizes = new ArrayList<>();
    for (ByteString size : EventReader.message(list, 7).getField(2).getLengthDelimitedList()) {
      sizes.add(EventReader.whole(EventReader.parsed(size), 1));
    }
    return sizes;
  }

  private static List<Tensor> weights(Model model, JsonNode values) {
    List<Tensor> weights = new ArrayList<>();
    for (Tensor weight : model.getWeights()) {
      float[] numbers = numbers(values.get(weights.size()));
      weights.add(Tensor.of(numbers, weight.shape().toArray()));
    }
    return weights;
  }

  private static float[] numbers(JsonNode values) {
    float[] numbers = new float[values.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) values.get(i).asDouble();
    }
    return numbers;
  }

  private static void compare(JsonNode golden, EventReader.Contents contents) throws IOException {
    Set<String> tags = new TreeSet<>();
    golden.fieldNames().forEachRemaining(tags::add);
    assertEquals(tags, new TreeSet<>(contents.tags()));
    for (Map.Entry<String, JsonNode> tag : golden.properties()) {
      List<EventReader.Value> values = contents.tagged(tag.getKey());
      List<String> steps = new ArrayList<>();
      tag.getValue().get("steps").fieldNames().forEachRemaining(steps::add);
      assertEquals(steps, values.stream().map(v -> Long.toString(v.step())).toList(), tag.getKey());
      for (EventReader.Value value : values) {
        assertEquals(tag.getValue().get("plugin").asText(), value.plugin(), tag.getKey());
        JsonNode wanted = tag.getValue().get("steps").get(Long.toString(value.step()));
        compare(tag.getKey() + " " + value.step(), wanted, value);
      }
    }
  }

  private static void compare(String where, JsonNode wanted, EventReader.Value value)
      throws IOException {
    switch (value.plugin()) {
      case "scalars" -> {
        if (wanted.isNull()) {
          assertTrue(value.numbers()[0] > 0, where);
        } else {
          assertEquals(wanted.asDouble(), value.numbers()[0], 2e-5, where);
        }
      }
      case "histograms" -> compareBuckets(where, wanted, value.numbers());
      case "images" -> comparePixels(where, wanted, value);
      case "graph_keras_model" -> {
        JsonNode model = JSON.readTree(value.texts().getFirst());
        assertEquals(wanted.get("layers"), layers(model), where);
      }
      default -> throw new AssertionError(value.plugin());
    }
  }

  /// A value at the edge of a bucket may fall to its other side.
  private static void compareBuckets(String where, JsonNode wanted, double[] buckets) {
    double[] edges = new double[60];
    double[] ours = new double[60];
    double moved = 0;
    double all = 0;
    double wantedAll = 0;
    for (int i = 0; i < 30; i++) {
      for (int side = 0; side < 2; side++) {
        edges[2 * i + side] = wanted.get(3 * i + side).asDouble();
        ours[2 * i + side] = buckets[3 * i + side];
      }
      moved += Math.abs(wanted.get(3 * i + 2).asDouble() - buckets[3 * i + 2]);
      all += buckets[3 * i + 2];
      wantedAll += wanted.get(3 * i + 2).asDouble();
    }
    assertArrayEquals(edges, ours, 1e-4, where);
    assertEquals(wantedAll, all, where);
    assertTrue(moved <= 2, where + ": " + moved + " of " + all + " in other buckets");
  }

  private static void comparePixels(String where, JsonNode wanted, EventReader.Value value)
      throws IOException {
    List<byte[]> texts = value.texts();
    assertEquals(wanted.get("width").asText(), text(texts.get(0)), where);
    assertEquals(wanted.get("height").asText(), text(texts.get(1)), where);
    assertEquals(wanted.get("images").size(), texts.size() - 2, where);
    for (int n = 0; n < texts.size() - 2; n++) {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(texts.get(n + 2)));
      int[] pixels =
          image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
      assertEquals(wanted.get("images").get(n).size(), pixels.length, where);
      for (int i = 0; i < pixels.length; i++) {
        assertEquals(wanted.get("images").get(n).get(i).asInt(), pixels[i], 1, where);
      }
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// What TensorBoard reads of a configuration, as the script that made the golden file does.
  private static ArrayNode layers(JsonNode model) {
    ArrayNode found = JSON.createArrayNode();
    for (JsonNode layer : model.get("config").get("layers")) {
      ObjectNode one = found.addObject();
      one.set("kind", layer.get("class_name"));
      one.set("name", layer.get("config").get("name"));
      if (layer.get("config").has("layers")) {
        one.set("layers", layers(layer));
      }
      ArrayNode inputs = one.putArray("inputs");
      for (JsonNode node : layer.path("inbound_nodes")) {
        for (JsonNode argument : node.get("args")) {
          for (JsonNode tensor : argument.isArray() ? argument : List.of(argument)) {
            inputs.add(tensor.get("config").get("keras_history").get(0));
          }
        }
      }
    }
    return found;
  }

  private static Set<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  static void clear(Path logs) throws IOException {
    if (Files.exists(logs)) {
      try (var files = Files.walk(logs)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
