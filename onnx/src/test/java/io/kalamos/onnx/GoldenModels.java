package io.kalamos.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Application;
import io.kalamos.layers.Attention;
import io.kalamos.layers.Call;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.layers.MultiHeadAttention;
import io.kalamos.layers.Normalization;
import io.kalamos.layers.Symbol;
import io.kalamos.models.Model;
import io.kalamos.saving.KerasConfig;
import io.kalamos.testkit.Golden;
import io.kalamos.testkit.Npy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The golden layers and networks as models with the weights that Keras had, and data for them.
record GoldenModels(Model model, List<Tensor> x, Optional<Tensor> keras) {
  /// Gives its first input a mask: the second input, or one that is the same for all samples.
  record Masked(Optional<String> name, Optional<Tensor> mask) implements Layer {
    @Override
    public Masked named(String name) {
      return new Masked(Optional.of(name), mask);
    }

    @Override
    public boolean takesSeveral() {
      return true;
    }

    @Override
    public Node call(Call call, Node x) {
      call.mask(mask.map(Ops::constant).orElseGet(() -> call.inputs().get(1)));
      return x;
    }
  }

  /// All layers that Keras computed, each as a model with as many outputs as the layer has results.
  static Map<String, Supplier<GoldenModels>> layers() throws IOException {
    Map<String, Supplier<GoldenModels>> models = new LinkedHashMap<>();
    for (String table : List.of("layers", "sequences")) {
      Map<String, Npy> arrays = Golden.arrays(table + ".npz");
      for (JsonNode row : json(table + ".json").get("cases")) {
        models.put(row.get("name").asText(), () -> layer(row, arrays));
      }
    }
    return models;
  }

  private static GoldenModels layer(JsonNode row, Map<String, Npy> arrays) {
    String name = row.get("name").asText();
    Layer layer = part(row.get("class").asText(), row.get("config"));
    List<Symbol> inputs = new ArrayList<>();
    List<Symbol> from = new ArrayList<>();
    List<Tensor> x = new ArrayList<>();
    for (int i = 0; i < row.get("inputs").asInt(); i++) {
      Tensor data = tensor(arrays.get(name + "/in" + i));
      data = i == 0 ? data : ofSamples(data, x.getFirst());
      Symbol input = input(data);
      inputs.add(input);
      x.add(data);
      Npy mask = arrays.get(name + "/mask" + i);
      if (mask != null) {
        Tensor counts = tensor(mask).cast(DType.FLOAT32);
        boolean ofSamples = counts.shape().dim(0) == data.shape().dim(0);
        if (ofSamples) {
          Symbol second = input(counts);
          inputs.add(second);
          x.add(counts);
          input = new Masked(Optional.empty(), Optional.empty()).on(input, second);
        } else {
          input = new Masked(Optional.empty(), Optional.of(counts)).on(input);
        }
      }
      from.add(input);
    }
    Application applied = layer.on(from.toArray(Symbol[]::new));
    List<Symbol> outputs = new ArrayList<>(List.of(applied));
    int results = row.has("results") ? row.get("results").asInt() : 1;
    for (int i = 1; i < results; i++) {
      outputs.add(applied.output(i));
    }
    Model model = Model.of(inputs, outputs);
    List<Tensor> weights = new ArrayList<>();
    for (int i = 0; i < row.get("weights").size(); i++) {
      weights.add(tensor(arrays.get(name + "/weight" + i)));
    }
    for (int i = 0; i < row.get("states").size(); i++) {
      weights.add(tensor(arrays.get(name + "/state" + i)));
    }
    model.setWeights(weights);
    boolean training = row.get("training").asBoolean();
    return new GoldenModels(
        model, x, training ? Optional.empty() : Optional.of(tensor(arrays.get(name + "/out"))));
  }

  /// What is the same for all samples, once for each of them.
  private static Tensor ofSamples(Tensor data, Tensor first) {
    int samples = first.shape().dim(0);
    if (data.shape().rank() > 1) {
      return data;
    }
    Tensor each = Tensor.zeros(data.dtype(), Shape.of(samples, 1, data.shape().dim(0)));
    for (int i = 0; i < samples; i++) {
      each.rows(i, i + 1).copyFrom(data);
    }
    return each;
  }

  private static Input input(Tensor data) {
    int[] sizes = data.shape().toArray();
    return Input.of(Arrays.copyOfRange(sizes, 1, sizes.length))
        .dtype(data.dtype().floating() ? DType.FLOAT32 : DType.INT32);
  }

  /// All networks that were trained beside Keras, with the weights after the training.
  static Map<String, Supplier<GoldenModels>> networks() throws IOException {
    Map<String, Supplier<GoldenModels>> models = new LinkedHashMap<>();
    for (String table : List.of("training.json", "networks.json")) {
      for (JsonNode spec : json(table).get("networks")) {
        models.put(spec.get("name").asText(), () -> network(spec));
      }
    }
    return models;
  }

  private static GoldenModels network(JsonNode spec) {
    Golden.Training run = Golden.training(spec.get("name").asText());
    Tensor x = tensor(run.x());
    int[] sizes = x.shape().toArray();
    Input input = Input.of(Arrays.copyOfRange(sizes, 1, sizes.length));
    Map<String, Symbol> values = new HashMap<>(Map.of("input", input));
    Map<String, Layer> layers = new HashMap<>();
    Symbol last = input;
    for (JsonNode step : spec.get("layers")) {
      List<Symbol> from = new ArrayList<>();
      for (JsonNode name : step.path("inputs")) {
        from.add(values.get(name.asText()));
      }
      if (from.isEmpty()) {
        from.add(last);
      }
      String name = step.path("as").asText(step.path("config").path("name").asText());
      Layer layer = step.has("reuse") ? layers.get(step.get("reuse").asText()) : layer(step, x);
      layers.put(name, layer);
      Application applied = layer.on(from.toArray(Symbol[]::new));
      last = applied;
      for (int i = 0; i < 8; i++) {
        values.put(i == 0 ? name : name + ":" + i, i == 0 ? applied : applied.output(i));
      }
    }
    Model model = Model.of(input, last);
    model.setWeights(run.weights().stream().map(weight -> tensor(weight.trained())).toList());
    return new GoldenModels(
        model, List.of(x.rows(0, 8).cast(DType.FLOAT32)), Optional.of(tensor(run.predict())));
  }

  private static Layer layer(JsonNode step, Tensor x) {
    String kind = step.get("class").asText();
    Layer layer =
        kind.equals("Normalization") ? Normalization.of().adapt(x) : part(kind, step.get("config"));
    boolean causal = step.path("causal").asBoolean();
    layer =
        switch (layer) {
          case MultiHeadAttention heads -> heads.causal(causal);
          case Attention attention -> attention.causal(causal);
          case Layer other -> other;
        };
    JsonNode name = step.path("config").path("name");
    return name.isTextual() ? layer.named(name.asText()) : layer;
  }

  private static Layer part(String kind, JsonNode config) {
    ObjectNode part = new ObjectMapper().createObjectNode();
    part.put("module", "keras.layers").put("class_name", kind);
    ObjectNode options = config.deepCopy();
    if (kind.equals("MultiHeadAttention") && !options.has("value_dim")) {
      options.set("value_dim", options.get("key_dim"));
    }
    modules(options);
    part.set("config", options);
    Layer layer =
        (Layer)
            KerasConfig.read(
                part,
                option -> {
                  throw new AssertionError(option);
                });
    return layer;
  }

  /// The tables name classes only; the module follows from the option. First values of weights do
  /// not matter, as all are set.
  private static void modules(JsonNode config) {
    config.properties().removeIf(option -> option.getKey().endsWith("_initializer"));
    config
        .properties()
        .forEach(
            option -> {
              if (option.getValue() instanceof ObjectNode part) {
                if (part.has("class")) {
                  part.set("class_name", part.remove("class"));
                }
                String name = option.getKey();
                String role = name.substring(name.lastIndexOf('_') + 1);
                part.put("module", "keras." + role + "s");
                modules(part.path("config"));
              }
            });
  }

  private static JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(Golden.text(file));
  }

  private static Tensor tensor(Npy array) {
    return switch (array) {
      case Npy.Floats a -> Tensor.of(a.values(), a.shape());
      case Npy.Doubles a -> Tensor.of(a.values(), a.shape());
      case Npy.Ints a -> Tensor.of(a.values(), a.shape());
      case Npy.Longs a ->
          Tensor.of(Arrays.stream(a.values()).mapToInt(Math::toIntExact).toArray(), a.shape());
      case Npy.Bytes a -> Tensor.of(a.values(), a.shape());
    };
  }
}
