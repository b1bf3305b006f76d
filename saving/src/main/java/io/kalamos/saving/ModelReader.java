package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import io.kalamos.engine.DType;
import io.kalamos.layers.Input;
import io.kalamos.layers.Lambda;
import io.kalamos.layers.Layer;
import io.kalamos.models.LoadOptions;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Makes models of configurations: chains here, graphs in [GraphReader].
final class ModelReader {
  private final LoadOptions options;
  private final ConfigReader parts;
  private final Consumer<String> notice;
  private final Policies policies = new Policies();
  private int layers;

  /// More layers than any model has; a guard against files made to keep a reader busy.
  private static final int MOST_LAYERS = 4000;

  ModelReader(LoadOptions options, OwnParts own) {
    this.options = options;
    this.notice = options.log();
    this.parts = new ConfigReader(own, notice, this::model);
  }

  /// Whether a configuration is that of a model, not of a single layer.
  static boolean reads(JsonNode node) {
    return Set.of("Sequential", "Functional", "Model").contains(node.path("class_name").asText());
  }

  ConfigReader parts() {
    return parts;
  }

  Policies policies() {
    return policies;
  }

  /// The model of `{"class_name", "config"}`.
  ///
  /// @param where the path of the model that holds this one; empty for the whole
  Model model(String where, JsonNode node) {
    JsonNode config = node.path("config");
    boolean chain = node.path("class_name").asText().equals("Sequential");
    Model model = chain ? chain(where, config) : new GraphReader(this).read(where, config);
    String name = config.path("name").asText("");
    Model named = name.isEmpty() ? model : model.named(OldOptions.name(name));
    if (frozen(config)) {
      named.trainable(false);
    }
    layers(config)
        .forEach(
            layer -> {
              JsonNode options = layer.path("config");
              if (frozen(options) && !layer.path("class_name").asText().equals("InputLayer")) {
                named.trainable(OldOptions.name(options.path("name").asText()), false);
              }
            });
    return named;
  }

  private static boolean frozen(JsonNode config) {
    return config.has("trainable") && !config.get("trainable").asBoolean(true);
  }

  /// The layers of a model; Keras 1 and early 2 wrote a bare list.
  static JsonNode layers(JsonNode config) {
    return config.isArray() ? config : config.path("layers");
  }

  private Model chain(String where, JsonNode config) {
    List<Layer> chain = new ArrayList<>();
    for (JsonNode node : layers(config)) {
      chain.add(layer(where, node));
    }
    if (chain.isEmpty() || !(chain.getFirst() instanceof Input)) {
      chain.addFirst(first(where, config));
    }
    return Sequential.of(chain);
  }

  /// The input of a chain that does not name one.
  private Input first(String where, JsonNode config) {
    JsonNode first = layers(config).path(0).path("config");
    for (JsonNode shape :
        List.of(
            config.path("build_input_shape"),
            first.path("batch_shape"),
            first.path("batch_input_shape"),
            layers(first).path(0).path("config").path("batch_shape"),
            layers(first).path(0).path("config").path("batch_input_shape"))) {
      if (shape.isArray()) {
        return input(place(where, "input"), shape);
      }
    }
    throw Refusal.of(
        place(where, config.path("name").asText("sequential")),
        "a model that was built",
        "layers",
        "none with an input shape",
        "Call model.build(shape) in Keras, or begin with keras.Input, before saving it.");
  }

  /// The layer of `{"class_name", "config"}` in a list of layers.
  Layer layer(String where, JsonNode node) {
    if (++layers > MOST_LAYERS) {
      throw Refusal.of(
          "model", "at most " + MOST_LAYERS + " layers", "layers", "more", "Use a smaller model.");
    }
    JsonNode config = node.path("config");
    String given = config.path("name").asText(node.path("name").asText(""));
    String here = place(where, given);
    ClassName kind = ClassName.of(node);
    return switch (kind.kind()) {
      case "Sequential", "Functional", "Model" -> model(here, node);
      case "InputLayer" -> input(here, config).named(OldOptions.name(given));
      case "Lambda" -> {
        policies.see(here, config.path("dtype"));
        yield Lambda.of(options.lambdas().get(given)).named(OldOptions.name(given));
      }
      default -> {
        policies.see(here, config.path("dtype"));
        Layer layer = (Layer) parts.part(here, Parts.LAYERS, node);
        yield given.isEmpty() ? layer : layer.named(OldOptions.name(given));
      }
    };
  }

  private static String place(String where, String name) {
    return where.isEmpty() ? name : where + "/" + name;
  }

  /// An input of `batch_shape`, as `InputLayer` has it, or the shape itself.
  private Input input(String where, JsonNode config) {
    JsonNode shape = config;
    for (String option : List.of("batch_shape", "batch_input_shape", "shape")) {
      shape = shape.isArray() ? shape : config.path(option);
    }
    List<Integer> sizes = new ArrayList<>();
    for (int axis = 1; axis < shape.size(); axis++) {
      sizes.add(shape.get(axis).isInt() ? shape.get(axis).asInt() : -1);
    }
    if (!shape.isArray() || shape.isEmpty() || sizes.contains(-1)) {
      throw Refusal.of(
          where,
          "an input all of whose sizes are known, but the batch's",
          "batch_shape",
          shape.isMissingNode() ? "none" : shape,
          "Give keras.Input the sizes of one sample and save the model again.");
    }
    if (shape.get(0).isIntegralNumber()) {
      notice.accept(where + ": batch_shape=" + shape + ": takes batches of any size");
    }
    Input input = Input.of(sizes.stream().mapToInt(Integer::intValue).toArray());
    String type = config.path("dtype").asText("float32");
    if (type.equals("string")) {
      throw Refusal.of(
          where, "numbers", "dtype", type, "Turn texts into numbers before the model.");
    }
    boolean whole = type.startsWith("int") || type.startsWith("uint");
    return whole ? input.dtype(DType.INT32) : input;
  }
}
