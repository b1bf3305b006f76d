package io.kalamos.testkit;

import io.kalamos.activations.Activations;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Activation;
import io.kalamos.layers.Add;
import io.kalamos.layers.AveragePooling2D;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Concatenate;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.GlobalAveragePooling2D;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.layers.MaxPooling2D;
import io.kalamos.layers.Normalization;
import io.kalamos.layers.Padding;
import io.kalamos.layers.Rescaling;
import io.kalamos.layers.Reshape;
import io.kalamos.layers.Symbol;
import io.kalamos.losses.BinaryCrossentropy;
import io.kalamos.losses.CategoricalCrossentropy;
import io.kalamos.losses.Loss;
import io.kalamos.losses.MeanAbsoluteError;
import io.kalamos.losses.MeanSquaredError;
import io.kalamos.losses.SparseCategoricalCrossentropy;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.Adam;
import io.kalamos.optimizers.Optimizer;
import io.kalamos.optimizers.RMSprop;
import io.kalamos.optimizers.SGD;
import io.kalamos.regularizers.L1;
import io.kalamos.regularizers.L1L2;
import io.kalamos.regularizers.L2;
import io.kalamos.regularizers.Regularizer;
import io.kalamos.schedules.CosineDecay;
import io.kalamos.schedules.ExponentialDecay;
import io.kalamos.schedules.LearningRateSchedule;
import io.kalamos.schedules.PiecewiseConstantDecay;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Models, losses and optimizers from the specs of `training.json`.
final class KerasNetwork {
  private KerasNetwork() {}

  static Model model(Golden.Training run) {
    Tensor x = tensor(run.x());
    int[] sizes = x.shape().toArray();
    Input input = Input.of(Arrays.copyOfRange(sizes, 1, sizes.length));
    List<Json> specs = run.spec().get("layers").items();
    boolean functional = specs.getFirst().fields().containsKey("inputs");
    if (functional) {
      return functional(input, specs, x);
    }
    List<Layer> layers = new ArrayList<>(List.of(input));
    specs.forEach(spec -> layers.add(layer(spec, x)));
    return Sequential.of(layers);
  }

  private static Model functional(Input input, List<Json> specs, Tensor x) {
    Map<String, Symbol> values = new HashMap<>(Map.of("input", input));
    Map<String, Layer> layers = new HashMap<>();
    Symbol last = input;
    for (Json spec : specs) {
      boolean again = spec.fields().containsKey("reuse");
      String name = again ? spec.get("as").text() : spec.get("config").get("name").text();
      Layer layer = again ? layers.get(spec.get("reuse").text()) : layer(spec, x).named(name);
      layers.put(name, layer);
      Symbol[] from =
          spec.get("inputs").items().stream().map(i -> values.get(i.text())).toArray(Symbol[]::new);
      last = layer.on(from);
      values.put(name, last);
    }
    return Model.of(input, last);
  }

  private static Layer layer(Json spec, Tensor x) {
    Config c = Config.of(spec);
    return switch (c.kind()) {
      case "Flatten" -> Flatten.of();
      case "Add" -> Add.of();
      case "Concatenate" -> Concatenate.of();
      case "GlobalAveragePooling2D" -> GlobalAveragePooling2D.of();
      case "Normalization" -> Normalization.of().adapt(x);
      case "Activation" -> Activation.of(Activations.named(c.text("activation", "linear")));
      case "Rescaling" -> Rescaling.of(c.number("scale", 1)).offset(c.number("offset", 0));
      case "Reshape" ->
          Reshape.of(
              spec.get("config").get("target_shape").items().stream()
                  .mapToInt(n -> (int) n.number())
                  .toArray());
      case "MaxPooling2D" -> {
        int size = c.whole("pool_size", 2);
        yield MaxPooling2D.of(size).strides(c.whole("strides", size)).padding(c.padding());
      }
      case "AveragePooling2D" -> {
        int size = c.whole("pool_size", 2);
        yield AveragePooling2D.of(size).strides(c.whole("strides", size)).padding(c.padding());
      }
      case "BatchNormalization" ->
          BatchNormalization.of()
              .momentum(c.number("momentum", 0.99))
              .epsilon(c.number("epsilon", 0.001))
              .scale(c.flag("scale", true))
              .center(c.flag("center", true));
      case "Conv2D" -> {
        Conv2D conv =
            Conv2D.of(c.whole("filters", 0), c.whole("kernel_size", 0))
                .strides(c.whole("strides", 1))
                .padding(c.padding())
                .useBias(c.flag("use_bias", true))
                .activation(Activations.named(c.text("activation", "linear")));
        yield c.regularizer("kernel_regularizer").map(conv::kernelRegularizer).orElse(conv);
      }
      case "Dense" -> {
        Dense dense =
            Dense.of(c.whole("units", 0))
                .useBias(c.flag("use_bias", true))
                .activation(Activations.named(c.text("activation", "linear")));
        dense = c.regularizer("kernel_regularizer").map(dense::kernelRegularizer).orElse(dense);
        yield c.regularizer("bias_regularizer")
            .map(KerasNetwork::asOnJax)
            .map(dense::biasRegularizer)
            .orElse(dense);
      }
      default -> throw new IllegalArgumentException(c.kind());
    };
  }

  /// Biases begin at 0, where |x| has no derivative: it is 1 on JAX, which made the golden values,
  /// but 0 on TensorFlow, PyTorch and here.
  private static Regularizer asOnJax(Regularizer regularizer) {
    return switch (regularizer) {
      case L1L2(double l1, double l2) ->
          weight -> {
            Node size = Ops.select(Ops.greaterEqual(weight, 0), weight, Ops.neg(weight));
            return Ops.add(Ops.multiply(Ops.sumAll(size), l1), L2.of(l2).penalty(weight));
          };
      case Regularizer other -> other;
    };
  }

  static Loss loss(Json spec) {
    Config c = Config.of(spec);
    boolean logits = c.flag("from_logits", false);
    return switch (c.kind()) {
      case "SparseCategoricalCrossentropy" -> SparseCategoricalCrossentropy.of().fromLogits(logits);
      case "CategoricalCrossentropy" -> CategoricalCrossentropy.of().fromLogits(logits);
      case "BinaryCrossentropy" -> BinaryCrossentropy.of().fromLogits(logits);
      case "MeanSquaredError" -> MeanSquaredError.of();
      case "MeanAbsoluteError" -> MeanAbsoluteError.of();
      default -> throw new IllegalArgumentException(c.kind());
    };
  }

  static Optimizer optimizer(Json spec) {
    Config c = Config.of(spec);
    LearningRateSchedule rate = rate(spec.get("config").fields().get("learning_rate"));
    return switch (c.kind()) {
      case "SGD" -> {
        SGD sgd = SGD.of(rate).momentum(c.number("momentum", 0));
        yield sgd.nesterov(c.flag("nesterov", false));
      }
      case "Adam" ->
          Adam.of(rate)
              .beta1(c.number("beta_1", 0.9))
              .beta2(c.number("beta_2", 0.999))
              .epsilon(c.number("epsilon", 1e-7));
      case "RMSprop" ->
          RMSprop.of(rate)
              .rho(c.number("rho", 0.9))
              .momentum(c.number("momentum", 0))
              .centered(c.flag("centered", false));
      default -> throw new IllegalArgumentException(c.kind());
    };
  }

  private static LearningRateSchedule rate(Json spec) {
    if (spec instanceof Json.Num(double value)) {
      return LearningRateSchedule.constant(value);
    }
    Config c = Config.of(spec);
    return switch (c.kind()) {
      case "ExponentialDecay" ->
          ExponentialDecay.of(
                  c.number("initial_learning_rate", 0),
                  c.whole("decay_steps", 1),
                  c.number("decay_rate", 0))
              .staircase(c.flag("staircase", false));
      case "CosineDecay" -> {
        CosineDecay decay =
            CosineDecay.of(c.number("initial_learning_rate", 0), c.whole("decay_steps", 1))
                .alpha(c.number("alpha", 0));
        yield c.has("warmup_target")
            ? decay.warmup(c.number("warmup_target", 0), c.whole("warmup_steps", 0))
            : decay;
      }
      case "PiecewiseConstantDecay" ->
          PiecewiseConstantDecay.of(
              c.config().get("boundaries").items().stream().map(n -> (long) n.number()).toList(),
              c.config().get("values").items().stream().map(Json::number).toList());
      default -> throw new IllegalArgumentException(c.kind());
    };
  }

  static Tensor tensor(Npy array) {
    return switch (array) {
      case Npy.Floats a -> Tensor.of(a.values(), a.shape());
      case Npy.Doubles a -> Tensor.of(a.values(), a.shape());
      case Npy.Ints a -> Tensor.of(a.values(), a.shape());
      case Npy.Longs a ->
          Tensor.of(Arrays.stream(a.values()).mapToInt(Math::toIntExact).toArray(), a.shape());
      case Npy.Bytes a -> Tensor.of(a.values(), a.shape());
    };
  }

  /// A class's name and what its configuration has beside the defaults.
  private record Config(String kind, Map<String, Json> config) {
    static Config of(Json spec) {
      return new Config(spec.get("class").text(), spec.get("config").fields());
    }

    double number(String name, double otherwise) {
      return config.containsKey(name) ? config.get(name).number() : otherwise;
    }

    int whole(String name, int otherwise) {
      return (int) number(name, otherwise);
    }

    boolean flag(String name, boolean otherwise) {
      return config.containsKey(name) ? config.get(name).bool() : otherwise;
    }

    boolean has(String name) {
      return config.containsKey(name);
    }

    String text(String name, String otherwise) {
      return config.containsKey(name) ? config.get(name).text() : otherwise;
    }

    Padding padding() {
      return text("padding", "valid").equals("same") ? Padding.SAME : Padding.VALID;
    }

    Optional<Regularizer> regularizer(String name) {
      return Optional.ofNullable(config.get(name))
          .map(
              spec -> {
                Config c = Config.of(spec);
                return switch (c.kind()) {
                  case "L1" -> L1.of(c.number("l1", 0.01));
                  case "L2" -> L2.of(c.number("l2", 0.01));
                  case "L1L2" -> L1L2.of(c.number("l1", 0), c.number("l2", 0));
                  default -> throw new IllegalArgumentException(c.kind());
                };
              });
    }
  }
}
