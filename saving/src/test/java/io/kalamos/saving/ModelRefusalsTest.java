package io.kalamos.saving;

import static io.kalamos.losses.Losses.MEAN_SQUARED_ERROR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.activations.Gelu;
import io.kalamos.activations.LeakyRelu;
import io.kalamos.activations.Relu;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Input;
import io.kalamos.layers.LSTM;
import io.kalamos.layers.Lambda;
import io.kalamos.layers.Layer;
import io.kalamos.layers.Resizing;
import io.kalamos.layers.Symbol;
import io.kalamos.models.Compilation;
import io.kalamos.models.LoadOptions;
import io.kalamos.models.Model;
import io.kalamos.models.Precision;
import io.kalamos.models.Sequential;
import io.kalamos.models.spi.WeightLimit;
import io.kalamos.optimizers.Adam;
import io.kalamos.optimizers.SGD;
import io.kalamos.schedules.InverseTimeDecay;
import io.kalamos.schedules.OneCycle;
import io.kalamos.schedules.Warmup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What a configuration cannot ask for, what is passed over, and what each message says.
class ModelRefusalsTest {
  private static final String DAMAGED = "The file is damaged or does not come from Keras.";

  private static Model dense() {
    Model model = Sequential.of(Input.of(3), Dense.of(2).named("a"), Dense.of(1).named("b"));
    model.compile(
        Compilation.of(SGD.of(0.5), MEAN_SQUARED_ERROR).running(run -> run.backend("java")));
    return model;
  }

  private static ObjectNode layer(ObjectNode model, int place) {
    return (ObjectNode) model.path("config").path("layers").get(place);
  }

  private static ObjectNode config(ObjectNode model, int place) {
    return (ObjectNode) layer(model, place).get("config");
  }

  /// The configuration of [#dense] with a change, and what reading it says.
  private static String message(Consumer<ObjectNode> change) {
    ObjectNode config = ModelConfig.of(dense());
    change.accept(config);
    return refused(config);
  }

  private static String refused(ObjectNode config) {
    return assertThrows(
            IllegalArgumentException.class, () -> ModelConfigTest.read(config, new ArrayList<>()))
        .getMessage();
  }

  private static Model read(Consumer<ObjectNode> change, List<String> log) {
    ObjectNode config = ModelConfig.of(dense());
    change.accept(config);
    return ModelConfigTest.read(config, log);
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (IOException problem) {
      throw new IllegalArgumentException(problem);
    }
  }

  @Test
  void tellsAllThatIsMissingAtOnce() {
    Model inner = Sequential.of(Input.of(2), Dense.of(2).named("odd")).named("base");
    Model model =
        Sequential.of(Input.of(3), Dense.of(2), inner, Lambda.of(Ops::neg).named("minus"));
    model.compile(
        Compilation.of(SGD.of(0.5), MEAN_SQUARED_ERROR).running(run -> run.backend("java")));
    ObjectNode config = ModelConfig.of(model);
    config(config, 1).put("activation", "wavy");
    config(config, 1).set("kernel_initializer", json("{'class_name': 'Ours', 'config': {}}"));
    ObjectNode odd = layer(layer(config, 2), 1);
    odd.put("class_name", "Odd").put("module", "my.parts").put("registered_name", "my>Odd");
    ObjectNode compile = (ObjectNode) config.get("compile_config");
    compile.put("optimizer", "swift");
    compile.set("loss", json("['far', {'class_name': 'Near', 'config': {}}]"));
    compile.set("metrics", json("[['nearly']]"));
    assertEquals(
        "model: expected classes of Keras that are here too, or own ones that are named, received"
            + " missing=[dense: activation: function wavy; dense: kernel_initializer: Ours;"
            + " base/odd: Odd of my.parts; minus: Lambda, whose Python code is not read; compile:"
            + " loss: far; compile: metrics: nearly; compile: optimizer: swift; compile: loss:"
            + " Near]. Name own classes with load.part(example), give Lambda layers a function with"
            + " load.onLambda(name, function), leave compile's parts out with load.compile(false);"
            + " what else Keras has is listed in docs/keras-support.md.",
        refused(config));
  }

  @Test
  void aModuleOfAnotherIsNoClassOfKeras() {
    assertTrue(
        message(config -> layer(config, 1).put("module", "evil.layers"))
            .contains("missing=[a: Dense of evil.layers]."));
    assertTrue(
        message(config -> layer(config, 1).put("registered_name", "Custom>Dense"))
            .contains("missing=[a: Dense of keras.layers]."));
  }

  @Test
  void lambdasAreGivenInJava() {
    Model model = Sequential.of(Input.of(2), Lambda.of(x -> Ops.multiply(x, 3)).named("thrice"));
    ObjectNode config = ModelConfig.of(model);
    Model read =
        ModelConfig.read(config, LoadOptions.DEFAULTS.onLambda("thrice", x -> Ops.multiply(x, 3)));
    assertEquals(6, read.predict(Tensor.of(new float[] {1, 2}, 1, 2)).get(1));
    assertEquals(config, ModelConfig.of(read));
  }

  @Test
  void otherModelsAreRefused() {
    assertEquals(
        "model: expected a Sequential or functional model, received class_name=MyModel. Models with"
            + " a class of their own are Python code: build it in Java and load the weights alone.",
        message(config -> config.put("class_name", "MyModel")));
    assertEquals(
        "model: expected a Sequential or functional model, received class_name=none. Models with a"
            + " class of their own are Python code: build it in Java and load the weights alone.",
        message(ObjectNode::removeAll));
  }

  @Test
  void inputsNeedSizes() {
    assertEquals(
        "input_layer: expected an input all of whose sizes are known, but the batch's, received"
            + " batch_shape=[null,null,3]. Give keras.Input the sizes of one sample and save the"
            + " model again.",
        message(config -> config(config, 0).set("batch_shape", json("[null, null, 3]"))));
    assertEquals(
        "input_layer: expected numbers, received dtype=string. Turn texts into numbers before the"
            + " model.",
        message(config -> config(config, 0).put("dtype", "string")));
    assertEquals(
        "sequential: expected a model that was built, received layers=none with an input shape. Call"
            + " model.build(shape) in Keras, or begin with keras.Input, before saving it.",
        message(
            config -> {
              ((ObjectNode) config.get("config")).remove("build_input_shape");
              config.withArray("/config/layers").remove(0);
            }));
  }

  @Test
  void inputsOfChainsMayStandElsewhere() {
    List<String> log = new ArrayList<>();
    Model built = read(config -> config.withArray("/config/layers").remove(0), log);
    Model old =
        read(
            config -> {
              ((ObjectNode) config.get("config")).remove("build_input_shape");
              config.withArray("/config/layers").remove(0);
              config(config, 0).set("batch_input_shape", json("[null, 3]"));
            },
            log);
    Model older =
        read(
            config -> {
              config.withArray("/config/layers").remove(0);
              config(config, 0).set("batch_input_shape", json("[null, 3]"));
              config.set("config", config.path("config").path("layers"));
            },
            log);
    for (Model model : List.of(built, old, older)) {
      assertEquals(List.of("input_layer", "a", "b"), List.copyOf(model.layers().keySet()));
      assertEquals(11, model.countParams());
    }
    assertEquals(List.of(), log);
  }

  @Test
  void batchesOfOneSizeAreOfAnySizeHere() {
    List<String> log = new ArrayList<>();
    read(config -> config(config, 0).set("batch_shape", json("[16, 3]")), log);
    assertEquals(List.of("input_layer: batch_shape=[16,3]: takes batches of any size"), log);
  }

  @Test
  void unknownOptionsAreTold() {
    List<String> log = new ArrayList<>();
    read(config -> config(config, 1).put("sparkle", 7), log);
    assertEquals(List.of("a (Dense): sparkle=7"), log);
  }

  @Test
  void typesOfLayersAreThoseOfTheModel() {
    List<String> log = new ArrayList<>();
    Model model = read(config -> config(config, 1).put("dtype", "mixed_float16"), log);
    assertEquals(Precision.FLOAT32, model.precision());
    assertEquals(List.of("a: dtype=mixed_float16: computes in float32 like the whole model"), log);
    log.clear();
    Model exact =
        read(
            config -> {
              config(config, 1).put("dtype", "float64");
              config(config, 2).put("dtype", "float64");
            },
            log);
    assertEquals(Precision.FLOAT64, exact.precision());
    assertEquals(List.of(), log);
    assertEquals(
        "b: expected weights that are not quantized, received dtype=int8_from_float32. Save the"
            + " model in Keras before model.quantize.",
        message(config -> config(config, 2).put("dtype", "int8_from_float32")));
  }

  @Test
  void modelsThatAreNotCompiledComputeInFloat32() {
    List<String> log = new ArrayList<>();
    Model model =
        read(
            config -> {
              config.putNull("compile_config");
              config(config, 1).put("dtype", "mixed_bfloat16");
              config(config, 2).put("dtype", "mixed_bfloat16");
            },
            log);
    assertEquals(Precision.FLOAT32, model.precision());
    assertEquals(
        List.of("model: dtype=mixed_bfloat16: say so when you compile; computes in float32"), log);
  }

  private static ObjectNode graph() {
    Input x = Input.of(3).named("x");
    Symbol y = Dense.of(3).named("b").on(Dense.of(3).named("a").on(x));
    return ModelConfig.of(Model.of(x, y));
  }

  private static ObjectNode history(ObjectNode graph, int layer) {
    return (ObjectNode)
        layer(graph, layer).path("inbound_nodes").get(0).path("args").get(0).get("config");
  }

  @Test
  void graphsHaveNoCirclesAndNoHoles() {
    ObjectNode circle = graph();
    history(circle, 1).set("keras_history", json("['b', 0, 0]"));
    assertEquals(
        "model: expected layers without circles, received circular=2. " + DAMAGED, refused(circle));
    ObjectNode hole = graph();
    history(hole, 1).set("keras_history", json("['c', 0, 0]"));
    assertEquals(
        "model: expected inputs that layers give, received layer=c. " + DAMAGED, refused(hole));
    ObjectNode later = graph();
    history(later, 2).set("keras_history", json("['a', 4, 0]"));
    assertEquals("a: expected a call below 1, received call=4. " + DAMAGED, refused(later));
    ObjectNode result = graph();
    history(result, 2).set("keras_history", json("['a', 0, 3]"));
    assertEquals(
        "a (Dense): expected an output below 1, received output=3. Ask for a result that the"
            + " layer gives.",
        refused(result));
    history(result, 2).set("keras_history", json("['a', 0, -1]"));
    assertTrue(refused(result).startsWith("b: expected inputs that layers give, received input="));
    ObjectNode twice = graph();
    layer(twice, 2).put("name", "a");
    assertEquals(
        "a: expected a name of its own for each layer, received name=a. " + DAMAGED,
        refused(twice));
    ObjectNode number = graph();
    history(number, 1).set("keras_history", json("[1, 0, 0]"));
    assertTrue(refused(number).startsWith("a: expected inputs that layers give, received input="));
  }

  @Test
  void sizesThatNothingCanHave() {
    assertEquals(
        "input_layer: expected an input all of whose sizes are known, but the batch's, received"
            + " batch_shape=[null,99999999999]. Give keras.Input the sizes of one sample and save"
            + " the model again.",
        message(config -> config(config, 0).set("batch_shape", json("[null,99999999999]"))));
    ObjectNode flat = ModelConfig.of(Sequential.of(Input.of(2, 3), Flatten.of()));
    config(flat, 0).set("batch_shape", json("[null,2147483647,3]"));
    assertEquals(
        "flatten (Flatten): expected fewer numbers than an axis counts, 2^31, together, received"
            + " shape=(None, 2147483647, 3). Give the model smaller inputs.",
        refused(flat));
  }

  @Test
  void moreThanAFileMayAskFor() {
    ObjectNode steps = ModelConfig.of(Sequential.of(Input.of(2, 3), LSTM.of(1)));
    config(steps, 0).set("batch_shape", json("[null,50001,3]"));
    assertEquals(
        "lstm (LSTM): expected at most 50000 time steps in a file's recurrent layers, as each is"
            + " written by itself, received steps=50001. Shorten the sequences, or build the model in"
            + " Java and load the weights alone.",
        assertThrows(IllegalArgumentException.class, () -> limited(steps)).getMessage());
    ObjectNode pixels = ModelConfig.of(Sequential.of(Input.of(2, 2, 3), Resizing.of(1, 1)));
    config(pixels, 0).set("batch_shape", json("[null,2,99999999,3]"));
    assertEquals(
        "resizing (Resizing): expected constants of at most 268435456 bytes in a file's layers,"
            + " received shape=(99999999, 1). Give the model smaller inputs.",
        assertThrows(IllegalArgumentException.class, () -> limited(pixels)).getMessage());
  }

  private static Model limited(JsonNode config) {
    return WeightLimit.within(1000, () -> ModelConfigTest.read(config, new ArrayList<>()));
  }

  @Test
  void argumentsOfCallsThatAreNotHere() {
    ObjectNode graph = graph();
    ObjectNode call = (ObjectNode) layer(graph, 1).path("inbound_nodes").get(0);
    call.set("kwargs", json("{'mask': 5}"));
    assertEquals(
        "a: expected a call without the argument mask, received mask=5. Change the model in Keras,"
            + " or build it in Java.",
        refused(graph));
    call.set("kwargs", json("{'mask': null, 'training': true}"));
    assertEquals(2, ModelConfigTest.read(graph, new ArrayList<>()).layers().size() - 1);
    layer(graph, 1).set("inbound_nodes", json("[[['x', 0, 0, {'training': true}]]]"));
    assertEquals(
        "a: expected a call that knows by itself whether it trains, received training=true. Change"
            + " the model in Keras, or build it in Java.",
        refused(graph));
  }

  @Test
  void longChainsAreRead() {
    Input x = Input.of(2).named("x");
    Symbol y = x;
    for (int i = 0; i < 3900; i++) {
      y = Dense.of(2).named("d" + i).on(y);
    }
    ObjectNode config = ModelConfig.of(Model.of(x, y));
    assertEquals(3901, ModelConfigTest.read(config, new ArrayList<>()).layers().size());
  }

  @Test
  void tooManyLayersAreRefused() {
    String message =
        message(
            config -> {
              for (int i = 0; i < 4000; i++) {
                config.withArray("/config/layers").add(layer(config, 1));
              }
            });
    assertEquals(
        "model: expected at most 4000 layers, received layers=more. Use a smaller model.", message);
  }

  @Test
  void ownSchedulesAreReadAgain() {
    for (var schedule : List.of(OneCycle.of(0.5, 10), Warmup.of(0.25, 7))) {
      Model model = Sequential.of(Input.of(3), Dense.of(1));
      model.compile(
          Compilation.of(Adam.of(schedule), MEAN_SQUARED_ERROR)
              .running(run -> run.backend("java")));
      Model read = ModelConfigTest.read(ModelConfig.of(model), new ArrayList<>());
      assertEquals(Adam.of(schedule), read.compilation().orElseThrow().optimizer());
    }
  }

  @Test
  void optimizersOfEarlierTimes() {
    List<String> log = new ArrayList<>();
    Model model =
        read(
            config ->
                ((ObjectNode) config.get("compile_config"))
                    .set(
                        "optimizer",
                        json("{'class_name': 'SGD', 'config': {'lr': 0.5, 'decay': 0.25}}")),
            log);
    assertEquals(
        SGD.of(new InverseTimeDecay(0.5, 1, 0.25, false)),
        model.compilation().orElseThrow().optimizer());
    assertEquals(List.of(), log);
    Model scaled =
        read(
            config ->
                ((ObjectNode) config.get("compile_config"))
                    .set(
                        "optimizer",
                        json(
                            "{'module': 'keras.optimizers', 'class_name': 'LossScaleOptimizer',"
                                + " 'config': {'inner_optimizer': {'class_name': 'SGD', 'config':"
                                + " {}}}}")),
            log);
    assertEquals(SGD.of(0.01), scaled.compilation().orElseThrow().optimizer());
    assertEquals(
        List.of("compile: optimizer: LossScaleOptimizer: float32 needs no scale of the loss"), log);
  }

  @Test
  void withoutALossThereIsNoCompilation() {
    List<String> log = new ArrayList<>();
    Model model = read(c -> ((ObjectNode) c.get("compile_config")).putNull("loss"), log);
    assertTrue(model.compilation().isEmpty());
    assertEquals(List.of("compile: loss=null: the model is not compiled"), log);
    assertEquals(
        "compile: loss_weights[0]: expected numbers, received value=\"a\". The file does not come"
            + " from Keras as it is.",
        message(c -> ((ObjectNode) c.get("compile_config")).set("loss_weights", json("['a']"))));
  }

  @Test
  void optionsOfActivationsStay() {
    Layer[] layers = {
      Input.of(3),
      Dense.of(2).activation(LeakyRelu.of(0.5)),
      Dense.of(2).activation(Relu.of().maxValue(6)),
      LSTM.of(1).activation(Relu.of().threshold(0.5)).named("l")
    };
    Model model = Sequential.of(layers[0], layers[1], layers[2]);
    Model read = ModelConfigTest.read(ModelConfig.of(model), new ArrayList<>());
    assertEquals(
        List.of(LeakyRelu.of(0.5), Relu.of().maxValue(6)),
        read.layers().values().stream()
            .skip(1)
            .map(layer -> ((Dense) layer).activation())
            .toList());
    Model other = Sequential.of(Input.of(3), Dense.of(2).activation(Gelu.of(true)));
    var refused = assertThrows(IllegalArgumentException.class, () -> ModelConfig.of(other));
    assertEquals(
        "saving: expected activation functions with Keras's defaults, or relu, leaky_relu, elu with"
            + " options, received activation=Gelu[approximate=true]. Keras's files hold no options"
            + " of other functions: use Lambda, or the defaults.",
        refused.getMessage());
  }

  @Test
  void frozenLayersStayFrozen() {
    Model inner = Sequential.of(Input.of(2), Dense.of(2).named("in")).named("base");
    Model model = Sequential.of(Input.of(2), Dense.of(2).named("first"), inner, Dense.of(1));
    model.trainable("base/in", false);
    model.trainable("first", false);
    Model read = ModelConfigTest.read(ModelConfig.of(model), new ArrayList<>());
    for (String path : model.weights().keySet()) {
      assertEquals(model.trainable(path), read.trainable(path), path);
    }
    model.trainable(false);
    assertEquals(false, ModelConfigTest.read(ModelConfig.of(model), new ArrayList<>()).trainable());
  }

  @Test
  void namesWithASlashGetAnotherOne() {
    List<String> log = new ArrayList<>();
    Model model =
        read(
            config -> {
              config(config, 1).put("name", "block/one");
              config(config, 1).put("trainable", false);
            },
            log);
    assertEquals(List.of("input_layer", "block_one", "b"), List.copyOf(model.layers().keySet()));
    assertEquals(false, model.trainable("block_one/kernel"));
  }
}
