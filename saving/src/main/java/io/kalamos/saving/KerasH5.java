package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.models.LoadOptions;
import io.kalamos.models.Model;
import io.kalamos.models.SaveOptions;
import io.kalamos.models.spi.WeightLimit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Whole models in one HDF5 file, as Keras wrote them before `.keras`, and still reads and writes.
final class KerasH5 {
  static final String MODEL = "model_config";
  static final String TRAINING = "training_config";
  private static final String OPTIMIZER = "optimizer_weights";

  /// What Keras passes over.
  private static final String EXTRAS = "kalamos";

  private KerasH5() {}

  static Hdf5Group of(Model model, SaveOptions options) {
    ObjectNode config = ModelConfig.of(model, options.parts());
    Hdf5Group root = new Hdf5Group();
    root.attribute("backend", "kalamos").attribute("keras_version", KerasZip.KERAS);
    root.attribute(MODEL, Json.write(ModelConfig.oldModel(config)));
    ModelConfig.oldTraining(config)
        .ifPresent(training -> root.attribute(TRAINING, Json.write(training)));
    ExtrasJson.write(model.extras()).ifPresent(text -> root.attribute(EXTRAS, text));
    NamedWeights.write(model, root.make(NamedWeights.WHOLE));
    List<OptimizerVariables.Variable> variables = OptimizerVariables.of(model);
    if (options.optimizer() && !variables.isEmpty()) {
      Hdf5Group group = root.make(OPTIMIZER);
      NamedWeights.names(
          group,
          "weight_names",
          variables.stream().map(OptimizerVariables.Variable::name).toList());
      variables.forEach(v -> group.put(v.name(), GroupedWeights.array(v.value(), v.whole())));
    }
    return root;
  }

  static Model load(Path file, Hdf5Group root, LoadOptions options) throws IOException {
    String model =
        root.text(MODEL)
            .orElseThrow(
                () ->
                    Archive.refuse(
                        file,
                        "an HDF5 file of a whole model, with the attribute " + MODEL,
                        "attributes",
                        root.attributes().keySet(),
                        "The file holds weights alone: build the model and call"
                            + " model.loadWeights(file)."));
    JsonNode config = Json.read(file + ": " + MODEL, model);
    Optional<JsonNode> training = Optional.empty();
    if (root.text(TRAINING).isPresent()) {
      training = Optional.of(Json.read(file + ": " + TRAINING, root.text(TRAINING).get()));
    }
    Optional<JsonNode> compiled = training;
    Model read =
        WeightLimit.within(root.bytes(), () -> ModelConfig.readOld(config, compiled, options));
    NamedWeights.read(file, root, read);
    if (root.group(OPTIMIZER).isPresent()) {
      Hdf5Group group = root.group(OPTIMIZER).get();
      List<Hdf5Dataset> values = NamedWeights.arrays(file, OPTIMIZER, group);
      GroupedWeights.restore(NamedWeights.names(group, "weight_names"), values, read);
    }
    if (root.text(EXTRAS).isPresent()) {
      read.extras(ExtrasJson.read(file + ": " + EXTRAS, root.text(EXTRAS).get()));
    }
    return read;
  }
}
