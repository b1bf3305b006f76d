package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kalamos.activations.ActivationFunction;
import io.kalamos.activations.Activations;
import io.kalamos.activations.Elu;
import io.kalamos.activations.LeakyRelu;
import io.kalamos.activations.Relu;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.layers.Bidirectional;
import io.kalamos.layers.ELU;
import io.kalamos.layers.Edges;
import io.kalamos.layers.Layer;
import io.kalamos.layers.LeakyReLU;
import io.kalamos.layers.Normalization;
import io.kalamos.layers.Pair;
import io.kalamos.layers.ReLU;
import io.kalamos.layers.WeightOptions;
import io.kalamos.metrics.Metric;
import io.kalamos.models.Model;
import io.kalamos.optimizers.Optimizer;
import io.kalamos.options.Grouped;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import io.kalamos.schedules.ConstantRate;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/// Writes parts as Keras's configurations: a record's components are the options, spelled in
/// Keras's way.
final class ConfigWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final OwnParts own;
  private final String policy;

  private final Function<Model, ObjectNode> models;

  /// @param policy Keras's name of the types that layers compute in
  ConfigWriter(OwnParts own, String policy) {
    this(own, policy, model -> new ModelWriter(model, own).model(model));
  }

  /// @param models writes models that layers hold
  ConfigWriter(OwnParts own, String policy, Function<Model, ObjectNode> models) {
    this.own = own;
    this.policy = policy;
    this.models = models;
  }

  /// Whether a part is of a class of the caller.
  boolean holds(Object part) {
    return own.holds(part);
  }

  /// `{"module", "class_name", "config", "registered_name"}` of a part.
  ObjectNode part(Object part) {
    boolean keras = Parts.module(part).isPresent() && !Parts.ours(part);
    String group = Parts.ours(part) ? Parts.OURS : OwnParts.PACKAGE;
    if (!(part instanceof Record value) || !keras && !Parts.ours(part) && !own.holds(part)) {
      throw Refusal.of(
          "saving",
          "a part that Keras has too, or of a class that is named",
          "class",
          part.getClass().getName(),
          "Where it is a record, name its class with save.part(example) and load.part(example);"
              + " else build the model in Java and load its weights.");
    }
    String kind = Parts.kind(part);
    ObjectNode node = JSON.objectNode();
    node.put("module", keras ? Parts.module(part).get() : group);
    node.put("class_name", kind);
    ObjectNode config = config(value);
    switch (part) {
      case Layer layer -> {
        config.put("name", layer.name().orElseGet(layer::stem));
        if (Extras.trained(kind)) {
          config.put("trainable", true);
        }
        config.set("dtype", policy());
      }
      case Optimizer optimizer -> config.put("name", optimizer.name());
      case Metric _ -> config.put("dtype", Extras.counted(kind) ? "int32" : "float32");
      default -> {}
    }
    node.set("config", config);
    node.put("registered_name", keras ? null : group + ">" + kind);
    return node;
  }

  /// The types that a layer computes in.
  ObjectNode policy() {
    ObjectNode node = JSON.objectNode();
    node.put("module", "keras");
    node.put("class_name", "DTypePolicy");
    node.set("config", JSON.objectNode().put("name", policy));
    node.putNull("registered_name");
    return node;
  }

  /// The options of a part.
  ObjectNode config(Record part) {
    String kind = Parts.kind(part);
    ObjectNode config = JSON.objectNode();
    options(part, kind, config);
    switch (part) {
      case Bidirectional both -> {
        config.set("layer", part(both.forward()));
        config.set("backward_layer", part(both.backward()));
      }
      case Normalization normalization -> Statistics.write(normalization, config);
      default -> {}
    }
    for (Map.Entry<String, JsonNode> extra : Extras.of(kind).entrySet()) {
      config.set(extra.getKey(), extra.getValue());
    }
    return config;
  }

  private void options(Record part, String kind, ObjectNode config) {
    for (RecordComponent component : part.getClass().getRecordComponents()) {
      String name = component.getName();
      Object value = Vary.read(part, component);
      if (value instanceof WeightOptions options) {
        config.set(name + "_initializer", value(options.initializer()));
        config.set(name + "_regularizer", value(options.regularizer()));
        config.set(name + "_constraint", value(options.constraint()));
      } else if (value instanceof Grouped) {
        options((Record) value, kind, config);
      } else if (!Extras.leftOut(kind, name, value, usual(part, component))) {
        config.set(Spelling.option(name), Forms.written(kind, name, value(value)));
      }
    }
  }

  /// What a component has by default; its own value in classes of callers.
  private static Object usual(Record part, RecordComponent component) {
    return Parts.module(part)
        .flatMap(module -> Parts.example(module, Parts.kind(part)))
        .map(example -> Vary.read(example, component))
        .orElseGet(() -> Vary.read(part, component));
  }

  private JsonNode value(Object value) {
    return switch (value) {
      case Optional<?> optional -> optional.map(this::value).orElse(NullNode.instance);
      case OptionalLong o -> o.isPresent() ? JSON.numberNode(o.getAsLong()) : NullNode.instance;
      case OptionalInt o -> o.isPresent() ? JSON.numberNode(o.getAsInt()) : NullNode.instance;
      case OptionalDouble o -> o.isPresent() ? JSON.numberNode(o.getAsDouble()) : NullNode.instance;
      case Boolean flag -> BooleanNode.valueOf(flag);
      case Integer number -> LongNode.valueOf(number);
      case Long number -> LongNode.valueOf(number);
      case Double number -> DoubleNode.valueOf(number);
      case String text -> TextNode.valueOf(text);
      case Pair pair -> JSON.arrayNode().add(pair.height()).add(pair.width());
      case Edges edges -> edges(edges);
      case Shape shape -> sizes(shape);
      case DType type -> TextNode.valueOf(type.toString());
      case Enum<?> constant -> TextNode.valueOf(Spelling.constant(constant));
      case List<?> items -> items(items);
      case Model model -> models.apply(model);
      case ConstantRate(double rate) -> DoubleNode.valueOf((float) rate);
      case ActivationFunction function when Parts.module(function).isEmpty() -> name(function);
      case Object part -> part(part);
    };
  }

  /// A name where Keras's function of that name is the same, else the layer that has its options.
  private JsonNode name(ActivationFunction function) {
    if (own.activation(function.name()).filter(function::equals).isPresent()) {
      return TextNode.valueOf(function.name());
    }
    ActivationFunction plain = Activations.named(function.name());
    Relu relu = Relu.of();
    if (function.equals(plain) || function.equals(relu)) {
      return TextNode.valueOf(plain.name());
    }
    return switch (function) {
      case Relu of -> {
        ReLU layer = ReLU.of().negativeSlope(of.negativeSlope()).threshold(of.threshold());
        yield part(of.maxValue().map(layer::maxValue).orElse(layer));
      }
      case LeakyRelu of -> part(LeakyReLU.of(of.negativeSlope()));
      case Elu of -> part(ELU.of(of.alpha()));
      default ->
          throw Refusal.of(
              "saving",
              "activation functions with Keras's defaults, or relu, leaky_relu, elu with options",
              "activation",
              function,
              "Keras's files hold no options of other functions: use Lambda, or the defaults.");
    };
  }

  private static ArrayNode sizes(Shape shape) {
    ArrayNode sizes = JSON.arrayNode();
    for (int size : shape.toArray()) {
      sizes.add(size);
    }
    return sizes;
  }

  private static ArrayNode edges(Edges edges) {
    return JSON.arrayNode()
        .add(JSON.arrayNode().add(edges.top()).add(edges.bottom()))
        .add(JSON.arrayNode().add(edges.left()).add(edges.right()));
  }

  private ArrayNode items(List<?> items) {
    ArrayNode array = JSON.arrayNode();
    items.forEach(item -> array.add(value(item)));
    return array;
  }
}
