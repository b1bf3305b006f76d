package io.kalamos.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.testkit.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Configurations that are JSON but not Keras's: in golden ones, of every layer and kind of model,
/// a value is left out or replaced. What a fuzzer makes of bytes is JSON too seldom to get there.
class ConfigurationsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String VALUES =
      """
      [null, true, false, 0, -1, 1, 3, 0.5, 1e300, 20000, 1000000, 2147483647, 99999999999, "", "x",
       "relu", "same", [], {}, [null], [[]], [0], [-1, 2, 3], [[1, 2], [3, 4]], ["dense", 0, 0],
       [null, 50000, 3], [null, 3000, 3000, 3], {"class_name": "Dense"},
       {"class_name": "Dense", "config": {}}, {"class_name": "Dense", "config": []},
       {"class_name": null, "config": null}]
      """;

  /// A value within a configuration: that of an object by name, or of a list by place.
  private record Place(JsonNode parent, String name, int index) {
    JsonNode value() {
      return parent.isArray() ? parent.get(index) : parent.get(name);
    }

    void set(JsonNode value) {
      switch (parent) {
        case ObjectNode object -> object.set(name, value);
        case ArrayNode array -> array.set(index, value);
        default -> throw new IllegalStateException("no container: " + parent);
      }
    }

    void remove() {
      switch (parent) {
        case ObjectNode object -> object.remove(name);
        case ArrayNode array -> array.remove(index);
        default -> throw new IllegalStateException("no container: " + parent);
      }
    }
  }

  @Test
  void changedValuesAreReadOrRefused(@TempDir Path folder) throws IOException {
    List<JsonNode> models = new ArrayList<>();
    JSON.readTree(Golden.text("model_configs.json"))
        .get("cases")
        .forEach(
            golden -> {
              if (golden.has("config")) {
                models.add(golden.get("config"));
              }
            });
    JsonNode values = JSON.readTree(VALUES);
    Random random = new Random(1);
    long begin = System.nanoTime();
    long end = begin + FuzzTest.SECONDS * 1_000_000_000L;
    int inputs = 0;
    while (System.nanoTime() < end) {
      JsonNode model = models.get(random.nextInt(models.size())).deepCopy();
      List<Place> places = new ArrayList<>();
      collect(model, places);
      Place place = places.get(random.nextInt(places.size()));
      switch (random.nextInt(8)) {
        case 0 -> place.remove();
        case 1 -> place.set(places.get(random.nextInt(places.size())).value().deepCopy());
        default -> place.set(values.get(random.nextInt(values.size())));
      }
      byte[] changed = JSON.writeValueAsBytes(model);
      try {
        Format.KERAS_CONFIG.check(folder, changed);
      } catch (AssertionError finding) {
        throw new AssertionError(new String(changed, StandardCharsets.UTF_8), finding);
      }
      inputs++;
    }
    IO.println("configurations: %d inputs in %d seconds".formatted(inputs, FuzzTest.SECONDS));
    assertTrue(inputs > 10);
  }

  private static void collect(JsonNode node, List<Place> places) {
    node.properties().forEach(entry -> places.add(new Place(node, entry.getKey(), 0)));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      places.add(new Place(node, "", i));
    }
    node.forEach(child -> collect(child, places));
  }
}
