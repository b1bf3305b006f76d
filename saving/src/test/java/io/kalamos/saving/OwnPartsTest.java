package io.kalamos.saving;

import static io.kalamos.losses.Losses.MEAN_SQUARED_ERROR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.activations.ActivationFunction;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.initializers.Constant;
import io.kalamos.layers.Call;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.layers.WeightOptions;
import io.kalamos.losses.Loss;
import io.kalamos.metrics.Metric;
import io.kalamos.models.Compilation;
import io.kalamos.models.LoadOptions;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.Adam;
import io.kalamos.optimizers.Optimizer;
import io.kalamos.optimizers.Update;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Parts of a user's own classes, which a file may name once the caller did.
class OwnPartsTest {
  /// x · scale + shift, with a weight.
  public record Affine(
      Optional<String> name, double scale, List<Integer> sizes, WeightOptions shift)
      implements Layer {
    public static Affine of(double scale) {
      return new Affine(Optional.empty(), scale, List.of(), WeightOptions.of(Constant.of(0.5)));
    }

    @Override
    public Affine named(String name) {
      return new Affine(Optional.of(name), scale, sizes, shift);
    }

    @Override
    public Node call(Call call, Node x) {
      Node offset = call.weight("shift", Shape.of(x.shape().dim(-1)), shift);
      return Ops.add(Ops.multiply(x, scale), offset);
    }
  }

  /// A layer with code in it.
  public record Coded(Optional<String> name, UnaryOperator<Node> code) implements Layer {
    @Override
    public Coded named(String name) {
      return new Coded(Optional.of(name), code);
    }

    @Override
    public Node call(Call call, Node x) {
      return code.apply(x);
    }
  }

  public record Cubic(double factor) implements Loss {
    @Override
    public Node call(Node target, Node prediction) {
      Node off = Ops.abs(Ops.subtract(target, prediction));
      return Ops.multiply(Ops.mean(Ops.multiply(Ops.square(off), off), -1), factor);
    }
  }

  public record Wavy(double length) implements ActivationFunction {
    @Override
    public String name() {
      return "wavy";
    }

    @Override
    public Node apply(Node x) {
      return Ops.tanh(Ops.divide(x, length));
    }
  }

  public record Downhill(LearningRateSchedule learningRate, double friction) implements Optimizer {
    @Override
    public String name() {
      return "downhill";
    }

    @Override
    public Downhill withLearningRate(LearningRateSchedule rate) {
      return new Downhill(rate, friction);
    }

    @Override
    public void update(Update update, Node weight, Node gradient) {
      Node speed = Ops.add(Ops.multiply(update.slot("speed"), friction), gradient);
      update.assign("speed", speed);
      update.assignWeight(Ops.subtract(weight, Ops.multiply(speed, update.learningRate())));
    }
  }

  /// Has the name of a class of Keras.
  public record Dropout(Optional<String> name) implements Layer {
    @Override
    public Dropout named(String name) {
      return new Dropout(Optional.of(name));
    }

    @Override
    public Node call(Call call, Node x) {
      return x;
    }
  }

  private static final List<Record> PARTS =
      List.of(
          Affine.of(1),
          new Cubic(1),
          new Wavy(1),
          new Downhill(LearningRateSchedule.constant(0.1), 0));

  private static LoadOptions options() {
    LoadOptions options = LoadOptions.DEFAULTS.running(run -> run.backend("java").log(line -> {}));
    for (Record part : PARTS) {
      options = options.part(part);
    }
    return options;
  }

  private static Model model() {
    Model model =
        Sequential.of(
            Input.of(3), Affine.of(2).named("affine"), Dense.of(1).activation(new Wavy(1)));
    model.compile(
        Compilation.of(
                new Downhill(LearningRateSchedule.constant(0.25), 0.5),
                new Cubic(3),
                Metric.of(MEAN_SQUARED_ERROR))
            .running(run -> run.backend("java")));
    return model;
  }

  @Test
  void areReadAsTheyWereWritten() {
    Model model = model();
    ObjectNode config = ModelConfig.of(model, PARTS);
    assertEquals("Custom>Affine", config.at("/config/layers/1/registered_name").asText());
    assertEquals("Custom", config.at("/config/layers/1/module").asText());
    assertEquals(2.0, config.at("/config/layers/1/config/scale").asDouble());
    Model read = ModelConfig.read(config, options());
    assertEquals(
        List.copyOf(model.layers().values()).get(1), List.copyOf(read.layers().values()).get(1));
    Compilation compilation = read.compilation().orElseThrow();
    assertEquals(model.compilation().orElseThrow().optimizer(), compilation.optimizer());
    assertEquals(model.compilation().orElseThrow().loss(), compilation.loss());
    assertEquals(config, ModelConfig.of(read, PARTS));
  }

  @Test
  void mustBeNamedToBeWritten() {
    Model model =
        Sequential.of(Input.of(3), Affine.of(2), Dense.of(1), new Coded(Optional.empty(), x -> x));
    var refused = assertThrows(IllegalArgumentException.class, () -> ModelConfig.of(model));
    assertEquals(
        "saving: expected layers that Keras has too, or of classes that are named, received"
            + " layers=[affine: Affine, coded: Coded]. Where they are records, name their classes"
            + " with save.part(example) and load.part(example).",
        refused.getMessage());
  }

  @Test
  void codeIsFoundBeforeAFileIsWritten() {
    Coded coded = new Coded(Optional.empty(), x -> x);
    Model model = Sequential.of(Input.of(3), coded);
    var refused =
        assertThrows(IllegalArgumentException.class, () -> ModelConfig.of(model, List.of(coded)));
    assertEquals(
        "saving",
        refused.getMessage().substring(0, 6),
        "a lambda is no part: " + refused.getMessage());
  }

  @Test
  void cannotTakeKerasNames() {
    LoadOptions options = LoadOptions.DEFAULTS.part(new Dropout(Optional.empty()));
    ObjectNode config = ModelConfig.of(Sequential.of(Input.of(3), Dense.of(1)));
    var refused =
        assertThrows(IllegalArgumentException.class, () -> ModelConfig.read(config, options));
    assertEquals(
        "parts: expected classes whose names Keras does not have, received class=Dropout. Rename"
            + " the record: a file that names Dropout means Keras's class.",
        refused.getMessage());
    record Thing(int size) {}
    LoadOptions other = LoadOptions.DEFAULTS.part(new Thing(1));
    var kind = assertThrows(IllegalArgumentException.class, () -> ModelConfig.read(config, other));
    assertEquals(
        "parts: expected layers, losses, metrics, optimizers, schedules, initializers, regularizers,"
            + " constraints or activation functions, received class=Thing. Give parts of models"
            + " only.",
        kind.getMessage());
    LoadOptions twice = LoadOptions.DEFAULTS.part(Affine.of(1)).part(Affine.of(2));
    var same = assertThrows(IllegalArgumentException.class, () -> ModelConfig.read(config, twice));
    assertEquals(
        "parts: expected one example of each class, received class=Affine. Leave one out.",
        same.getMessage());
  }

  @Test
  void lossesAndMetricsOfCodeAreNamesInFiles() {
    Model model = Sequential.of(Input.of(3), Dense.of(1).named("d"));
    Loss own = ((Loss) (target, prediction) -> Ops.mean(Ops.subtract(prediction, target), -1));
    model.compile(
        Compilation.of(Adam.of(), own.named("mine"), Metric.mean("off", (t, p) -> p))
            .running(run -> run.backend("java")));
    ObjectNode config = ModelConfig.of(model);
    assertEquals("mine", config.at("/compile_config/loss/config").asText());
    assertEquals("off", config.at("/compile_config/metrics/0/config").asText());
    var refused =
        assertThrows(
            IllegalArgumentException.class, () -> ModelConfigTest.read(config, new ArrayList<>()));
    assertEquals(
        true, refused.getMessage().contains("[compile: loss: mine; compile: metrics: off]"));
    Model read = ModelConfig.read(config, LoadOptions.DEFAULTS.compile(false));
    assertEquals(Optional.empty(), read.compilation());
  }
}
