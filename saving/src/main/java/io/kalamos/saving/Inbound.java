package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.layers.Attention;
import io.kalamos.layers.Bidirectional;
import io.kalamos.layers.CategoryEncoding;
import io.kalamos.layers.Layer;
import io.kalamos.layers.MultiHeadAttention;
import io.kalamos.layers.RecurrentLayer;
import io.kalamos.layers.Softmax;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One call of a layer in a functional model's configuration: what it is applied to, and the
/// arguments that are options of the layer here.
///
/// Keras 3 writes `{"args": [...], "kwargs": {...}}` with values of class `__keras_tensor__`;
/// before, it wrote a list `[[layer, call, result, kwargs], ...]`.
///
/// @param sources in the order in which our layer takes them
/// @param causal whether the call asks for `use_causal_mask`
record Inbound(List<Source> sources, boolean causal) {
  /// A result of a call of a layer: Keras's `keras_history`.
  ///
  /// @param old whether it stands in a list of the form before Keras 3
  record Source(String layer, int call, int result, boolean old) {}

  /// The tensors that Keras's `MultiHeadAttention.call` takes, in the order of positions.
  private static final List<String> ATTENTION = List.of("query", "value", "key");

  /// Arguments that change nothing, or nothing here.
  private static final List<String> FIRST = List.of("inputs", "x", "sequences", "input");

  /// Reads a call.
  ///
  /// @param where the layer
  static Inbound of(String where, Layer layer, JsonNode node) {
    List<Source> first = new ArrayList<>();
    Map<String, JsonNode> named = new LinkedHashMap<>();
    if (node.isArray()) {
      old(where, node, first, named);
    } else {
      List<JsonNode> args = new ArrayList<>();
      node.path("args").forEach(args::add);
      node.path("kwargs").properties().forEach(e -> named.put(e.getKey(), e.getValue()));
      positional(where, layer, args, named);
      FIRST.stream()
          .filter(named::containsKey)
          .findFirst()
          .ifPresent(name -> args.add(named.remove(name)));
      args.forEach(arg -> first.addAll(sources(where, arg)));
    }
    return new Arguments(where, layer, first, named, node.isArray()).inbound();
  }

  /// The argument whose values our layer takes behind its first input.
  private static Optional<String> further(Layer layer) {
    return Optional.ofNullable(
        switch (layer) {
          case RecurrentLayer _, Bidirectional _ -> "initial_state";
          case Softmax _ -> "mask";
          case CategoryEncoding _ -> "count_weights";
          case Layer _ -> null;
        });
  }

  /// Gives arguments by position their names, but for the first; all those of merging layers are
  /// inputs, as in `x + y`.
  private static void positional(
      String where, Layer layer, List<JsonNode> args, Map<String, JsonNode> named) {
    List<String> names =
        switch (layer) {
          case MultiHeadAttention _ -> ATTENTION;
          case Attention _ -> List.of("inputs", "mask");
          case Layer merging when merging.takesSeveral() && further(merging).isEmpty() -> List.of();
          default -> List.of("inputs", further(layer).orElse("mask"), "mask");
        };
    while (args.size() > 1 && !names.isEmpty()) {
      int last = args.size() - 1;
      if (last >= names.size()) {
        throw refused(
            where, "at most " + names.size() + " arguments by position", "args", args.size());
      }
      named.put(names.get(last), args.remove(last));
    }
  }

  private static void old(
      String where, JsonNode node, List<Source> first, Map<String, JsonNode> named) {
    for (JsonNode item : node) {
      Source source =
          source(item).orElseThrow(() -> refused(where, "[layer, call, result]", "inbound", item));
      first.add(source);
      item.path(3).properties().forEach(e -> named.put(e.getKey(), e.getValue()));
    }
  }

  /// All results that a value names, depth first.
  static List<Source> sources(String where, JsonNode value) {
    Optional<Source> one = source(value);
    if (one.isPresent()) {
      return List.of(one.get());
    }
    List<Source> all = new ArrayList<>();
    if (value.isContainerNode() && !value.has("class_name")) {
      value.forEach(item -> all.addAll(sources(where, item)));
    } else if (!value.isNull()) {
      throw refused(where, "inputs that layers give", "input", value);
    }
    return all;
  }

  private static Optional<Source> source(JsonNode node) {
    if (node.path("class_name").asText().equals("__keras_tensor__")) {
      return source(node.path("config").path("keras_history"), false);
    }
    return node.isArray() && node.path(0).isTextual() ? source(node, true) : Optional.empty();
  }

  private static Optional<Source> source(JsonNode history, boolean old) {
    boolean fits =
        history.path(0).isTextual()
            && history.path(1).isInt()
            && history.path(2).isInt()
            && history.path(2).asInt() >= 0;
    return fits
        ? Optional.of(
            new Source(
                history.get(0).asText(), history.get(1).asInt(), history.get(2).asInt(), old))
        : Optional.empty();
  }

  private static IllegalArgumentException refused(
      String where, String expected, String name, Object value) {
    return Refusal.of(
        where, expected, name, value, "Change the model in Keras, or build it in Java.");
  }

  /// Brings arguments by name into our order.
  private record Arguments(
      String where, Layer layer, List<Source> first, Map<String, JsonNode> named, boolean old) {
    /// In Keras 3 a `training` that a call names yields to what the model is asked for.
    Inbound inbound() {
      boolean causal = flag("use_causal_mask");
      if (flag("training") && old) {
        throw refused(where, "a call that knows by itself whether it trains", "training", true);
      }
      if (flag("return_attention_scores")) {
        throw refused(where, "attention without its scores", "return_attention_scores", true);
      }
      List<Source> sources = new ArrayList<>(first);
      if (layer instanceof MultiHeadAttention) {
        attention(sources);
      } else if (further(layer).isPresent()) {
        JsonNode given = named.remove(further(layer).get());
        sources.addAll(given == null ? List.of() : sources(where, given));
      }
      named.forEach(
          (name, value) -> {
            if (!value.isNull() && !(value.isBoolean() && !value.asBoolean())) {
              throw refused(where, "a call without the argument " + name, name, value);
            }
          });
      return new Inbound(List.copyOf(sources), causal);
    }

    /// Query, value, key, mask: a mask needs a key, which is the value where none is given.
    private void attention(List<Source> sources) {
      for (String name : ATTENTION) {
        JsonNode given = named.remove(name);
        if (given != null) {
          sources.addAll(sources(where, given));
        }
      }
      JsonNode mask = named.remove("attention_mask");
      if (mask != null && !mask.isNull()) {
        if (sources.size() == 2) {
          sources.add(sources.get(1));
        }
        sources.addAll(sources(where, mask));
      }
    }

    private boolean flag(String name) {
      JsonNode value = named.remove(name);
      return value != null && value.asBoolean();
    }
  }

  /// The layer as this call asks for it.
  Layer varied(Layer layer) {
    return causal && layer instanceof Record record
        ? (Layer) Vary.of(record, "causal", true)
        : layer;
  }

  /// Writes a call of a layer on values as Keras 3 does.
  ///
  /// @param inputs values of class `__keras_tensor__`
  static ObjectNode write(Layer layer, List<ObjectNode> inputs) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    ObjectNode node = json.objectNode();
    var args = node.putArray("args");
    ObjectNode kwargs = node.putObject("kwargs");
    switch (layer) {
      case MultiHeadAttention attention -> {
        args.addAll(inputs.subList(0, Math.min(2, inputs.size())));
        if (inputs.size() == 1) {
          args.add(inputs.getFirst());
        }
        if (inputs.size() > 2 && !inputs.get(2).equals(inputs.get(1))) {
          kwargs.set("key", inputs.get(2));
        }
        if (inputs.size() > 3) {
          kwargs.set("attention_mask", inputs.get(3));
        }
        kwargs.put("use_causal_mask", attention.causal());
      }
      case Attention attention -> {
        args.addArray().addAll(inputs);
        if (attention.causal()) {
          kwargs.put("use_causal_mask", true);
        }
      }
      case Layer other when further(other).isPresent() -> {
        args.add(inputs.getFirst());
        List<ObjectNode> rest = inputs.subList(1, inputs.size());
        if (!rest.isEmpty()) {
          boolean list = ofSteps(other);
          kwargs.set(further(other).get(), list ? json.arrayNode().addAll(rest) : rest.getFirst());
        }
      }
      case Layer several when several.takesSeveral() -> args.addArray().addAll(inputs);
      case Layer _ -> args.addAll(inputs);
    }
    return node;
  }

  /// The shapes that Keras builds a layer with, by the names of its arguments.
  static ObjectNode shapes(Layer layer, List<? extends JsonNode> shapes) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    boolean states = ofSteps(layer) && shapes.size() > 1;
    if (layer instanceof MultiHeadAttention) {
      ObjectNode named = node.putObject("shapes_dict");
      named.set("query_shape", shapes.getFirst());
      named.set("value_shape", shapes.get(Math.min(1, shapes.size() - 1)));
      if (shapes.size() > 2) {
        named.set("key_shape", shapes.get(2));
      }
    } else if (states) {
      ObjectNode named = node.putObject("shapes_dict");
      named.set("sequences_shape", shapes.getFirst());
      named.putArray("initial_state_shape").addAll(shapes.subList(1, shapes.size()));
    } else if (layer.takesSeveral() && further(layer).isEmpty()) {
      node.putArray("input_shape").addAll(shapes);
    } else {
      node.set("input_shape", shapes.getFirst());
    }
    return node;
  }

  /// Whether further inputs are states to begin with.
  private static boolean ofSteps(Layer layer) {
    return layer instanceof RecurrentLayer || layer instanceof Bidirectional;
  }
}
