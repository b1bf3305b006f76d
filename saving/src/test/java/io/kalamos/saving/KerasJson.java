package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Configurations as texts that are equal where they mean the same to Keras.
final class KerasJson {
  /// What says how a part was drawn or run, not what it computes.
  private static final Set<String> NO_MATTER =
      Set.of("seed", "shared_object_id", "jit_compile", "run_eagerly", "steps_per_execution");

  private KerasJson() {}

  /// One line for each value, by the names that lead to it.
  static String lines(JsonNode node) {
    List<String> lines = new ArrayList<>();
    lines("", node, lines);
    return String.join("\n", lines);
  }

  private static void lines(String where, JsonNode given, List<String> lines) {
    JsonNode node = plain(where, given);
    if (node.isNumber()) {
      lines.add(where + "=" + (float) node.asDouble());
    } else if (node.isArray() && !node.isEmpty()) {
      for (int i = 0; i < node.size(); i++) {
        lines(where + "/" + i, node.get(i), lines);
      }
    } else if (node.isObject() && !node.isEmpty()) {
      Map<String, JsonNode> sorted = new TreeMap<>();
      node.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
      sorted.keySet().removeAll(NO_MATTER);
      sorted.forEach((name, value) -> lines(where + "/" + name, value, lines));
    } else {
      lines.add(where + "=" + node);
    }
  }

  /// Losses and metrics by name are those of the class; absent arguments of calls are as null or
  /// false, a list of one input as the input, and a type as its policy.
  private static JsonNode plain(String where, JsonNode node) {
    String last = where.substring(where.lastIndexOf('/') + 1);
    boolean one = node.isArray() && node.size() == 1;
    switch (last) {
      case "kwargs" -> {
        ObjectNode kwargs = node.deepCopy();
        kwargs.remove("training");
        kwargs.properties().removeIf(e -> e.getValue().isNull() || e.getValue().equals(FALSE));
        return kwargs;
      }
      case "dtype" -> {
        boolean unused = where.equals("/config/dtype") || where.endsWith("activation/config/dtype");
        return unused ? NullNode.instance : node.isObject() ? node.get("config").get("name") : node;
      }
      case "axis", "input_layers" -> {
        return one ? node.get(0) : node;
      }
      case "attention_axes" -> {
        return NullNode.instance; // that of the steps, once the layer is built
      }
      default -> {}
    }
    if (where.endsWith("/build_config/input_shape/0") && node.isNumber()) {
      return NullNode.instance; // the number of samples that a layer was adapted to
    }
    if (where.matches(".*/(layer|backward_layer)") && node.has("build_config")) {
      return ((ObjectNode) node.deepCopy()).without("build_config");
    }
    if (where.matches(".*/inbound_nodes/\\d+") && node.path("kwargs").has("query")) {
      ObjectNode call = node.deepCopy();
      ObjectNode named = (ObjectNode) call.get("kwargs");
      call.withArray("args").add(named.remove("query")).add(named.remove("value"));
      return call;
    }
    boolean loss =
        where.matches("(/compile_config)?/loss(/\\w+)?")
            && !Set.of("module", "class_name", "registered_name").contains(last);
    boolean metric = where.matches("(/compile_config)?/(weighted_)?metrics(/\\w+)*/\\d+");
    boolean text =
        node.isTextual() || node.path("class_name").asText().matches("function|Mean.*Wr.*");
    if (where.matches("(/compile_config/optimizer|/optimizer_config)/config/name")) {
      return NullNode.instance; // Keras numbers optimizers that were named by text
    }
    if (loss && text) {
      return stripped(
          where,
          KerasConfig.of(
              io.kalamos.losses.Losses.named(ClassName.of(node).function().orElseThrow())));
    }
    if (metric && text) {
      var read = MetricConfig.read(new ConfigReader(OwnParts.NONE, s -> {}), where, node);
      JsonNode written = MetricConfig.of(new ConfigWriter(OwnParts.NONE, "float32"), read);
      return written instanceof ObjectNode object ? stripped(where, object) : written;
    }
    if (where.matches("(/compile_config)?/(weighted_)?metrics")
        && node.isArray()
        && node.size() == 1
        && node.get(0).isArray()) {
      return node.get(0);
    }
    return node;
  }

  private static final JsonNode FALSE = new ObjectMapper().valueToTree(false);

  private static ObjectNode stripped(String where, ObjectNode part) {
    if (!where.startsWith("/compile_config")) {
      part.remove(List.of("module", "registered_name"));
    }
    return part;
  }

  static String text(int[] shape, boolean whole) {
    return Arrays.toString(shape) + (whole ? " whole" : "");
  }
}
