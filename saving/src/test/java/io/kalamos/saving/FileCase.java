package io.kalamos.saving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.data.Samples;
import io.kalamos.engine.Tensor;
import io.kalamos.models.LoadOptions;
import io.kalamos.models.Model;
import io.kalamos.testkit.Golden;
import io.kalamos.testkit.Json;
import io.kalamos.testkit.Npy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A model in Keras's files, with the data that it trained on, and what Keras computes with it
/// before and after one more epoch.
record FileCase(Json spec, Map<String, Npy> arrays) {
  static Stream<FileCase> all() {
    return Stream.of("files", "old-files")
        .flatMap(
            index -> {
              Map<String, Npy> arrays = Golden.arrays("files/" + index + ".npz");
              return Golden.json("files/" + index + ".json").get("cases").items().stream()
                  .map(spec -> new FileCase(spec, arrays));
            });
  }

  static FileCase of(String name) {
    return all().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  String name() {
    return spec.get("name").text();
  }

  @Override
  public String toString() {
    return name();
  }

  /// A file of this case in a folder, such as `cnn.keras` for `.keras`.
  Path file(Path folder, String ending) throws IOException {
    Path file = folder.resolve(name() + ending);
    Files.write(file, Golden.bytes("files/" + name() + ending));
    return file;
  }

  static LoadOptions quiet(LoadOptions options) {
    return options.running(run -> run.backend("java").log(line -> {}));
  }

  Samples samples() {
    List<Tensor> x = new ArrayList<>();
    for (int i = 0; arrays.containsKey(name() + "/x" + i); i++) {
      x.add(tensor(arrays.get(name() + "/x" + i)));
    }
    return new Samples(x, List.of(tensor(arrays.get(name() + "/y"))));
  }

  private static Tensor tensor(Npy array) {
    return switch (array) {
      case Npy.Floats(int[] shape, float[] values) -> Tensor.of(values, shape);
      case Npy.Ints(int[] shape, int[] values) -> Tensor.of(values, shape);
      case Npy other -> throw new IllegalStateException("no such array: " + other);
    };
  }

  private int batch() {
    return (int) spec.get("batch_size").number();
  }

  /// Keras's predictions and figures by now.
  void agrees(Model model, String predictions, String figures) {
    float[] expected = ((Npy.Floats) arrays.get(name() + "/" + predictions)).values();
    float[] actual = model.predict(samples().x(), batch()).getFirst().toFloats();
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < actual.length; i++) {
      assertEquals(expected[i], actual[i], 2e-4 * Math.max(1, Math.abs(expected[i])));
    }
    figures(model.evaluate(samples(), batch()).values(), figures);
  }

  private void figures(Map<String, Double> actual, String figures) {
    Json expected = spec.get(figures);
    expected
        .fields()
        .forEach(
            (figure, value) -> {
              assertTrue(actual.containsKey(figure), () -> figure + " among " + actual.keySet());
              assertEquals(value.number(), actual.get(figure), 2e-4 * Math.max(1, value.number()));
            });
  }

  /// One more epoch goes as in Keras.
  void trainsOn(Model model) {
    var history =
        model.fit(samples(), fit -> fit.batchSize(batch()).epochs(1).shuffle(false).verbose(false));
    Map<String, Double> first = new java.util.LinkedHashMap<>();
    history.metrics().forEach((name, values) -> first.put(name, values.getFirst()));
    figures(first, "history");
    agrees(model, "next", "next");
  }
}
