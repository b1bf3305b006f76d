package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.activations.Activations;
import io.kalamos.initializers.GlorotUniform;
import io.kalamos.initializers.Ones;
import io.kalamos.initializers.Zeros;
import io.kalamos.layers.Activation;
import io.kalamos.layers.AveragePooling2D;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.GlobalAveragePooling2D;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.layers.MaxPooling2D;
import io.kalamos.layers.Normalization;
import io.kalamos.layers.Padding;
import io.kalamos.layers.Pair;
import io.kalamos.layers.Rescaling;
import io.kalamos.layers.Reshape;
import io.kalamos.models.Fit;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a layer has that was not asked for is what Keras gives it.
class KerasDefaultsTest {
  private static final Json CLASSES = Golden.json("defaults.json").get("classes");

  private static Map<String, Json> config(String layer) {
    return CLASSES.get("layers." + layer).get("config").fields();
  }

  private static double number(String layer, String option) {
    return config(layer).get(option).number();
  }

  private static boolean flag(String layer, String option) {
    return config(layer).get(option).bool();
  }

  private static Pair pair(String layer, String option) {
    List<Json> sizes = config(layer).get(option).items();
    return Pair.of((int) sizes.get(0).number(), (int) sizes.get(1).number());
  }

  private static Padding padding(String layer) {
    return switch (config(layer).get("padding").text()) {
      case "valid" -> Padding.VALID;
      case String other -> throw new AssertionError(other);
    };
  }

  private static Object initializer(String layer, String option) {
    return switch (config(layer).get(option).get("class_name").text()) {
      case "GlorotUniform" -> GlorotUniform.of();
      case "Zeros" -> Zeros.of();
      case "Ones" -> Ones.of();
      case String other -> throw new AssertionError(other);
    };
  }

  private static Optional<Object> none(String layer, String option) {
    assertEquals(new Json.Null(), config(layer).get(option));
    return Optional.empty();
  }

  @Test
  void dense() {
    Dense dense = Dense.of(3);
    assertEquals(config("Dense").get("activation").text(), dense.activation().name());
    assertEquals(flag("Dense", "use_bias"), dense.useBias());
    assertEquals(initializer("Dense", "kernel_initializer"), dense.kernel().initializer());
    assertEquals(initializer("Dense", "bias_initializer"), dense.bias().initializer());
    assertEquals(none("Dense", "kernel_regularizer"), dense.kernel().regularizer());
    assertEquals(none("Dense", "bias_regularizer"), dense.bias().regularizer());
  }

  @Test
  void conv2d() {
    Conv2D conv = Conv2D.of(3, 2);
    assertEquals(pair("Conv2D", "kernel_size"), conv.kernelSize());
    assertEquals(pair("Conv2D", "strides"), conv.strides());
    assertEquals(pair("Conv2D", "dilation_rate"), conv.dilationRate());
    assertEquals(padding("Conv2D"), conv.padding());
    assertEquals(number("Conv2D", "groups"), conv.groups());
    assertEquals(config("Conv2D").get("activation").text(), conv.activation().name());
    assertEquals(flag("Conv2D", "use_bias"), conv.useBias());
    assertEquals(initializer("Conv2D", "kernel_initializer"), conv.kernel().initializer());
    assertEquals(initializer("Conv2D", "bias_initializer"), conv.bias().initializer());
    assertEquals(none("Conv2D", "kernel_regularizer"), conv.kernel().regularizer());
    assertEquals(none("Conv2D", "bias_regularizer"), conv.bias().regularizer());
  }

  @Test
  void pooling() {
    MaxPooling2D max = MaxPooling2D.of(2);
    assertEquals(pair("MaxPooling2D", "pool_size"), max.poolSize());
    assertEquals(pair("MaxPooling2D", "strides"), max.strides());
    assertEquals(padding("MaxPooling2D"), max.padding());
    AveragePooling2D average = AveragePooling2D.of(2);
    assertEquals(pair("AveragePooling2D", "strides"), average.strides());
    assertEquals(padding("AveragePooling2D"), average.padding());
    assertEquals(
        flag("GlobalAveragePooling2D", "keepdims"), GlobalAveragePooling2D.of().keepdims());
  }

  @Test
  void normalisation() {
    BatchNormalization batch = BatchNormalization.of();
    String name = "BatchNormalization";
    assertEquals(number(name, "axis"), batch.axis());
    assertEquals(number(name, "momentum"), batch.momentum());
    assertEquals(number(name, "epsilon"), batch.epsilon());
    assertEquals(flag(name, "center"), batch.center());
    assertEquals(flag(name, "scale"), batch.scale());
    assertEquals(initializer(name, "beta_initializer"), batch.beta().initializer());
    assertEquals(initializer(name, "gamma_initializer"), batch.gamma().initializer());
    assertEquals(initializer(name, "moving_mean_initializer"), batch.movingMeanInitializer());
    assertEquals(
        initializer(name, "moving_variance_initializer"), batch.movingVarianceInitializer());
    assertEquals(none(name, "beta_regularizer"), batch.beta().regularizer());
    assertEquals(none(name, "gamma_regularizer"), batch.gamma().regularizer());
    Normalization fixed = Normalization.of();
    assertEquals(
        config("Normalization").get("axis").items().stream().map(a -> (int) a.number()).toList(),
        fixed.axis());
    assertEquals(flag("Normalization", "invert"), fixed.invert());
    assertEquals(number("Rescaling", "offset"), Rescaling.of(0.5).offset());
  }

  @Test
  void fit() {
    Map<String, Json> options =
        Golden.json("defaults.json").get("functions").get("Model.fit").fields();
    assertEquals(options.get("epochs").get("default").number(), Fit.DEFAULTS.epochs());
    assertEquals(
        options.get("validation_split").get("default").number(), Fit.DEFAULTS.validationSplit());
    assertEquals(options.get("shuffle").get("default").bool(), Fit.DEFAULTS.shuffle());
    assertEquals(options.get("initial_epoch").get("default").number(), Fit.DEFAULTS.initialEpoch());
    assertEquals(32, Fit.DEFAULTS.batchSize(), "what Keras takes for batch_size=None");
  }

  @Test
  void names() {
    Json names = Golden.json("names.json");
    List<Layer> kinds =
        List.of(
            Dense.of(1),
            Conv2D.of(1, 1).padding(Padding.SAME),
            MaxPooling2D.of(1),
            AveragePooling2D.of(1),
            GlobalAveragePooling2D.of().keepdims(true),
            Flatten.of(),
            Reshape.of(1, 1, -1),
            Dropout.of(0.5),
            BatchNormalization.of(),
            Activation.of(Activations.RELU),
            Rescaling.of(1));
    for (Layer layer : kinds) {
      Model model = Sequential.of(Input.of(1, 1, 2), layer, Reshape.of(1, 1, -1).named("a"), layer);
      List<String> wanted = names.get(layer.kind()).items().stream().map(Json::text).toList();
      List<String> actual = List.copyOf(model.layers().keySet());
      assertEquals(wanted.subList(0, 2), List.of(actual.get(1), actual.get(3)));
    }
  }
}
