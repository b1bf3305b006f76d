package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/// What earlier generations of Keras called otherwise.
final class OldOptions {
  private static final Map<String, String> KINDS =
      Map.of(
          "BatchNormalizationV1", "BatchNormalization",
          "BatchNormalizationV2", "BatchNormalization",
          "SyncBatchNormalization", "BatchNormalization");

  /// Old names of options of any class, and those that stand for them now.
  private static final Map<String, String> NAMES = Map.of("lr", "learning_rate");

  /// Options of layers that Keras has no longer, and the values that do here.
  private static final Map<String, JsonNode> GONE =
      Map.of(
          "time_major", BooleanNode.FALSE,
          "sparse", BooleanNode.FALSE,
          "softmax_robust_masking", BooleanNode.FALSE,
          "groups", IntNode.valueOf(1),
          "noise_shape", NullNode.instance);

  /// Options of layers that Keras wrote and never used.
  private static final Map<String, List<String>> UNUSED =
      Map.of(
          "SeparableConv2D",
              List.of("kernel_initializer", "kernel_regularizer", "kernel_constraint"),
          "MultiHeadAttention", List.of("query_shape", "key_shape", "value_shape"));

  private OldOptions() {}

  /// The only value of an option that Keras has no longer; null for options of today.
  static JsonNode only(String option) {
    return GONE.get(option);
  }

  /// Today's name of a class.
  static String kind(String old) {
    return KINDS.getOrDefault(old, old);
  }

  /// A layer's name that may stand in paths; Keras before 3 had names with a slash.
  static String name(String name) {
    return name.replace('/', '_');
  }

  /// A configuration with today's names and values.
  static JsonNode of(String module, String kind, JsonNode config) {
    if (!config.isObject()) {
      return config;
    }
    ObjectNode now = config.deepCopy();
    NAMES.forEach((old, name) -> rename(now, old, name));
    switch (module) {
      case Parts.LAYERS -> layer(kind, now);
      case Parts.OPTIMIZERS -> optimizer(now);
      case Parts.LOSSES -> {
        now.remove("fn");
        if (now.path("reduction").asText().equals("auto")) {
          now.remove("reduction");
        }
      }
      case Parts.INITIALIZERS -> {
        if (now.path("distribution").asText().equals("normal")) {
          now.put("distribution", "truncated_normal");
        }
      }
      default -> {}
    }
    return now;
  }

  private static void layer(String kind, ObjectNode now) {
    if (now.path("name").isTextual()) {
      now.put("name", name(now.get("name").asText()));
    }
    now.remove(UNUSED.getOrDefault(kind, List.of()));
    switch (kind) {
      case "LeakyReLU" -> rename(now, "alpha", "negative_slope");
      case "BatchNormalization" -> {
        JsonNode axis = now.path("axis");
        if (axis.isArray() && axis.size() == 1) {
          now.set("axis", axis.get(0));
        }
      }
      case "MultiHeadAttention" -> {
        if (now.path("attention_axes").size() == 1) {
          now.remove("attention_axes"); // that of the steps, as Keras notes it for sequences
        }
      }
      default -> {}
    }
  }

  /// Before, a rate that decays was an option: rate / (1 + decay * steps).
  private static void optimizer(ObjectNode now) {
    JsonNode decay = now.remove("decay");
    now.remove(List.of("jit_compile", "is_legacy_optimizer"));
    if (decay != null && decay.asDouble() > 0 && now.path("learning_rate").isNumber()) {
      ObjectNode schedule = JsonNodeFactory.instance.objectNode();
      schedule.put("class_name", "InverseTimeDecay");
      schedule
          .putObject("config")
          .<ObjectNode>set("initial_learning_rate", now.get("learning_rate"))
          .put("decay_steps", 1)
          .set("decay_rate", decay);
      now.set("learning_rate", schedule);
    }
  }

  private static void rename(ObjectNode config, String old, String name) {
    JsonNode value = config.remove(old);
    if (value != null && !config.has(name)) {
      config.set(name, value);
    }
  }
}
