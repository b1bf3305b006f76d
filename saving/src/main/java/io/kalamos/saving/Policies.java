package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import io.kalamos.models.Precision;
import io.kalamos.options.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// The types that a file's layers compute in. In Keras each layer has a policy of its own, here the
/// model has one.
final class Policies {
  /// The first layer of each policy.
  private final Map<String, String> layers = new LinkedHashMap<>();

  /// Notes a layer's `dtype`: a name, or an object of a class such as `DTypePolicy`.
  void see(String where, JsonNode dtype) {
    if (dtype.isTextual()) {
      see(where, dtype.asText());
    } else if (dtype.path("config").has("name")) {
      see(where, dtype.path("config").get("name").asText());
    } else if (dtype.path("config").has("default_policy")) {
      see(where, dtype.path("config").get("default_policy"));
    }
  }

  private void see(String where, String name) {
    if (name.contains("_from_") || name.startsWith("int4") || name.startsWith("float8")) {
      throw Refusal.of(
          where,
          "weights that are not quantized",
          "dtype",
          name,
          "Save the model in Keras before model.quantize.");
    }
    layers.putIfAbsent(name, where);
  }

  /// The model's precision.
  ///
  /// @param notice is told where it differs from that of single layers
  Precision precision(Consumer<String> notice) {
    boolean mixed = layers.containsKey("mixed_bfloat16");
    boolean exact = layers.containsKey("float64");
    Precision chosen =
        mixed ? Precision.MIXED_BFLOAT16 : exact ? Precision.FLOAT64 : Precision.FLOAT32;
    layers.forEach(
        (name, layer) -> {
          boolean whole = name.startsWith("int") || name.startsWith("uint") || name.equals("bool");
          if (!name.equals(chosen.toString()) && !whole) {
            notice.accept(
                layer + ": dtype=" + name + ": computes in " + chosen + " like the whole model");
          }
        });
    return chosen;
  }
}
