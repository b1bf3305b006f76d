package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import io.kalamos.activations.ActivationFunction;
import io.kalamos.activations.Activations;
import io.kalamos.activations.Elu;
import io.kalamos.activations.LeakyRelu;
import io.kalamos.activations.Relu;
import io.kalamos.constraints.Constraint;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.initializers.Initializer;
import io.kalamos.layers.Activation;
import io.kalamos.layers.ELU;
import io.kalamos.layers.Edges;
import io.kalamos.layers.Layer;
import io.kalamos.layers.LeakyReLU;
import io.kalamos.layers.Normalization;
import io.kalamos.layers.Pair;
import io.kalamos.layers.ReLU;
import io.kalamos.layers.RecurrentLayer;
import io.kalamos.layers.Softmax;
import io.kalamos.layers.WeightOptions;
import io.kalamos.models.LoadOptions;
import io.kalamos.options.Grouped;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import io.kalamos.regularizers.Regularizer;
import io.kalamos.schedules.LearningRateSchedule;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/// Reads parts from Keras's configurations: begins with the class's example, which has all
/// defaults, and varies what the configuration names.
final class ConfigReader {
  private final OwnParts own;
  private final Consumer<String> ignored;
  private final BiFunction<String, JsonNode, Layer> models;

  /// @param ignored is told of options that Keras has and that change nothing here
  ConfigReader(OwnParts own, Consumer<String> ignored) {
    this(own, ignored, new ModelReader(LoadOptions.DEFAULTS, own)::model);
  }

  /// @param models reads models that layers hold, at a place
  ConfigReader(OwnParts own, Consumer<String> ignored, BiFunction<String, JsonNode, Layer> models) {
    this.own = own;
    this.ignored = ignored;
    this.models = models;
  }

  /// The part that `{"module", "class_name", "config"}` describes, or that has a name of this class
  /// in Keras, such as `glorot_uniform`.
  Record part(String where, String module, JsonNode node) {
    ClassName name = ClassName.of(node);
    Record example =
        own.example(module, name)
            .orElseThrow(
                () ->
                    Refusal.of(
                        where,
                        "a class of "
                            + module
                            + " ("
                            + String.join(", ", Parts.kinds(module))
                            + ")",
                        "class_name",
                        name.kind().isEmpty() ? node : name.kind(),
                        "Build this part in Java and load the weights alone."));
    String kind = Parts.kind(example);
    JsonNode config = Forms.completed(kind, OldOptions.of(module, kind, node.path("config")));
    return config(where + " (" + kind + ")", example, config);
  }

  /// The part with the options of a configuration.
  Record config(String where, Record example, JsonNode config) {
    Set<String> known = new HashSet<>(Set.of("statistics"));
    Record part = options(where, Parts.kind(example), example, config, known);
    if (part instanceof Normalization layer) {
      known.addAll(Set.of("mean", "variance"));
      part = Statistics.read(where, layer, config);
    }
    checkRest(where, Parts.kind(example), config, known);
    return part;
  }

  private Record options(
      String where, String kind, Record example, JsonNode config, Set<String> known) {
    Record part = example;
    for (RecordComponent component : example.getClass().getRecordComponents()) {
      String name = component.getName();
      Object now = Vary.read(part, component);
      if (now instanceof WeightOptions options) {
        for (String end : List.of("_initializer", "_regularizer", "_constraint")) {
          known.add(name + end);
          options = config.has(name + end) ? weight(where, options, name + end, config) : options;
        }
        part = Vary.of(part, name, options);
      } else if (now instanceof Grouped) {
        part = Vary.of(part, name, options(where, kind, (Record) now, config, known));
      } else if (known.add(Spelling.option(name)) && config.has(Spelling.option(name))) {
        String option = Spelling.option(name);
        Type type = component.getGenericType();
        JsonNode given = Forms.read(kind, name, config.get(option));
        part = Vary.of(part, name, value(where + ": " + option, type, given));
      }
    }
    return part;
  }

  private WeightOptions weight(String where, WeightOptions now, String option, JsonNode config) {
    JsonNode node = config.get(option);
    String place = where + ": " + option;
    if (option.endsWith("_initializer")) {
      return now.initializer((Initializer) value(place, Initializer.class, node));
    }
    if (option.endsWith("_regularizer")) {
      Optional<Regularizer> read =
          optional(node).map(n -> (Regularizer) value(place, Regularizer.class, n));
      return new WeightOptions(now.initializer(), read, now.constraint());
    }
    Optional<Constraint> read =
        optional(node).map(n -> (Constraint) value(place, Constraint.class, n));
    return new WeightOptions(now.initializer(), now.regularizer(), read);
  }

  private static Optional<JsonNode> optional(JsonNode node) {
    return node.isNull() ? Optional.empty() : Optional.of(node);
  }

  /// Options without a component here.
  private void checkRest(String where, String kind, JsonNode config, Set<String> known) {
    config
        .properties()
        .forEach(
            entry -> {
              String option = entry.getKey();
              JsonNode only = Extras.of(kind).getOrDefault(option, OldOptions.only(option));
              if (known.contains(option) || Extras.harmless(option)) {
                return;
              }
              if (only == null) {
                ignored.accept(where + ": " + option + "=" + entry.getValue());
              } else if (!only.equals(entry.getValue())) {
                throw Refusal.of(
                    where,
                    option + "=" + only,
                    option,
                    entry.getValue(),
                    "Other values are not supported; change the model in Keras.");
              }
            });
  }

  private Object value(String where, Type type, JsonNode node) {
    if (type instanceof ParameterizedType generic) {
      Type of = generic.getActualTypeArguments()[0];
      return generic.getRawType() == Optional.class
          ? optional(node).map(n -> value(where, of, n))
          : items(where, of, node);
    }
    Class<?> kind = (Class<?>) type;
    if (kind.isEnum()) {
      return constant(where, kind, node);
    }
    return switch (kind.getSimpleName()) {
      case "boolean", "Boolean" ->
          asked(where, "true or false", node.isBoolean(), node).asBoolean();
      case "int", "Integer" ->
          asked(where, "a whole number", node.canConvertToInt() && node.isIntegralNumber(), node)
              .asInt();
      case "long", "Long" ->
          asked(where, "a whole number", node.canConvertToLong() && node.isIntegralNumber(), node)
              .asLong();
      case "double", "Double" -> number(asked(where, "a number", node.isNumber(), node));
      case "String" -> asked(where, "a text", node.isTextual(), node).asText();
      case "OptionalLong" ->
          node.isNull()
              ? OptionalLong.empty()
              : OptionalLong.of((long) value(where, long.class, node));
      case "OptionalInt" ->
          node.isNull() ? OptionalInt.empty() : OptionalInt.of((int) value(where, int.class, node));
      case "OptionalDouble" ->
          node.isNull()
              ? OptionalDouble.empty()
              : OptionalDouble.of(asked(where, "a number", node.isNumber(), node).asDouble());
      case "Pair" -> pair(where, node);
      case "Edges" -> edges(where, node);
      case "Shape" -> Shape.of(ints(where, node));
      case "DType" -> DType.valueOf(node.asText().toUpperCase(java.util.Locale.ROOT));
      default -> part(where, kind, node);
    };
  }

  private Object part(String where, Class<?> kind, JsonNode node) {
    if (kind == ActivationFunction.class) {
      return activation(where, node);
    }
    if (kind == LearningRateSchedule.class) {
      return node.isNumber()
          ? LearningRateSchedule.constant(number(node))
          : part(where, Parts.SCHEDULES, node);
    }
    if (kind == Initializer.class) {
      return part(where, Parts.INITIALIZERS, node);
    }
    if (kind == Regularizer.class) {
      return part(where, Parts.REGULARIZERS, node);
    }
    if (kind == Constraint.class) {
      return part(where, Parts.CONSTRAINTS, node);
    }
    if (kind == Layer.class && ModelReader.reads(node)) {
      return models.apply(where, node);
    }
    if (kind == Layer.class || kind == RecurrentLayer.class) {
      Record layer = part(where, Parts.LAYERS, node);
      if (!kind.isInstance(layer)) {
        throw refused(where, "a layer that goes over time, such as LSTM", node);
      }
      return layer;
    }
    throw new IllegalStateException(where + ": no rule for " + kind);
  }

  /// A name, a function that stands for one, or a layer of a class such as `LeakyReLU`, whose
  /// options the function has.
  private ActivationFunction activation(String where, JsonNode node) {
    if (node.isNull()) {
      return Activations.LINEAR;
    }
    ClassName name = ClassName.of(node);
    JsonNode config = node.path("config");
    if (name.function().isPresent()) {
      String function = name.function().get();
      return own.activation(function).orElseGet(() -> Activations.named(function));
    }
    Object layer =
        own.example(Parts.LAYERS, name).isEmpty() ? node : part(where, Parts.LAYERS, node);
    return switch (layer) {
      case LeakyReLU of -> LeakyRelu.of(of.negativeSlope());
      case ELU of -> Elu.of(of.alpha());
      case ReLU of ->
          new Relu(of.negativeSlope(), of.maxValue().stream().boxed().findFirst(), of.threshold());
      case Softmax of when of.axis().equals(List.of(-1)) -> Activations.SOFTMAX;
      case Activation of -> of.activation();
      default ->
          throw Refusal.of(
              where,
              "an activation function by name, or one of the layers ReLU, LeakyReLU, ELU, Softmax",
              "activation",
              name.kind().isEmpty() ? node : name.kind() + " " + config,
              "Use Activation.of(function) or another layer behind this one.");
    };
  }

  private List<Object> items(String where, Type type, JsonNode node) {
    if (!node.isArray()) {
      return List.of(value(where, type, node));
    }
    List<Object> items = new ArrayList<>();
    node.forEach(item -> items.add(value(where, type, item)));
    return items;
  }

  /// Keras keeps some numbers in float32: 0.001 stands in files as 0.0010000000474974513.
  private static double number(JsonNode node) {
    double value = node.asDouble();
    return (float) value == value ? Double.parseDouble(Float.toString((float) value)) : value;
  }

  private static Object constant(String where, Class<?> kind, JsonNode node) {
    List<String> names = new ArrayList<>();
    for (Object constant : kind.getEnumConstants()) {
      String name = Spelling.constant((Enum<?>) constant);
      if (node.isTextual() && name.equalsIgnoreCase(node.asText())) {
        return constant;
      }
      names.add(name);
    }
    throw refused(where, "one of " + String.join(", ", names), node);
  }

  private static Pair pair(String where, JsonNode node) {
    int[] sizes = ints(where, node);
    return switch (sizes.length) {
      case 1 -> Pair.of(sizes[0]);
      case 2 -> Pair.of(sizes[0], sizes[1]);
      default -> throw refused(where, "two whole numbers", node);
    };
  }

  private static Edges edges(String where, JsonNode node) {
    if (node.isArray() && node.size() == 2) {
      Pair rows = pair(where, node.get(0));
      Pair columns = pair(where, node.get(1));
      return new Edges(rows.height(), rows.width(), columns.height(), columns.width());
    }
    int[] all = ints(where, node);
    if (all.length != 1) {
      throw refused(where, "a whole number, or two for rows and two for columns", node);
    }
    return new Edges(all[0], all[0], all[0], all[0]);
  }

  private static int[] ints(String where, JsonNode node) {
    List<Integer> sizes = new ArrayList<>();
    for (JsonNode size : node.isArray() ? node : List.of(node)) {
      asked(where, "whole numbers", size.isIntegralNumber() && size.canConvertToInt(), node);
      sizes.add(size.asInt());
    }
    return sizes.stream().mapToInt(Integer::intValue).toArray();
  }

  private static JsonNode asked(String where, String expected, boolean fits, JsonNode node) {
    if (!fits) {
      throw refused(where, expected, node);
    }
    return node;
  }

  private static IllegalArgumentException refused(String where, String expected, JsonNode node) {
    return Refusal.of(
        where, expected, "value", node, "The file does not come from Keras as it is.");
  }
}
