package io.kalamos.saving;

import static io.kalamos.losses.Losses.MEAN_SQUARED_ERROR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.Adam;
import io.kalamos.testkit.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// After a step, optimizers have the variables of Keras's in Keras's order, and take those of older
/// files.
class OptimizerVariablesTest {
  private static final Tensor X = Tensor.of(new float[] {1, 2, 3}, 1, 3);
  private static final Tensor Y = Tensor.of(new float[] {1}, 1, 1);

  static Stream<String> optimizers() {
    return ModelConfigTest.cases().filter(name -> name.startsWith("optimizer-"));
  }

  private static Model trained(String name) {
    Model model =
        ModelConfigTest.read(ModelConfigTest.entry(name).get("config"), new ArrayList<>());
    model.trainOnBatch(X, Y);
    return model;
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void areThoseOfKeras(String name) {
    Map<String, String> keras = new LinkedHashMap<>();
    for (JsonNode variable : ModelConfigTest.entry(name).get("variables")) {
      if (variable.get(0).asText().startsWith("optimizer/")) {
        int[] shape = new ObjectMapper().convertValue(variable.get(1), int[].class);
        boolean whole = variable.get(2).asText().startsWith("int");
        keras.put(variable.get(0).asText(), KerasJson.text(shape, whole));
      }
    }
    List<String> names = new ArrayList<>();
    ModelConfigTest.entry(name)
        .get("optimizer_weights")
        .forEach(weight -> names.add(plain(weight.asText())));
    List<OptimizerVariables.Variable> ours = OptimizerVariables.of(trained(name));
    Map<String, String> told = new LinkedHashMap<>();
    for (int i = 0; i < ours.size(); i++) {
      int[] shape = ours.get(i).value().shape().toArray();
      told.put("optimizer/vars/" + i, KerasJson.text(shape, ours.get(i).whole()));
    }
    assertEquals(new java.util.TreeMap<>(keras), new java.util.TreeMap<>(told));
    assertEquals(names, ours.stream().map(variable -> plain(variable.name())).toList());
  }

  /// Without the optimizer's and the model's name, which Keras spells in several ways.
  private static String plain(String name) {
    return name.replaceAll("^\\w+/", "")
        .replace("sequential_", "")
        .replace("variable", "u_product");
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void areTakenAgain(String name) {
    Model model = trained(name);
    Model again =
        ModelConfigTest.read(ModelConfigTest.entry(name).get("config"), new ArrayList<>());
    List<Tensor> values =
        OptimizerVariables.of(model).stream().map(OptimizerVariables.Variable::value).toList();
    assertTrue(OptimizerVariables.restore(again, List.of(), values));
    again.setWeights(model.getWeights());
    model.trainOnBatch(X, Y);
    again.trainOnBatch(X, Y);
    for (String path : model.weights().keySet()) {
      assertEquals(model.weight(path).get(0), again.weight(path).get(0), path);
    }
    List<Tensor> more = new ArrayList<>(values);
    more.add(X);
    assertFalse(OptimizerVariables.restore(again, List.of(), more));
    assertEquals(2, again.optimizerState().iterations(), "what does not fit changes nothing");
  }

  static Stream<String> legacy() throws IOException {
    List<String> names = new ArrayList<>();
    old().fieldNames().forEachRemaining(names::add);
    return names.stream().filter(name -> name.startsWith("legacy-"));
  }

  private static JsonNode old() throws IOException {
    return new ObjectMapper().readTree(Golden.text("old_configs.json")).get("cases");
  }

  @ParameterizedTest
  @MethodSource("legacy")
  void slotBySlotBefore(String name) throws IOException {
    Model model = ModelConfigTest.read(old().get(name).get("config"), new ArrayList<>());
    model.trainOnBatch(X, Y);
    List<String> slots = List.copyOf(model.optimizerState().slots().keySet());
    List<String> names = new ArrayList<>();
    List<Tensor> values = new ArrayList<>();
    Map<String, Double> expected = new LinkedHashMap<>();
    for (JsonNode variable : old().get(name).get("optimizer_weights")) {
      String variableName = variable.asText();
      names.add(variableName);
      Shape shape =
          model.weights().entrySet().stream()
              .filter(weight -> variableName.contains("/" + weight.getKey() + "/"))
              .map(weight -> weight.getValue().shape())
              .findFirst()
              .orElse(Shape.SCALAR);
      Tensor value = Tensor.zeros(DType.FLOAT32, shape);
      double mark = names.size();
      value.fill(i -> mark);
      values.add(value);
      expected.put(variableName, mark);
    }
    assertTrue(OptimizerVariables.restore(model, names, values));
    assertEquals(1, model.optimizerState().iterations());
    List<String> restored = List.copyOf(model.optimizerState().slots().keySet());
    assertEquals(slots.stream().sorted().toList(), restored.stream().sorted().toList());
    for (String slot : restored) {
      double mark = model.optimizerState().slots().get(slot).get(0);
      String from =
          expected.entrySet().stream()
              .filter(entry -> entry.getValue() == mark)
              .map(Map.Entry::getKey)
              .findFirst()
              .orElseThrow();
      String weight = slot.substring(0, slot.lastIndexOf('/'));
      assertTrue(from.contains("/" + weight + "/"), from + " is kept as " + slot);
    }
  }

  @Test
  void thereAreNoneWithoutCompilation() {
    Model model = Sequential.of(Input.of(3), Dense.of(1));
    assertEquals(List.of(), OptimizerVariables.of(model));
    assertFalse(OptimizerVariables.restore(model, List.of(), List.of()));
  }

  @Test
  void beforeTheFirstStepThereAreTwo() {
    Model model = Sequential.of(Input.of(3), Dense.of(1));
    model.compile(
        Compilation.of(Adam.of(0.25), MEAN_SQUARED_ERROR).running(run -> run.backend("java")));
    List<OptimizerVariables.Variable> variables = OptimizerVariables.of(model);
    assertEquals(
        List.of("adam/iteration", "adam/learning_rate"),
        variables.stream().map(OptimizerVariables.Variable::name).toList());
    assertEquals(0.25, variables.get(1).value().get(0));
  }
}
