package io.kalamos.testkit;

import io.kalamos.activations.ActivationFunction;
import io.kalamos.activations.Activations;
import io.kalamos.constraints.Constraint;
import io.kalamos.layers.Activation;
import io.kalamos.layers.ActivityRegularization;
import io.kalamos.layers.AdaptiveAveragePooling2D;
import io.kalamos.layers.AdaptiveMaxPooling2D;
import io.kalamos.layers.Add;
import io.kalamos.layers.AlphaDropout;
import io.kalamos.layers.Attention;
import io.kalamos.layers.Average;
import io.kalamos.layers.AveragePooling1D;
import io.kalamos.layers.AveragePooling2D;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Bidirectional;
import io.kalamos.layers.CategoryEncoding;
import io.kalamos.layers.CenterCrop;
import io.kalamos.layers.Concatenate;
import io.kalamos.layers.Conv1D;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Conv2DTranspose;
import io.kalamos.layers.Cropping2D;
import io.kalamos.layers.Dense;
import io.kalamos.layers.DepthwiseConv2D;
import io.kalamos.layers.Dot;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.ELU;
import io.kalamos.layers.Embedding;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.GRU;
import io.kalamos.layers.GaussianDropout;
import io.kalamos.layers.GaussianNoise;
import io.kalamos.layers.GlobalAveragePooling1D;
import io.kalamos.layers.GlobalAveragePooling2D;
import io.kalamos.layers.GlobalMaxPooling1D;
import io.kalamos.layers.GlobalMaxPooling2D;
import io.kalamos.layers.GroupNormalization;
import io.kalamos.layers.Identity;
import io.kalamos.layers.LSTM;
import io.kalamos.layers.Layer;
import io.kalamos.layers.LayerNormalization;
import io.kalamos.layers.LeakyReLU;
import io.kalamos.layers.Masking;
import io.kalamos.layers.MaxPooling1D;
import io.kalamos.layers.MaxPooling2D;
import io.kalamos.layers.Maximum;
import io.kalamos.layers.Minimum;
import io.kalamos.layers.MultiHeadAttention;
import io.kalamos.layers.Multiply;
import io.kalamos.layers.PReLU;
import io.kalamos.layers.Pair;
import io.kalamos.layers.Permute;
import io.kalamos.layers.ReLU;
import io.kalamos.layers.RecurrentLayer;
import io.kalamos.layers.RepeatVector;
import io.kalamos.layers.Rescaling;
import io.kalamos.layers.Reshape;
import io.kalamos.layers.Resizing;
import io.kalamos.layers.SeparableConv2D;
import io.kalamos.layers.SimpleRNN;
import io.kalamos.layers.Softmax;
import io.kalamos.layers.SpatialDropout1D;
import io.kalamos.layers.SpatialDropout2D;
import io.kalamos.layers.Subtract;
import io.kalamos.layers.TimeDistributed;
import io.kalamos.layers.UpSampling2D;
import io.kalamos.layers.ZeroPadding2D;
import io.kalamos.regularizers.Regularizer;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Layers from Keras's class names and configurations: a table of what each needs, and copy methods
/// for the rest, found by Keras's names.
final class KerasLayers {
  private KerasLayers() {}

  /// The options that `of` takes away from a configuration.
  private record Needed(Map<String, Json> config) {
    int whole(String name) {
      return (int) config.remove(name).number();
    }

    double number(String name) {
      return config.remove(name).number();
    }

    int[] wholes(String name) {
      Json value = config.remove(name);
      return value instanceof Json.Items
          ? value.items().stream().mapToInt(item -> (int) item.number()).toArray()
          : new int[] {(int) value.number()};
    }

    Pair pair(String name) {
      if (!config.containsKey(name)) {
        return Pair.of(2);
      }
      int[] sizes = wholes(name);
      return Pair.of(sizes[0], sizes[sizes.length - 1]);
    }

    Optional<Layer> layer(String name) {
      return Optional.ofNullable(config.remove(name))
          .map(inner -> named(inner.get("class_name").text(), inner.get("config").fields()));
    }

    /// Top, bottom, left, right.
    int[] edges(String name) {
      Json value = config.remove(name);
      if (!(value instanceof Json.Items)) {
        int all = (int) value.number();
        return new int[] {all, all, all, all};
      }
      return value.items().stream()
          .flatMap(
              side -> side instanceof Json.Items ? side.items().stream() : Stream.of(side, side))
          .mapToInt(item -> (int) item.number())
          .toArray();
    }
  }

  private static final Map<String, Function<Needed, Layer>> TABLE = new LinkedHashMap<>();

  static {
    TABLE.put(
        "Activation", c -> Activation.of(Activations.named(c.config.remove("activation").text())));
    TABLE.put("Dense", c -> Dense.of(c.whole("units")));
    TABLE.put("Conv1D", c -> Conv1D.of(c.whole("filters"), c.wholes("kernel_size")[0]));
    TABLE.put(
        "Conv2D",
        c -> {
          Pair size = c.pair("kernel_size");
          return Conv2D.of(c.whole("filters"), size.height(), size.width());
        });
    TABLE.put(
        "DepthwiseConv2D",
        c -> {
          Pair size = c.pair("kernel_size");
          return DepthwiseConv2D.of(size.height(), size.width());
        });
    TABLE.put(
        "SeparableConv2D",
        c -> {
          Pair size = c.pair("kernel_size");
          return SeparableConv2D.of(c.whole("filters"), size.height(), size.width());
        });
    TABLE.put(
        "Conv2DTranspose",
        c -> {
          Pair size = c.pair("kernel_size");
          return Conv2DTranspose.of(c.whole("filters"), size.height(), size.width());
        });
    TABLE.put("MaxPooling1D", c -> MaxPooling1D.of(c.pair("pool_size").width()));
    TABLE.put("AveragePooling1D", c -> AveragePooling1D.of(c.wholes("pool_size")[0]));
    TABLE.put(
        "MaxPooling2D",
        c -> {
          Pair size = c.pair("pool_size");
          return MaxPooling2D.of(size.height(), size.width());
        });
    TABLE.put(
        "AveragePooling2D",
        c -> {
          Pair size = c.pair("pool_size");
          return AveragePooling2D.of(size.height(), size.width());
        });
    TABLE.put("GlobalMaxPooling1D", c -> GlobalMaxPooling1D.of());
    TABLE.put("GlobalAveragePooling1D", c -> GlobalAveragePooling1D.of());
    TABLE.put("GlobalMaxPooling2D", c -> GlobalMaxPooling2D.of());
    TABLE.put("GlobalAveragePooling2D", c -> GlobalAveragePooling2D.of());
    TABLE.put(
        "AdaptiveAveragePooling2D",
        c -> {
          Pair size = c.pair("output_size");
          return AdaptiveAveragePooling2D.of(size.height(), size.width());
        });
    TABLE.put(
        "AdaptiveMaxPooling2D",
        c -> {
          Pair size = c.pair("output_size");
          return AdaptiveMaxPooling2D.of(size.height(), size.width());
        });
    TABLE.put("Flatten", c -> Flatten.of());
    TABLE.put("Reshape", c -> Reshape.of(c.wholes("target_shape")));
    TABLE.put("Permute", c -> Permute.of(c.wholes("dims")));
    TABLE.put("RepeatVector", c -> RepeatVector.of(c.whole("n")));
    TABLE.put("Identity", c -> Identity.of());
    TABLE.put(
        "ZeroPadding2D",
        c -> {
          if (!c.config.containsKey("padding")) {
            return ZeroPadding2D.of();
          }
          int[] e = c.edges("padding");
          return ZeroPadding2D.of(e[0], e[1], e[2], e[3]);
        });
    TABLE.put(
        "Cropping2D",
        c -> {
          if (!c.config.containsKey("cropping")) {
            return Cropping2D.of();
          }
          int[] e = c.edges("cropping");
          return Cropping2D.of(e[0], e[1], e[2], e[3]);
        });
    TABLE.put(
        "UpSampling2D",
        c -> {
          if (!c.config.containsKey("size")) {
            return UpSampling2D.of();
          }
          Pair size = c.pair("size");
          return UpSampling2D.of(size.height(), size.width());
        });
    TABLE.put("Dropout", c -> Dropout.of(c.number("rate")));
    TABLE.put("SpatialDropout1D", c -> SpatialDropout1D.of(c.number("rate")));
    TABLE.put("SpatialDropout2D", c -> SpatialDropout2D.of(c.number("rate")));
    TABLE.put("GaussianDropout", c -> GaussianDropout.of(c.number("rate")));
    TABLE.put("AlphaDropout", c -> AlphaDropout.of(c.number("rate")));
    TABLE.put("GaussianNoise", c -> GaussianNoise.of(c.number("stddev")));
    TABLE.put("ActivityRegularization", c -> ActivityRegularization.of());
    TABLE.put("LayerNormalization", c -> LayerNormalization.of());
    TABLE.put("GroupNormalization", c -> GroupNormalization.of());
    TABLE.put("BatchNormalization", c -> BatchNormalization.of());
    TABLE.put("ReLU", c -> ReLU.of());
    TABLE.put("LeakyReLU", c -> LeakyReLU.of());
    TABLE.put("ELU", c -> ELU.of());
    TABLE.put("PReLU", c -> PReLU.of());
    TABLE.put("Softmax", c -> Softmax.of());
    TABLE.put("Add", c -> Add.of());
    TABLE.put("Subtract", c -> Subtract.of());
    TABLE.put("Multiply", c -> Multiply.of());
    TABLE.put("Average", c -> Average.of());
    TABLE.put("Maximum", c -> Maximum.of());
    TABLE.put("Minimum", c -> Minimum.of());
    TABLE.put("Concatenate", c -> Concatenate.of());
    TABLE.put(
        "Dot",
        c -> {
          int[] axes = c.wholes("axes");
          return axes.length == 1 ? Dot.of(axes[0]) : Dot.of(axes[0], axes[1]);
        });
    TABLE.put("SimpleRNN", c -> SimpleRNN.of(c.whole("units")));
    TABLE.put("LSTM", c -> LSTM.of(c.whole("units")));
    TABLE.put("GRU", c -> GRU.of(c.whole("units")));
    TABLE.put("Bidirectional", KerasLayers::bidirectional);
    TABLE.put("TimeDistributed", c -> TimeDistributed.of(c.layer("layer").orElseThrow()));
    TABLE.put(
        "Masking",
        c ->
            c.config.containsKey("mask_value") ? Masking.of(c.number("mask_value")) : Masking.of());
    TABLE.put("Embedding", c -> Embedding.of(c.whole("input_dim"), c.whole("output_dim")));
    TABLE.put(
        "MultiHeadAttention", c -> MultiHeadAttention.of(c.whole("num_heads"), c.whole("key_dim")));
    TABLE.put("Attention", c -> Attention.of());
    TABLE.put("CategoryEncoding", c -> CategoryEncoding.of(c.whole("num_tokens")));
    TABLE.put("Rescaling", c -> Rescaling.of(c.number("scale")));
    TABLE.put("Resizing", c -> Resizing.of(c.whole("height"), c.whole("width")));
    TABLE.put("CenterCrop", c -> CenterCrop.of(c.whole("height"), c.whole("width")));
  }

  private static Layer named(String kind, Map<String, Json> config) {
    Layer layer = of(kind, config);
    return config.containsKey("name") ? layer.named(config.get("name").text()) : layer;
  }

  private static Layer bidirectional(Needed c) {
    Bidirectional layer = Bidirectional.of((RecurrentLayer) c.layer("layer").orElseThrow());
    if (c.config.get("merge_mode") instanceof Json.Null) {
      c.config.remove("merge_mode");
      layer = layer.unmerged();
    }
    Optional<Layer> backward = c.layer("backward_layer");
    return backward.isPresent() ? layer.backwardLayer((RecurrentLayer) backward.get()) : layer;
  }

  /// The layer of a class and what its configuration says beside the defaults.
  static Layer of(String kind, Map<String, Json> config) {
    Map<String, Json> left = new LinkedHashMap<>(config);
    Layer layer = TABLE.get(kind).apply(new Needed(left));
    for (Map.Entry<String, Json> option : left.entrySet()) {
      // Names and first values of weights are given by those who call.
      if (!option.getKey().equals("name") && !option.getKey().endsWith("_initializer")) {
        layer = varied(layer, camelCase(option.getKey()), option.getValue());
      }
    }
    return layer;
  }

  /// Keras's name of an option as Java has it.
  static String camelCase(String name) {
    StringBuilder text = new StringBuilder();
    for (String word : name.split("_")) {
      text.append(
          text.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return text.toString();
  }

  private static Layer varied(Layer layer, String name, Json value) {
    List<Method> methods =
        Stream.of(layer.getClass().getMethods())
            .filter(method -> method.getName().equals(name) && method.getParameterCount() > 0)
            .toList();
    for (Method method : methods) {
      Object[] arguments = arguments(method.getParameterTypes(), value);
      if (arguments != null) {
        try {
          return (Layer) method.invoke(layer, arguments);
        } catch (ReflectiveOperationException problem) {
          throw new AssertionError(method.toString(), problem);
        }
      }
    }
    throw new AssertionError(layer.kind() + " has no option " + name + " that takes " + value);
  }

  private static Object[] arguments(Class<?>[] types, Json value) {
    if (value instanceof Json.Items) {
      int[] numbers = value.items().stream().mapToInt(item -> (int) item.number()).toArray();
      if (Arrays.equals(types, new Class<?>[] {int[].class})) {
        return new Object[] {numbers};
      }
      boolean each =
          types.length == numbers.length && Stream.of(types).allMatch(type -> type == int.class);
      return each ? Arrays.stream(numbers).boxed().toArray() : null;
    }
    if (types.length != 1) {
      return null;
    }
    Class<?> type = types[0];
    if (type == int[].class) {
      return new Object[] {new int[] {(int) value.number()}};
    }
    if (type == int.class) {
      return new Object[] {(int) value.number()};
    }
    if (type == double.class) {
      return new Object[] {value.number()};
    }
    if (type == boolean.class) {
      return new Object[] {value.bool()};
    }
    if (type == ActivationFunction.class) {
      return new Object[] {Activations.named(value.text())};
    }
    if (type == Regularizer.class || type == Constraint.class) {
      return new Object[] {KerasParts.part(value, type)};
    }
    return Stream.of(type.getEnumConstants())
        .filter(constant -> constant.toString().equalsIgnoreCase(value.text()))
        .toArray();
  }
}
