package io.kalamos.saving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.activations.Activations;
import io.kalamos.callbacks.ModelCheckpoint;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Call;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import io.kalamos.layers.Lambda;
import io.kalamos.layers.Layer;
import io.kalamos.models.Model;
import io.kalamos.models.ModelExtras;
import io.kalamos.models.ModelFormat;
import io.kalamos.models.OptimizerState;
import io.kalamos.models.Sequential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files of Keras 3 and 2 are read, and what is trained on goes on to the same numbers; what we
/// write comes back bit by bit.
class KerasFilesTest {
  @TempDir Path folder;

  static Stream<FileCase> cases() {
    return FileCase.all();
  }

  private static Map<String, List<Double>> state(Model model) {
    Map<String, List<Double>> state = new LinkedHashMap<>();
    model.weights().forEach((path, value) -> state.put(path, numbers(value)));
    if (model.compilation().isPresent()) {
      OptimizerState optimizer = model.optimizerState();
      state.put(
          "optimizer",
          List.of(
              (double) optimizer.iterations(),
              optimizer.learningRate().at(optimizer.iterations())));
      optimizer.slots().forEach((path, value) -> state.put(path, numbers(value)));
    }
    return state;
  }

  private static List<Double> numbers(Tensor value) {
    List<Double> numbers = new ArrayList<>();
    for (long i = 0; i < value.size(); i++) {
      numbers.add(value.get(i));
    }
    return numbers;
  }

  private Model load(Path file) throws IOException {
    return Model.load(file, FileCase::quiet);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void wholeModelsTrainOnAsInKeras(FileCase files) throws IOException {
    for (String ending : List.of(".keras", ".h5")) {
      Model model = load(files.file(folder, ending));
      files.agrees(model, "predict", "evaluate");
      files.trainsOn(model);
    }
  }

  /// Weights of all layouts, put into a model that has others.
  @ParameterizedTest
  @MethodSource("cases")
  void weightsAlone(FileCase files) throws IOException {
    List<String> endings = new ArrayList<>(List.of(".weights.h5", ".keras", ".h5"));
    if (files.name().startsWith("old-")) {
      endings.add("-weights.h5");
    }
    for (String ending : endings) {
      Model model = load(files.file(folder, ".keras")).initialize(5);
      model.loadWeights(files.file(folder, ending));
      files.agrees(model, "predict", "evaluate");
    }
    Model model = load(files.file(folder, ".keras")).initialize(5);
    model.optimizerState(
        new OptimizerState(99, model.optimizerState().learningRate(), new LinkedHashMap<>()));
    model.loadWeights(files.file(folder, ".weights.h5"));
    files.trainsOn(model);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsWrittenComesBack(FileCase files) throws IOException {
    Model model = load(files.file(folder, ".keras"));
    model.extras(
        ModelExtras.of(List.of("0", "é", "字"))
            .preprocessing("invert", "true")
            .provenance("seed", "7"));
    for (String name : List.of("a.keras", "a.h5", "a.hdf5")) {
      Path file = folder.resolve("deep/" + name);
      model.save(file);
      Model read = load(file);
      assertEquals(state(model), state(read));
      assertEquals(model.extras(), read.extras());
      assertEquals(model.summary(), read.summary());
      files.agrees(read, "predict", "evaluate");
      files.trainsOn(read);
      assertEquals(model.title(), read.title());
    }
    for (String name : List.of("a.weights.h5", "b.h5", "b.hdf5")) {
      Path file = folder.resolve(name);
      model.saveWeights(file);
      Model read = load(files.file(folder, ".keras")).initialize(5);
      read.loadWeights(file);
      assertEquals(state(model), state(read));
    }
    try (Stream<Path> all = Files.list(folder)) {
      assertFalse(all.anyMatch(file -> file.toString().endsWith(".part")), "nothing is left");
    }
  }

  @Test
  void theSameModelGivesTheSameBytes() throws IOException {
    FileCase files = FileCase.of("cnn");
    Model model = load(files.file(folder, ".keras"));
    for (String name : List.of("a.keras", "a.h5", "a.weights.h5")) {
      Path one = folder.resolve("1" + name);
      Path two = folder.resolve("2" + name);
      if (name.contains("weights")) {
        model.saveWeights(one);
        model.saveWeights(two);
      } else {
        model.save(one);
        load(one).save(two);
      }
      assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
    }
  }

  /// The format is asked for or follows from the name; reading looks at the content.
  @Test
  void anyNameWillDo() throws IOException {
    Model model = load(FileCase.of("cnn").file(folder, ".keras"));
    Path file = folder.resolve("best.model");
    for (ModelFormat format : ModelFormat.values()) {
      model.save(file, save -> save.format(format));
      assertEquals(state(model), state(load(file)));
    }
    Path wrong = folder.resolve("wrong.h5");
    model.save(wrong, save -> save.format(ModelFormat.KERAS));
    assertEquals(state(model), state(load(wrong)));
  }

  @Test
  void withoutCompilationOrOptimizer() throws IOException {
    Path file = FileCase.of("cnn").file(folder, ".keras");
    Model bare = Model.load(file, load -> FileCase.quiet(load).compile(false));
    assertTrue(bare.compilation().isEmpty());
    Path again = folder.resolve("again.keras");
    bare.save(again);
    assertEquals(state(bare), state(load(again)));
    Model whole = load(file);
    for (String name : List.of("fresh.keras", "fresh.h5")) {
      Path fresh = folder.resolve(name);
      whole.save(fresh, save -> save.optimizer(false));
      Model read = load(fresh);
      assertEquals(0, read.optimizerState().iterations());
      assertEquals(Map.of(), read.optimizerState().slots());
      assertEquals(state(bare), state(Model.load(fresh, l -> l.compile(false))));
    }
  }

  @Test
  void layersThatDoNotTrainStayLikeThat() throws IOException {
    Model model = load(FileCase.of("branches").file(folder, ".keras"));
    assertFalse(model.trainable("frozen/kernel"));
    for (String name : List.of("a.keras", "a.h5")) {
      model.save(folder.resolve(name));
      Model read = load(folder.resolve(name));
      assertFalse(read.trainable("frozen/kernel"));
      assertTrue(read.trainable("shared/kernel"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"best.keras", "best.h5"})
  void checkpointsAreWholeModels(String name) throws IOException {
    FileCase files = FileCase.of("cnn");
    Model model = load(files.file(folder, ".keras"));
    Path file = folder.resolve(name);
    model.fit(
        files.samples(),
        fit ->
            fit.epochs(3)
                .verbose(false)
                .callbacks(ModelCheckpoint.to(file).monitor("loss").saveBestOnly()));
    assertTrue(load(file).optimizerState().iterations() > 5);
    Path each = folder.resolve("{epoch}-{batch}.keras");
    model.fit(
        files.samples(),
        fit ->
            fit.epochs(1)
                .batchSize(12)
                .verbose(false)
                .callbacks(ModelCheckpoint.to(each).saveFreq(2)));
    assertTrue(Files.exists(folder.resolve("1-2.keras")));
  }

  /// A layer of a class that no file may name.
  public record Twice(Optional<String> name) implements Layer {
    @Override
    public Layer named(String name) {
      return new Twice(Optional.of(name));
    }

    @Override
    public Node call(Call call, Node x) {
      return Ops.multiply(x, 2);
    }
  }

  /// What no file can hold is said before anything is written.
  @Test
  void modelsThatNoFileCanHold() throws IOException {
    Twice twice = new Twice(Optional.of("own"));
    Model model = Sequential.of(Input.of(2), twice, Dense.of(2));
    Path file = folder.resolve("a.keras");
    String message =
        assertThrows(IllegalArgumentException.class, () -> model.save(file)).getMessage();
    assertTrue(message.contains("Twice"), message);
    try (Stream<Path> all = Files.list(folder)) {
      assertEquals(0, all.count());
    }
    model.save(file, save -> save.part(twice));
    Tensor x = Tensor.of(new float[] {1, 2}, 1, 2);
    assertEquals(
        numbers(model.predict(x)), numbers(Model.load(file, load -> load.part(twice)).predict(x)));
    message = assertThrows(IOException.class, () -> Model.load(file)).getMessage();
    assertTrue(message.startsWith(file + ": ") && message.contains("Twice"), message);
  }

  @Test
  void functionsAreGivenToWhoeverLoads() throws IOException {
    Model model =
        Sequential.of(Input.of(2), Lambda.of(x -> Ops.multiply(x, 2)).named("own"), Dense.of(2));
    Path file = folder.resolve("a.keras");
    model.save(file);
    Tensor x = Tensor.of(new float[] {1, 2}, 1, 2);
    Model read = Model.load(file, load -> load.onLambda("own", y -> Ops.multiply(y, 2)));
    assertEquals(numbers(model.predict(x)), numbers(read.predict(x)));
    String message = assertThrows(IOException.class, () -> Model.load(file)).getMessage();
    assertTrue(message.startsWith(file + ": ") && message.contains("own"), message);
  }

  @Test
  void otherModelsAndFiles() throws IOException {
    Path cnn = FileCase.of("cnn").file(folder, ".weights.h5");
    Path old = FileCase.of("old-cnn").file(folder, "-weights.h5");
    Model other = Sequential.of(Input.of(3), Dense.of(6).activation(Activations.RELU), Dense.of(3));
    Map<String, List<Double>> before = state(other);
    refused(
        cnn
            + ": expected layers/dense (dense): weight 0 of shape (3, 6), received shape=(27, 6)."
            + " The file belongs to another model; load it into one with the same layers.",
        () -> other.loadWeights(cnn));
    refused(
        old
            + ": expected 2 layers with weights, received layers=4. The file belongs to another"
            + " model; load it into one with the same layers.",
        () -> other.loadWeights(old));
    assertEquals(before, state(other), "nothing was changed");
    Model few = Sequential.of(Input.of(27), Dense.of(6));
    refused(
        cnn
            + ": expected the weights of this model's layers alone, received"
            + " other=[layers/batch_normalization/vars/0, layers/batch_normalization/vars/1,"
            + " layers/batch_normalization/vars/2]. The file belongs to another model; load it into"
            + " one with the same layers.",
        () -> few.loadWeights(cnn));
    refused(
        cnn
            + ": expected an HDF5 file of a whole model, with the attribute model_config, received"
            + " attributes=[]. The file holds weights alone: build the model and call"
            + " model.loadWeights(file).",
        () -> Model.load(cnn));
    Path own = folder.resolve("best.weights");
    other.saveWeights(own);
    refused(
        own
            + ": expected a .keras or HDF5 file, received begin=that of weights alone. Build the"
            + " model and call model.loadWeights(file).",
        () -> Model.load(own));
    Path text = Files.writeString(folder.resolve("a.keras"), "a text");
    refused(
        text
            + ": expected a .keras or HDF5 file, received begin=other bytes. The file is of another"
            + " kind, or damaged.",
        () -> Model.load(text));
    Path none = folder.resolve("none.keras");
    refused(
        none + ": expected a file of Keras, received file=none. Check the name and the folder.",
        () -> Model.load(none));
  }

  private static void refused(String message, org.junit.jupiter.api.function.Executable call) {
    assertEquals(message, assertThrows(IOException.class, call).getMessage());
  }
}
