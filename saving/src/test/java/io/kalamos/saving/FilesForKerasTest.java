package io.kalamos.saving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.data.Samples;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Input;
import io.kalamos.models.LoadOptions;
import io.kalamos.models.Model;
import io.kalamos.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Writes models that trained here into files, with what they compute, for
/// `testkit/golden/check_files.py` to open in real Keras. `-Dkalamos.files=FOLDER` keeps them; here
/// they are read back.
class FilesForKerasTest {
  private static final int SAMPLES = 20;
  private static final int BATCH = 8;

  @TempDir Path temporary;

  private Path folder() throws IOException {
    String kept = System.getProperty("kalamos.files", "");
    return kept.isEmpty() ? temporary : Files.createDirectories(Path.of(kept));
  }

  static Stream<FileCase> trained() {
    return FileCase.all();
  }

  @ParameterizedTest
  @MethodSource("trained")
  void trainedModels(FileCase files) throws IOException {
    Model model = Model.load(files.file(temporary, ".keras"), FileCase::quiet);
    train(model, files.samples());
    write(model, "trained-" + files.name(), files.samples(), true);
  }

  private static JsonNode configs() throws IOException {
    return new ObjectMapper().readTree(Golden.text("model_configs.json")).get("cases");
  }

  private static Stream<String> configs(List<String> kinds) throws IOException {
    List<String> names = new ArrayList<>();
    configs().fieldNames().forEachRemaining(names::add);
    return names.stream().filter(name -> kinds.contains(name.split("-")[0]));
  }

  static Stream<String> described() throws IOException {
    return configs(
        List.of(
            "layer",
            "deep",
            "sequences",
            "normalized",
            "normalized_places",
            "chain_of_models",
            "frozen"));
  }

  static Stream<String> optimized() throws IOException {
    return configs(List.of("optimizer", "schedule"));
  }

  /// A model of the golden ones; where only its compilation is noted, the rest is that of `tiny`.
  private static Model described(String name) throws IOException {
    JsonNode entry = configs().get(name);
    ObjectNode config = configs().get("tiny").get("config").deepCopy();
    if (entry.has("config")) {
      config = entry.get("config").deepCopy();
    } else {
      config.set("compile_config", entry.get("compile_config"));
    }
    LoadOptions options = FileCase.quiet(LoadOptions.DEFAULTS);
    return ModelConfig.read(config, options).initialize(3);
  }

  /// Every layer, with weights that no other one has.
  @ParameterizedTest
  @MethodSource("described")
  void everyLayer(String name) throws IOException {
    Model model = described(name);
    Random random = new Random(name.hashCode());
    model
        .weights()
        .forEach(
            (path, value) -> {
              for (long i = 0; i < value.size(); i++) {
                boolean spread = path.endsWith("variance");
                value.set(i, value.get(i) + (spread ? 1 : 0.2) * random.nextDouble());
              }
            });
    write(model, name, new Samples(inputs(model, random), List.of()), false);
  }

  /// Every optimizer and schedule, in the middle of its way.
  @ParameterizedTest
  @MethodSource("optimized")
  void everyOptimizer(String name) throws IOException {
    Model model = described(name);
    Random random = new Random(name.hashCode());
    int outputs = model.graph().nodes().getLast().shape().dim(1);
    Tensor y = Tensor.zeros(DType.FLOAT32, Shape.of(SAMPLES, outputs));
    y.fill(i -> random.nextGaussian());
    Samples samples = new Samples(inputs(model, random), List.of(y));
    train(model, samples);
    write(model, name, samples, true);
  }

  /// Small whole numbers where these are asked for, and for layers that count; else any numbers.
  private static List<Tensor> inputs(Model model, Random random) {
    List<Tensor> inputs = new ArrayList<>();
    boolean counts =
        model.layers().values().stream()
            .anyMatch(l -> l.kind().equals("Embedding") || l.kind().equals("CategoryEncoding"));
    for (String name : model.inputNames()) {
      Input input = (Input) model.layer(name);
      boolean whole = counts || !input.dtype().floating() || name.equals("mask");
      Tensor x = Tensor.zeros(DType.FLOAT32, input.shape().prepend(SAMPLES));
      x.fill(i -> whole ? random.nextInt(2) : random.nextGaussian());
      inputs.add(x);
    }
    return inputs;
  }

  private static Map<String, Double> train(Model model, Samples samples) {
    var history =
        model.fit(samples, fit -> fit.batchSize(BATCH).epochs(1).shuffle(false).verbose(false));
    Map<String, Double> figures = new java.util.LinkedHashMap<>();
    history.metrics().forEach((name, values) -> figures.put(name, values.getFirst()));
    return figures;
  }

  private void write(Model model, String name, Samples samples, boolean trains) throws IOException {
    Path folder = folder();
    for (String ending : List.of(".keras", ".h5")) {
      model.save(folder.resolve(name + ending));
    }
    for (String ending : List.of(".weights.h5", "-weights.h5")) {
      model.saveWeights(folder.resolve(name + ending));
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("batch_size", BATCH);
    arrays(node.putArray("x"), samples.x());
    arrays(node.putArray("predict"), model.predict(samples.x(), BATCH));
    if (trains) {
      arrays(node.putArray("y"), samples.y());
      node.put("steps", model.optimizerState().iterations());
      figures(node.putObject("evaluate"), model.evaluate(samples, BATCH).values());
      figures(node.putObject("history"), train(model, samples));
      arrays(node.putArray("next"), model.predict(samples.x(), BATCH));
      figures(node.putObject("next_evaluate"), model.evaluate(samples, BATCH).values());
    }
    Files.writeString(folder.resolve(name + ".json"), node.toString());
    for (String ending : List.of(".keras", ".h5")) {
      Model read = Model.load(folder.resolve(name + ending), FileCase::quiet);
      assertEquals(node.get("predict"), arrays(read, samples));
      if (trains) {
        assertEquals(node.get("history").toString(), figures(train(read, samples)));
      }
    }
    assertTrue(node.get("predict").get(0).get("values").size() >= SAMPLES);
  }

  private static JsonNode arrays(Model model, Samples samples) {
    return arrays(JsonNodeFactory.instance.arrayNode(), model.predict(samples.x(), BATCH));
  }

  private static ArrayNode arrays(ArrayNode node, List<Tensor> tensors) {
    for (Tensor tensor : tensors) {
      ObjectNode array = node.addObject();
      for (int size : tensor.shape().toArray()) {
        array.withArray("shape").add(size);
      }
      for (float value : tensor.toFloats()) {
        array.withArray("values").add(value);
      }
    }
    return node;
  }

  private static void figures(ObjectNode node, Map<String, Double> figures) {
    figures.forEach(node::put);
  }

  private static String figures(Map<String, Double> figures) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    figures(node, figures);
    return node.toString();
  }
}
