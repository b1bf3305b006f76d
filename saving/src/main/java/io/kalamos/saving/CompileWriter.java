package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kalamos.losses.KerasLoss;
import io.kalamos.losses.Loss;
import io.kalamos.metrics.Metric;
import io.kalamos.models.Compilation;
import io.kalamos.models.PerOutput;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Writes what a model was compiled with: `compile_config`.
final class CompileWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ConfigWriter parts;
  private final int outputs;

  CompileWriter(ConfigWriter parts, int outputs) {
    this.parts = parts;
    this.outputs = outputs;
  }

  ObjectNode of(Compilation compilation) {
    ObjectNode config = JSON.objectNode();
    config.set("optimizer", parts.part(compilation.optimizer()));
    config.set("loss", perOutput(compilation.loss(), this::loss));
    config.set("loss_weights", perOutput(compilation.lossWeights(), JSON::numberNode));
    config.set("metrics", metrics(compilation.metrics()));
    config.set("weighted_metrics", metrics(compilation.weightedMetrics()));
    config.put("run_eagerly", false);
    config.put("steps_per_execution", 1);
    return config;
  }

  /// A loss that no file can describe is written by its name, as Keras does with functions.
  private JsonNode loss(Loss loss) {
    return loss instanceof KerasLoss<?> || parts.holds(loss)
        ? parts.part(loss)
        : MetricConfig.function(loss.name());
  }

  private JsonNode metrics(PerOutput<List<Metric>> metrics) {
    boolean none = metrics.equals(new PerOutput.All<>(List.<Metric>of()));
    return none ? NullNode.instance : perOutput(metrics, this::list);
  }

  private ArrayNode list(List<Metric> metrics) {
    ArrayNode list = JSON.arrayNode();
    metrics.forEach(metric -> list.add(MetricConfig.of(parts, metric)));
    return list;
  }

  private <T> JsonNode perOutput(PerOutput<T> option, Function<T, JsonNode> write) {
    return switch (option) {
      case PerOutput.All<T>(T value) when outputs == 1 -> write.apply(value);
      case PerOutput.All<T>(T value) -> {
        ArrayNode list = JSON.arrayNode();
        for (int i = 0; i < outputs; i++) {
          list.add(write.apply(value));
        }
        yield list;
      }
      case PerOutput.InOrder<T>(List<T> values) -> {
        ArrayNode list = JSON.arrayNode();
        values.forEach(value -> list.add(write.apply(value)));
        yield list;
      }
      case PerOutput.ByName<T>(Map<String, T> values) when values.isEmpty() -> NullNode.instance;
      case PerOutput.ByName<T>(Map<String, T> values) -> {
        ObjectNode named = JSON.objectNode();
        values.forEach((name, value) -> named.set(name, write.apply(value)));
        yield named;
      }
    };
  }
}
