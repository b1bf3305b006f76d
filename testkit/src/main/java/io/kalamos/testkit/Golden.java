package io.kalamos.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// What real Keras computes, as files beside this class.
///
/// Source: `testkit/golden/make_golden.py` and its README, which tells what each file holds.
public final class Golden {
  private Golden() {}

  /// One operation: its inputs, outputs, and the gradients at some inputs when `seed` is the
  /// gradient put in at the first output.
  public record Operation(
      String name,
      String op,
      Map<String, Json> config,
      List<Npy> inputs,
      List<Npy> outputs,
      Optional<Npy> seed,
      Map<Integer, Npy> gradients) {}

  /// One weight of a trained network, in Keras's order, before and after the training.
  public record Weight(String path, boolean isTrainable, Npy initial, Npy trained) {}

  /// One training run: data, weights, the history per epoch, and what followed.
  public record Training(
      String name,
      Json spec,
      Npy x,
      Npy y,
      int batchSize,
      int epochs,
      List<Weight> weights,
      Map<String, double[]> history,
      Map<String, Double> evaluate,
      Npy predictInitial,
      Npy predict) {}

  /// All operations of the table.
  public static List<Operation> operations() {
    return operations("ops");
  }

  /// All operations of another table, such as `arrangements`.
  public static List<Operation> operations(String table) {
    var arrays = arrays(table + ".npz");
    return json(table + ".json").get("cases").items().stream()
        .map(c -> operation(c, arrays))
        .toList();
  }

  /// The names of the training runs.
  public static List<String> trainings() {
    return networks().keySet().stream().toList();
  }

  /// The training run of a name.
  public static Training training(String name) {
    var spec = networks().get(name);
    if (spec == null) {
      throw new IllegalArgumentException(
          "Golden.training: expected one of "
              + trainings()
              + ", received name="
              + name
              + ". Take a name of the list.");
    }
    var arrays = arrays("training/" + name + ".npz");
    var paths = spec.get("weights").items();
    var weights =
        IntStream.range(0, paths.size())
            .mapToObj(
                i ->
                    new Weight(
                        paths.get(i).get("path").text(),
                        paths.get(i).get("trainable").bool(),
                        arrays.get("initial/" + i),
                        arrays.get("final/" + i)))
            .toList();
    var history = new LinkedHashMap<String, double[]>();
    spec.get("history")
        .fields()
        .forEach(
            (key, values) ->
                history.put(key, values.items().stream().mapToDouble(Json::number).toArray()));
    var evaluate = new LinkedHashMap<String, Double>();
    spec.get("evaluate").fields().forEach((key, value) -> evaluate.put(key, value.number()));
    return new Training(
        name,
        spec,
        arrays.get("x"),
        arrays.get("y"),
        (int) spec.get("batch_size").number(),
        (int) spec.get("epochs").number(),
        weights,
        history,
        evaluate,
        arrays.get("predict-initial"),
        arrays.get("predict"));
  }

  /// An index: `ops.json`, `layers.json`, `training.json`, `defaults.json` or `names.json`.
  public static Json json(String file) {
    return Json.parse(text(file));
  }

  /// A file as text, `summaries/lab-cnn.txt` for one.
  public static String text(String file) {
    return new String(bytes(file), StandardCharsets.UTF_8);
  }

  /// A file as it is, `files/cnn.keras` for one.
  public static byte[] bytes(String file) {
    try (var in = open(file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The arrays of a file, `layers.npz` for one, by name.
  public static Map<String, Npy> arrays(String file) {
    try {
      return Npz.read(open(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Json> networks() {
    var networks = new LinkedHashMap<String, Json>();
    for (var index : List.of("training.json", "networks.json")) {
      for (var network : json(index).get("networks").items()) {
        networks.put(network.get("name").text(), network);
      }
    }
    return networks;
  }

  private static Operation operation(Json row, Map<String, Npy> arrays) {
    var name = row.get("name").text();
    var gradients = new TreeMap<Integer, Npy>();
    for (var input : row.get("gradients").items()) {
      var i = (int) input.number();
      gradients.put(i, arrays.get(name + "/grad" + i));
    }
    return new Operation(
        name,
        row.get("op").text(),
        row.get("config").fields(),
        numbered(arrays, name + "/in", (int) row.get("inputs").number()),
        numbered(arrays, name + "/out", (int) row.get("outputs").number()),
        Optional.ofNullable(arrays.get(name + "/seed0")),
        gradients);
  }

  private static List<Npy> numbered(Map<String, Npy> arrays, String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> arrays.get(prefix + i)).toList();
  }

  private static InputStream open(String file) {
    var in = Golden.class.getResourceAsStream("golden/" + file);
    if (in == null) {
      throw new IllegalArgumentException(
          "Golden: expected a file of the folder golden, received file="
              + file
              + ". Its README lists them.");
    }
    return in;
  }
}
