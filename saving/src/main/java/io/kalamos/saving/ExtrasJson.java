package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.models.ModelExtras;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// What a file holds of a model beside what Keras knows, as JSON: `{"format": 1, "class_names":
/// [...], "preprocessing": {...}, "provenance": {...}}`.
final class ExtrasJson {
  private static final int FORMAT = 1;

  private ExtrasJson() {}

  /// Nothing where there is nothing to say.
  static Optional<String> write(ModelExtras extras) {
    if (extras.equals(ModelExtras.NONE)) {
      return Optional.empty();
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("format", FORMAT);
    extras.classNames().forEach(node.putArray("class_names")::add);
    extras.preprocessing().forEach(node.putObject("preprocessing")::put);
    extras.provenance().forEach(node.putObject("provenance")::put);
    return Optional.of(Json.write(node));
  }

  /// Reads also what later versions add to.
  static ModelExtras read(String where, String text) throws IOException {
    JsonNode node = Json.read(where, text);
    List<String> names = new ArrayList<>();
    for (JsonNode name : node.path("class_names")) {
      names.add(text(where, "class_names", name));
    }
    return new ModelExtras(
        names, texts(where, node, "preprocessing"), texts(where, node, "provenance"));
  }

  private static SequencedMap<String, String> texts(String where, JsonNode node, String name)
      throws IOException {
    SequencedMap<String, String> texts = new LinkedHashMap<>();
    for (var entry : node.path(name).properties()) {
      texts.put(entry.getKey(), text(where, name, entry.getValue()));
    }
    return texts;
  }

  private static String text(String where, String name, JsonNode value) throws IOException {
    if (!value.isTextual()) {
      throw Archive.refuse(
          where, "texts", name, value, "The file is damaged or made up; use another copy.");
    }
    return value.asText();
  }
}
