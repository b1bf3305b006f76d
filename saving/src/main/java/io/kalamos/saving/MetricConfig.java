package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kalamos.losses.*;
import io.kalamos.metrics.KerasMetric;
import io.kalamos.metrics.LossMetric;
import io.kalamos.metrics.Metric;
import io.kalamos.metrics.Metrics;
import io.kalamos.options.Refusal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Metrics as Keras writes them: by name, by a class of their own, or by a class that is a loss
/// without reduction.
final class MetricConfig {
  /// Keras's classes of metrics that are means of losses.
  static final Map<String, KerasLoss<?>> OF_LOSSES =
      Map.ofEntries(
          Map.entry("BinaryCrossentropy", BinaryCrossentropy.of()),
          Map.entry("CategoricalCrossentropy", CategoricalCrossentropy.of()),
          Map.entry("CategoricalHinge", CategoricalHinge.of()),
          Map.entry("Hinge", Hinge.of()),
          Map.entry("KLDivergence", KLDivergence.of()),
          Map.entry("LogCoshError", LogCosh.of().named("logcosh")),
          Map.entry("MeanAbsoluteError", MeanAbsoluteError.of()),
          Map.entry("MeanAbsolutePercentageError", MeanAbsolutePercentageError.of()),
          Map.entry("MeanSquaredError", MeanSquaredError.of()),
          Map.entry("MeanSquaredLogarithmicError", MeanSquaredLogarithmicError.of()),
          Map.entry("Poisson", Poisson.of()),
          Map.entry("SparseCategoricalCrossentropy", SparseCategoricalCrossentropy.of()),
          Map.entry("SquaredHinge", SquaredHinge.of()));

  /// What Keras 2 made of `accuracy` by the shapes that it knew, and named in files: not always
  /// what the targets ask for, so that the choice is made anew.
  private static final Set<String> ACCURACIES =
      Set.of("binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy");

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private MetricConfig() {}

  /// A metric in Keras's form; one of a class that no file can name is written by its name, as
  /// Keras does with functions.
  static JsonNode of(ConfigWriter writer, Metric metric) {
    Optional<String> kind =
        metric instanceof LossMetric mean ? kind(mean.loss()) : Optional.empty();
    if (kind.isPresent()) {
      return ofLoss(writer, kind.get(), (KerasLoss<?>) ((LossMetric) metric).loss());
    }
    if (metric instanceof KerasMetric<?> || writer.holds(metric)) {
      return writer.part(metric);
    }
    boolean named = Metrics.find(metric.name()).filter(metric::equals).isPresent();
    return named ? TextNode.valueOf(metric.name()) : function(metric.name());
  }

  /// A function of this name, as Keras writes it.
  static ObjectNode function(String name) {
    ObjectNode node = JSON.objectNode();
    node.put("module", "builtins");
    node.put("class_name", "function");
    node.put("config", name);
    node.put("registered_name", "function");
    return node;
  }

  /// Keras's class for the mean of a loss.
  private static Optional<String> kind(Loss loss) {
    return OF_LOSSES.entrySet().stream()
        .filter(entry -> entry.getValue().getClass() == loss.getClass())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static ObjectNode ofLoss(ConfigWriter writer, String kind, KerasLoss<?> loss) {
    ObjectNode config = writer.config((Record) loss);
    config.remove("reduction");
    config.put("dtype", "float32");
    switch (loss) {
      case BinaryCrossentropy _ -> config.remove("axis");
      case SparseCategoricalCrossentropy sparse -> config.put("axis", sparse.axis());
      default -> {}
    }
    ObjectNode node = JSON.objectNode();
    node.put("module", Parts.METRICS);
    node.put("class_name", kind);
    node.set("config", config);
    node.putNull("registered_name");
    return node;
  }

  /// The metric that Keras means.
  static Metric read(ConfigReader reader, String where, JsonNode node) {
    ClassName name = ClassName.of(node);
    if (name.function().isPresent()) {
      return named(where, name.function().get());
    }
    JsonNode config = node.path("config");
    if (name.isKeras() && name.kind().equals("MeanMetricWrapper")) {
      String function = ClassName.of(config.path("fn")).function().orElse(name.kind());
      String given = config.path("name").asText(function);
      boolean chosen = ACCURACIES.contains(function) && given.matches("(.*_)?acc(uracy)?");
      return renamed(named(where, chosen ? "accuracy" : function), given);
    }
    KerasLoss<?> loss = name.isKeras() ? OF_LOSSES.get(name.kind()) : null;
    if (loss == null) {
      return (Metric) reader.part(where, Parts.METRICS, node);
    }
    String place = where + " (" + name.kind() + ")";
    return new LossMetric((Loss) reader.config(place, (Record) loss, config));
  }

  private static Metric named(String where, String name) {
    return Metrics.find(name)
        .orElseThrow(
            () ->
                Refusal.of(
                    where,
                    "a metric of Keras's",
                    "name",
                    name,
                    "Load it with load.compile(false) and compile the model in Java."));
  }

  /// The metric under another name in logs.
  static Metric renamed(Metric metric, String name) {
    return switch (metric) {
      case KerasMetric<?> of -> of.named(name);
      case LossMetric(Loss loss) -> new LossMetric(loss.named(name));
      default -> {
        String last = name.substring(name.lastIndexOf('_') + 1);
        yield Metrics.find(name).or(() -> Metrics.find(last)).orElse(metric);
      }
    };
  }
}
