package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import io.kalamos.activations.Activations;
import io.kalamos.losses.Losses;
import io.kalamos.metrics.Metrics;
import io.kalamos.models.LoadOptions;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Looks for all classes and functions that a configuration names and nobody has, so that one
/// message tells everything that is missing.
final class MissingParts {
  /// Classes that carry values, not parts.
  private static final Set<String> VALUES =
      Set.of(
          "__keras_tensor__",
          "__tuple__",
          "__numpy__",
          "__tensor__",
          "__ellipsis__",
          "slice",
          "TensorShape",
          "DTypePolicy",
          "DTypePolicyMap",
          "FloatDTypePolicy",
          "Policy",
          "QuantizedDTypePolicy",
          "QuantizedFloat8DTypePolicy",
          "LossScaleOptimizer",
          "MeanMetricWrapper",
          "LossFunctionWrapper");

  private static final Set<String> MODELS = Set.of("Functional", "Model", "Sequential");

  private final LoadOptions options;
  private final OwnParts own;
  private final Set<String> missing = new LinkedHashSet<>();

  private MissingParts(LoadOptions options, OwnParts own) {
    this.options = options;
    this.own = own;
  }

  /// Refuses a model some of whose layers, or whose options' classes, are not here.
  static void check(JsonNode model, LoadOptions options, OwnParts own) {
    MissingParts look = new MissingParts(options, own);
    look.options("", model.path("config"));
    if (options.compile()) {
      look.compilation(model.path("compile_config"));
    }
    if (!look.missing.isEmpty()) {
      throw Refusal.of(
          "model",
          "classes of Keras that are here too, or own ones that are named",
          "missing",
          "[" + String.join("; ", look.missing) + "]",
          "Name own classes with load.part(example), give Lambda layers a function with"
              + " load.onLambda(name, function), leave compile's parts out with"
              + " load.compile(false); what else Keras has is listed in docs/keras-support.md.");
    }
  }

  /// @param where the layer whose options these are; empty for the model
  private void options(String where, JsonNode config) {
    for (Map.Entry<String, JsonNode> entry : config.properties()) {
      String option = entry.getKey();
      JsonNode value = entry.getValue();
      switch (option) {
        case "inbound_nodes", "input_layers", "output_layers", "compile_config" -> {}
        case "layers" -> value.forEach(layer -> layer(where, layer));
        case "layer", "backward_layer" -> layer(where, value);
        default -> value(where.isEmpty() ? option : where + ": " + option, option, value);
      }
    }
  }

  private void value(String where, String option, JsonNode value) {
    if (option.endsWith("activation") && value.isTextual()) {
      activation(where, value.asText());
    } else if (value.has("class_name")) {
      part(where, value);
    } else if (value.isContainerNode()) {
      value.forEach(item -> value(where, "", item));
    }
  }

  private void layer(String where, JsonNode node) {
    if (!node.has("class_name")) {
      return;
    }
    ClassName name = ClassName.of(node);
    String given = node.path("config").path("name").asText(node.path("name").asText(name.kind()));
    String here = where.isEmpty() ? given : where + "/" + given;
    boolean lambda = name.isKeras() && name.kind().equals("Lambda");
    if (lambda && !options.lambdas().containsKey(given)) {
      missing.add(here + ": Lambda, whose Python code is not read");
    }
    if (lambda) {
      return;
    }
    boolean model = name.isKeras() && MODELS.contains(name.kind());
    boolean input = name.isKeras() && name.kind().equals("InputLayer");
    if (!model && !input && own.example(Parts.LAYERS, name).isEmpty()) {
      missing.add(here + ": " + name.told());
    }
    options(here, node.path("config"));
  }

  private void part(String where, JsonNode node) {
    ClassName name = ClassName.of(node);
    if (VALUES.contains(name.kind())) {
      return;
    }
    if (name.function().isPresent()) {
      activation(where, name.function().get());
    } else if (!known(name)) {
      missing.add(where + ": " + name.told());
    }
    options(where, node.path("config"));
  }

  private void activation(String where, String name) {
    boolean known = Activations.ALL.stream().anyMatch(function -> function.name().equals(name));
    if (!known && !Set.of("swish", "hard_swish").contains(name) && own.activation(name).isEmpty()) {
      missing.add(where + ": function " + name);
    }
  }

  private boolean known(ClassName name) {
    for (String module : Parts.modules()) {
      if (own.example(module, name).isPresent()) {
        return true;
      }
    }
    return name.isKeras() && MetricConfig.OF_LOSSES.containsKey(name.kind());
  }

  /// Losses and metrics may be named by text.
  private void compilation(JsonNode compile) {
    texts(compile.path("loss"))
        .forEach(name -> lost("compile: loss", name, Losses.find(name).isPresent(), Parts.LOSSES));
    for (String option : List.of("metrics", "weighted_metrics")) {
      texts(compile.path(option))
          .forEach(
              name ->
                  lost("compile: " + option, name, Metrics.find(name).isPresent(), Parts.METRICS));
    }
    JsonNode optimizer = compile.path("optimizer");
    if (optimizer.isTextual()) {
      lost("compile: optimizer", optimizer.asText(), false, Parts.OPTIMIZERS);
    } else {
      value("compile: optimizer", "", optimizer);
    }
    for (String option : List.of("loss", "metrics", "weighted_metrics")) {
      objects("compile: " + option, compile.path(option));
    }
  }

  private void lost(String where, String name, boolean known, String module) {
    ClassName text = new ClassName("", name, "", java.util.Optional.of(name));
    if (!known && own.example(module, text).isEmpty()) {
      missing.add(where + ": " + name);
    }
  }

  /// The names among losses or metrics, of functions too.
  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node.has("class_name")) {
      ClassName.of(node).function().ifPresent(texts::add);
    } else if (node.isTextual()) {
      texts.add(node.asText());
    } else if (node.isContainerNode()) {
      node.forEach(item -> texts.addAll(texts(item)));
    }
    return texts;
  }

  private void objects(String where, JsonNode node) {
    if (node.has("class_name")) {
      if (ClassName.of(node).function().isEmpty()) {
        part(where, node);
      }
    } else if (node.isContainerNode()) {
      node.forEach(item -> objects(where, item));
    }
  }
}
