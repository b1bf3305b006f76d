package io.kalamos.saving;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/// JSON as Python writes it, with limits on depth, length and numbers; no names twice.
final class Json {
  private static final int DEEPEST = 256;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNumberLength(100)
                          .maxStringLength(16 << 20)
                          .maxNameLength(10_000)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /// @param where file and part, for messages
  static JsonNode read(String where, String text) throws IOException {
    try {
      JsonNode node = MAPPER.readTree(text);
      if (node.isObject()) {
        return node;
      }
      throw Archive.refuse(where, "a JSON object", "begin", begin(text), TO_DO);
    } catch (JsonProcessingException problem) {
      throw Archive.refuse(where, "JSON", "error", problem.getOriginalMessage(), TO_DO);
    }
  }

  private static final String TO_DO = "The file is damaged or made up; use another copy.";

  private static String begin(String text) {
    return text.substring(0, Math.min(text.length(), 20));
  }

  static String write(JsonNode node) {
    return node.toString();
  }
}
