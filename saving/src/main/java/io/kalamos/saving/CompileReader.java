package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import io.kalamos.losses.Loss;
import io.kalamos.losses.Losses;
import io.kalamos.metrics.Metric;
import io.kalamos.models.Compilation;
import io.kalamos.models.Execution;
import io.kalamos.models.PerOutput;
import io.kalamos.optimizers.Optimizer;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/// Reads what a model was compiled with: `compile_config`, or `training_config` before Keras 3.
final class CompileReader {
  private final ConfigReader parts;
  private final OwnParts own;
  private final List<String> outputs;
  private final Consumer<String> notice;

  CompileReader(ConfigReader parts, OwnParts own, List<String> outputs, Consumer<String> notice) {
    this.parts = parts;
    this.own = own;
    this.outputs = outputs;
    this.notice = notice;
  }

  /// Empty where there is no loss: what a model is trained for, then stands in code.
  Optional<Compilation> read(JsonNode config, Execution execution) {
    JsonNode optimizer =
        config.has("optimizer_config") ? config.get("optimizer_config") : config.path("optimizer");
    if (optimizer.isMissingNode() || optimizer.isNull()) {
      return Optional.empty();
    }
    PerOutput<Loss> loss = perOutput(config.path("loss"), this::loss);
    if (loss.equals(PerOutput.none())) {
      notice.accept("compile: loss=null: the model is not compiled");
      return Optional.empty();
    }
    return Optional.of(
        new Compilation(
            optimizer(optimizer),
            loss,
            perOutput(config.path("loss_weights"), CompileReader::weight),
            metrics("metrics", config.path("metrics")),
            metrics("weighted_metrics", config.path("weighted_metrics")),
            Optional.empty(),
            List.of(),
            execution));
  }

  private Optimizer optimizer(JsonNode node) {
    ClassName name = ClassName.of(node);
    if (name.kind().equals("LossScaleOptimizer")) {
      notice.accept("compile: optimizer: LossScaleOptimizer: float32 needs no scale of the loss");
      return optimizer(node.path("config").path("inner_optimizer"));
    }
    return (Optimizer) parts.part("compile: optimizer", Parts.OPTIMIZERS, node);
  }

  private Loss loss(String where, JsonNode node) {
    ClassName name = ClassName.of(node);
    if (name.function().isEmpty()) {
      return (Loss) parts.part("compile: loss" + where, Parts.LOSSES, node);
    }
    String given = name.function().get();
    return own.example(Parts.LOSSES, new ClassName("", given, "", name.function()))
        .filter(part -> !Parts.kinds(Parts.LOSSES).contains(Parts.kind(part)))
        .map(part -> (Loss) part)
        .orElseGet(() -> Losses.named(given));
  }

  private static Double weight(String where, JsonNode node) {
    if (!node.isNumber()) {
      throw Refusal.of(
          "compile: loss_weights" + where,
          "numbers",
          "value",
          node,
          "The file does not come from Keras as it is.");
    }
    return node.asDouble();
  }

  /// Keras takes a list for one output's metrics, or a list or a map with those of each.
  private PerOutput<List<Metric>> metrics(String option, JsonNode node) {
    BiFunction<String, JsonNode, List<Metric>> list =
        (where, value) -> list("compile: " + option + where, value);
    boolean nested = false;
    for (JsonNode item : node) {
      nested |= item.isArray() || item.isNull();
    }
    boolean each = nested || outputs.size() > 1 && node.size() == outputs.size();
    return node.isArray() && !each
        ? new PerOutput.All<>(list.apply("", node))
        : perOutput(node, list);
  }

  private List<Metric> list(String where, JsonNode node) {
    List<Metric> metrics = new ArrayList<>();
    for (JsonNode item : node.isArray() ? node : List.of(node)) {
      if (!item.isNull()) {
        metrics.add(plain(MetricConfig.read(parts, where, item)));
      }
    }
    return metrics;
  }

  /// Before Keras 3 the names of metrics began with those of their outputs.
  private Metric plain(Metric metric) {
    if (outputs.size() < 2) {
      return metric;
    }
    return outputs.stream()
        .map(output -> output + "_")
        .filter(metric.name()::startsWith)
        .findFirst()
        .map(start -> MetricConfig.renamed(metric, metric.name().substring(start.length())))
        .orElse(metric);
  }

  private <T> PerOutput<T> perOutput(JsonNode node, BiFunction<String, JsonNode, T> read) {
    if (node.isMissingNode() || node.isNull() || node.isContainerNode() && node.isEmpty()) {
      return PerOutput.none();
    }
    if (node.isArray()) {
      Map<String, T> some = new LinkedHashMap<>();
      List<T> all = new ArrayList<>();
      for (int i = 0; i < node.size(); i++) {
        if (!node.get(i).isNull()) {
          T value = read.apply("[" + i + "]", node.get(i));
          all.add(value);
          some.put(i < outputs.size() ? outputs.get(i) : "output " + i, value);
        }
      }
      return all.size() == node.size()
          ? new PerOutput.InOrder<>(all)
          : new PerOutput.ByName<>(some);
    }
    if (node.isObject() && !node.has("class_name")) {
      Map<String, T> named = new LinkedHashMap<>();
      node.properties()
          .forEach(
              entry -> {
                if (!entry.getValue().isNull()) {
                  named.put(
                      entry.getKey(), read.apply("[" + entry.getKey() + "]", entry.getValue()));
                }
              });
      return new PerOutput.ByName<>(named);
    }
    return new PerOutput.All<>(read.apply("", node));
  }
}
