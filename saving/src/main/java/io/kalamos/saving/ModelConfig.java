package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.models.Compilation;
import io.kalamos.models.LoadOptions;
import io.kalamos.models.Model;
import io.kalamos.models.Precision;
import io.kalamos.options.Refusal;
import java.util.List;
import java.util.Optional;

/// Whole models as Keras describes them, without weights: the `config.json` of `.keras` files, the
/// `model_config` and `training_config` of `.h5` files, both ways.
public final class ModelConfig {
  private ModelConfig() {}

  /// The model as `config.json` has it, with what it was compiled with. An own training step is
  /// code: a model with one is written as if it were not compiled.
  ///
  /// @param parts own records among the model's parts, one of each class
  /// @throws IllegalArgumentException where a layer is of a class that no file can name, or would
  ///   not be the same when it is read
  public static ObjectNode of(Model model, List<Record> parts) {
    OwnParts own = new OwnParts(parts);
    ModelWriter.check(model, own);
    ModelWriter writer = new ModelWriter(model, own);
    ObjectNode compile = JsonNodeFactory.instance.objectNode();
    int outputs = model.outputNames().size();
    model
        .compilation()
        .filter(compilation -> compilation.step().isEmpty())
        .map(compilation -> new CompileWriter(writer.parts(), outputs).of(compilation))
        .ifPresent(compile::setAll);
    return writer.model(model, model.title(), compile);
  }

  public static ObjectNode of(Model model) {
    return of(model, List.of());
  }

  /// The model that `config.json` describes, compiled if it was and the options say so; its weights
  /// are as new.
  ///
  /// @throws IllegalArgumentException where a class, an option's type or its value is not
  ///   supported; missing classes are told all at once
  public static Model read(JsonNode node, LoadOptions options) {
    OwnParts own = new OwnParts(options.parts());
    String kind = node.path("class_name").asText();
    if (!ModelReader.reads(node)) {
      throw Refusal.of(
          "model",
          "a Sequential or functional model",
          "class_name",
          kind.isEmpty() ? "none" : kind,
          "Models with a class of their own are Python code: build it in Java and load the weights"
              + " alone.");
    }
    MissingParts.check(node, options, own);
    ModelReader reader = new ModelReader(options, own);
    Model model = reader.model("", node);
    Precision precision = reader.policies().precision(options.log());
    JsonNode compile = node.path("compile_config");
    Optional<Compilation> compilation =
        options.compile()
            ? new CompileReader(reader.parts(), own, model.outputNames(), options.log())
                .read(compile, options.execution().precision(precision))
            : Optional.empty();
    compilation.ifPresent(model::compile);
    if (compilation.isEmpty() && precision != Precision.FLOAT32) {
      options
          .log()
          .accept("model: dtype=" + precision + ": say so when you compile; computes in float32");
    }
    return model;
  }

  /// The model of an `.h5` file's attributes.
  ///
  /// @param training of a model that was compiled
  public static Model readOld(JsonNode model, Optional<JsonNode> training, LoadOptions options) {
    ObjectNode whole = (ObjectNode) Old.listed(model.deepCopy());
    training.ifPresent(
        config -> whole.set("compile_config", Old.compile(Old.listed(config.deepCopy()))));
    return read(whole, options);
  }

  /// The `model_config` of an `.h5` file.
  public static ObjectNode oldModel(ObjectNode config) {
    return Old.model(config);
  }

  /// The `training_config` of an `.h5` file; empty where the model is not compiled.
  public static Optional<ObjectNode> oldTraining(ObjectNode config) {
    return Old.training(config);
  }
}
