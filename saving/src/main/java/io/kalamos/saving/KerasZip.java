package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kalamos.models.LoadOptions;
import io.kalamos.models.Model;
import io.kalamos.models.SaveOptions;
import io.kalamos.models.spi.WeightLimit;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Whole models in the format of Keras 3: a zip of `metadata.json`, `config.json` and
/// `model.weights.h5`.
final class KerasZip {
  /// The version of Keras whose files these are.
  static final String KERAS = "3.15.1";

  private final SequencedMap<String, String> texts;
  private final Hdf5Group weights;

  private KerasZip(SequencedMap<String, String> texts, Hdf5Group weights) {
    this.texts = texts;
    this.weights = weights;
  }

  static KerasZip of(Model model, SaveOptions options) {
    SequencedMap<String, String> texts = new LinkedHashMap<>();
    texts.put(
        Archive.METADATA,
        Json.write(JsonNodeFactory.instance.objectNode().put("keras_version", KERAS)));
    texts.put(Archive.CONFIG, Json.write(ModelConfig.of(model, options.parts())));
    ExtrasJson.write(model.extras()).ifPresent(text -> texts.put(Archive.EXTRAS, text));
    Hdf5Group weights = new Hdf5Group();
    GroupedWeights.write(model, options.optimizer(), weights);
    return new KerasZip(texts, weights);
  }

  void write(OutputStream out) throws IOException {
    Archive.write(out, texts, weights);
  }

  /// Reads back what was written, and compares.
  void check(Path written) throws IOException {
    try (Archive archive = Archive.open(written)) {
      for (Map.Entry<String, String> text : texts.entrySet()) {
        if (!archive.text(text.getKey()).equals(text.getValue())) {
          throw Archive.refuse(
              written,
              text.getKey() + " as it was written",
              text.getKey(),
              "another text",
              "The disk is damaged; save to another one.");
        }
      }
      weights.check(
          written.toString(), Hdf5Reader.read(written.toString(), archive.bytes(Archive.WEIGHTS)));
    }
  }

  static Model load(Path file, LoadOptions options) throws IOException {
    try (Archive archive = Archive.open(file)) {
      JsonNode config = Json.read(file + ": " + Archive.CONFIG, archive.text(Archive.CONFIG));
      Hdf5Group weights = weights(file, archive);
      Model model = WeightLimit.within(weights.bytes(), () -> ModelConfig.read(config, options));
      GroupedWeights.read(file, weights, model);
      if (archive.has(Archive.EXTRAS)) {
        model.extras(ExtrasJson.read(file + ": " + Archive.EXTRAS, archive.text(Archive.EXTRAS)));
      }
      return model;
    }
  }

  /// The weights of a file.
  static Hdf5Group weights(Path file) throws IOException {
    try (Archive archive = Archive.open(file)) {
      return weights(file, archive);
    }
  }

  private static Hdf5Group weights(Path file, Archive archive) throws IOException {
    return Hdf5Reader.read(file + ": " + Archive.WEIGHTS, archive.bytes(Archive.WEIGHTS));
  }
}
