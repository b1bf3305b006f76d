package io.kalamos.saving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.models.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real Keras makes the models that we describe, in both forms. Runs where KERAS_PYTHON names a
/// Python with Keras.
class KerasReadsOursTest {
  @Test
  void allModels(@TempDir Path folder) throws IOException, InterruptedException {
    String python = System.getenv("KERAS_PYTHON");
    assumeTrue(python != null, "KERAS_PYTHON names no Python with Keras");
    ObjectNode cases = new ObjectMapper().createObjectNode();
    for (String name : ModelConfigTest.cases().toList()) {
      Model model =
          ModelConfigTest.read(ModelConfigTest.entry(name).get("config"), new ArrayList<>());
      ObjectNode config = ModelConfig.of(model);
      ObjectNode entry = cases.putObject(name);
      entry.set("config", config);
      entry.set("model_config", ModelConfig.oldModel(config));
      ModelConfig.oldTraining(config).ifPresent(old -> entry.set("training_config", old));
      List<int[]> shapes =
          model.weights().values().stream().map(weight -> weight.shape().toArray()).toList();
      entry.set("weights", new ObjectMapper().valueToTree(shapes));
    }
    Path file = folder.resolve("models.json");
    Files.writeString(file, cases.toString());
    Path script = Path.of("..", "testkit", "golden", "check_configs.py");
    Process process =
        new ProcessBuilder(python, script.toString(), file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }
}
