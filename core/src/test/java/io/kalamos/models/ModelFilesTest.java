package io.kalamos.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.activations.Activations;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import io.kalamos.losses.Losses;
import io.kalamos.optimizers.Adam;
import io.kalamos.schedules.LearningRateSchedule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// What whole files of models need of a model, and what is said where the module is missing that
/// writes them, as it is here.
class ModelFilesTest {
  @TempDir Path folder;

  private static Model model() {
    Model model =
        Sequential.of(Input.of(2), Dense.of(3), Dense.of(2).activation(Activations.SOFTMAX));
    model.compile(
        Compilation.of(Adam.of(0.1), Losses.SPARSE_CATEGORICAL_CROSSENTROPY)
            .running(run -> run.backend("java")));
    return model.initialize(1);
  }

  private static void step(Model model) {
    model.trainOnBatch(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2), Tensor.of(new int[] {0, 1}, 2));
  }

  private static String state(Model model) {
    StringBuilder text = new StringBuilder(model.optimizerState().iterations() + ":");
    model
        .optimizerState()
        .slots()
        .forEach((path, value) -> text.append(path).append(ModelTest.box(value)));
    return text + model.getWeights().stream().map(ModelTest::box).toList().toString();
  }

  private static String message(Class<? extends Exception> kind, Executable call) {
    return assertThrows(kind, call).getMessage();
  }

  @Test
  void formatsFollowFromNames() {
    assertEquals(Optional.of(ModelFormat.KERAS), ModelFormat.of(Path.of("a.KERAS")));
    assertEquals(Optional.of(ModelFormat.H5), ModelFormat.of(Path.of("a.hdf5")));
    assertEquals(Optional.of(ModelFormat.H5), ModelFormat.of(Path.of("a/best_model.h5")));
    assertEquals(Optional.empty(), ModelFormat.of(Path.of("a.weights.h5")));
    assertEquals(Optional.empty(), ModelFormat.of(Path.of("a.weights")));
    assertEquals(
        ModelFormat.H5, SaveOptions.DEFAULTS.format(ModelFormat.H5).format(Path.of("a.model")));
    assertEquals(
        "save: expected a file name that ends in .keras, .h5 or .hdf5, or a format, received"
            + " file=a.model. Rename it, or say save.format(ModelFormat.KERAS); weights alone are"
            + " written by saveWeights.",
        message(IllegalArgumentException.class, () -> model().save("a.model")));
    assertEquals(
        "saveWeights: expected a file name such as best.weights.h5 or best.weights, received"
            + " file=a.keras. A file of this name holds a whole model: call model.save(file).",
        message(IllegalArgumentException.class, () -> model().saveWeights("a.keras")));
  }

  @Test
  void withoutTheModuleItIsNamed() throws Exception {
    Path hdf5 = Files.write(folder.resolve("x"), new byte[] {(byte) 0x89, 'H', 'D', 'F', 1});
    Path zip = Files.write(folder.resolve("y"), new byte[] {'P', 'K', 3, 4});
    missing("save", () -> model().save(folder.resolve("a.keras")));
    missing("load", () -> Model.load("a.keras"));
    missing("saveWeights", () -> model().saveWeights(folder.resolve("a.weights.h5")));
    missing("loadWeights", () -> model().loadWeights(hdf5));
    missing("loadWeights", () -> model().loadWeights(zip));
  }

  private static void missing(String where, Executable call) {
    assertEquals(
        where
            + ": expected the module io.kalamos.saving on the module path, received modules=none"
            + " that provides io.kalamos.models.spi.ModelFiles. Add the dependency"
            + " io.kalamos:kalamos-saving; weights alone need no module where the file's name is"
            + " such as best.weights.",
        message(IllegalArgumentException.class, call));
  }

  /// Another model that is given weights and state goes the same way on, bit by bit.
  @Test
  void trainingGoesOnFromAState() {
    Model first = model();
    step(first);
    step(first);
    Model second = model();
    second.setWeights(first.getWeights());
    second.optimizerState(first.optimizerState());
    assertEquals(state(first), state(second), "before the second one's slots are asked for");
    step(first);
    step(second);
    assertEquals(state(first), state(second));
    assertEquals(3, second.optimizerState().iterations());
    second.optimizerState(model().optimizerState());
    second.setWeights(model().getWeights());
    Model third = model();
    step(second);
    step(third);
    assertEquals(state(third), state(second), "a fresh state");
  }

  @Test
  void statesOfOtherModels() {
    SequencedMap<String, Tensor> slots = new LinkedHashMap<>();
    slots.put("dense/kernel/momentum", Tensor.of(new float[4], 2, 2));
    OptimizerState state = new OptimizerState(1, LearningRateSchedule.constant(0.1), slots);
    assertEquals(
        "optimizerState: dense/kernel: expected shape (2, 3), received shape=(2, 2). Give the"
            + " values of a model with the same layers.",
        message(RuntimeException.class, () -> model().optimizerState(state)));
    assertEquals(
        "optimizerState: expected a compiled model, received model=sequential. Call"
            + " model.compile(optimizer, loss, metrics) first.",
        message(
            IllegalStateException.class,
            () -> Sequential.of(Input.of(2), Dense.of(3)).optimizerState()));
  }

  @Test
  void extrasAreKept() {
    ModelExtras extras =
        ModelExtras.of(List.of("A", "B")).preprocessing("invert", "true").provenance("seed", "7");
    assertEquals(extras, model().extras(extras).extras());
    assertEquals(ModelExtras.NONE, model().extras());
    assertEquals(
        "ModelExtras: expected each class once, received classNames=[A, A]. Name the classes in"
            + " the order of the model's outputs.",
        message(IllegalArgumentException.class, () -> ModelExtras.of(List.of("A", "A"))));
  }
}
