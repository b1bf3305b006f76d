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
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.layers.Bidirectional;
import io.kalamos.layers.Edges;
import io.kalamos.layers.Layer;
import io.kalamos.layers.Pair;
import io.kalamos.layers.WeightOptions;
import io.kalamos.options.Grouped;
import io.kalamos.options.Refusal;
import io.kalamos.schedules.ConstantRate;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Writes parts as Keras's configurations: a record's components are the options, spelled in
/// Keras's way.
final class ConfigWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ConfigWriter() {}

  /// `{"module", "class_name", "config", "registered_name"}` of a part.
  static ObjectNode part(Object part) {
    if (!(part instanceof Record value) || Parts.module(part).isEmpty()) {
      throw Refusal.of(
          "saving",
          "a part that Keras has too",
          "class",
          part.getClass().getName(),
          "Files hold descriptions, no code: build the model in Java and load its weights.");
    }
    ObjectNode node = JSON.objectNode();
    node.put("module", Parts.module(part).get());
    node.put("class_name", Parts.kind(part));
    ObjectNode config = config(value);
    if (value instanceof Layer layer) {
      config.put("name", layer.name().orElseGet(layer::stem));
      config.put("trainable", true);
      config.set("dtype", policy("float32"));
    }
    node.set("config", config);
    node.putNull("registered_name");
    return node;
  }

  /// The types that a layer computes in, by Keras's name of the policy.
  static ObjectNode policy(String name) {
    ObjectNode policy = JSON.objectNode();
    policy.put("module", "keras");
    policy.put("class_name", "DTypePolicy");
    policy.set("config", JSON.objectNode().put("name", name));
    policy.putNull("registered_name");
    return policy;
  }

  /// The options of a part.
  static ObjectNode config(Record part) {
    ObjectNode config = JSON.objectNode();
    options(part, Parts.kind(part), config);
    if (part instanceof Bidirectional both) {
      config.set("layer", part(both.forward()));
      config.set("backward_layer", part(both.backward()));
    }
    for (Map.Entry<String, JsonNode> extra : Extras.of(Parts.kind(part)).entrySet()) {
      config.set(extra.getKey(), extra.getValue());
    }
    return config;
  }

  private static void options(Record part, String kind, ObjectNode config) {
    for (RecordComponent component : part.getClass().getRecordComponents()) {
      String name = component.getName();
      Object value = read(part, component);
      if (value instanceof WeightOptions options) {
        config.set(name + "_initializer", value(options.initializer()));
        config.set(name + "_regularizer", value(options.regularizer()));
        config.set(name + "_constraint", value(options.constraint()));
      } else if (value instanceof Grouped) {
        options((Record) value, kind, config);
      } else if (!Extras.leftOut(kind, name, value)) {
        config.set(Spelling.option(name), Forms.written(kind, name, value(value)));
      }
    }
  }

  private static JsonNode value(Object value) {
    return switch (value) {
      case Optional<?> optional -> optional.map(ConfigWriter::value).orElse(NullNode.instance);
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
      case ConstantRate(double rate) -> DoubleNode.valueOf((float) rate);
      case ActivationFunction function when Parts.module(function).isEmpty() -> name(function);
      case Object part -> part(part);
    };
  }

  private static JsonNode name(ActivationFunction function) {
    return TextNode.valueOf(io.kalamos.activations.Activations.named(function.name()).name());
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

  private static ArrayNode items(List<?> items) {
    ArrayNode array = JSON.arrayNode();
    items.forEach(item -> array.add(value(item)));
    return array;
  }

  /// The value of a component.
  static Object read(Record part, RecordComponent component) {
    try {
      return component.getAccessor().invoke(part);
    } catch (ReflectiveOperationException problem) {
      throw new IllegalStateException(problem);
    }
  }
}
