package io.kalamos.models;

import io.kalamos.losses.Loss;
import io.kalamos.losses.Reduction;
import io.kalamos.metrics.Metric;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// What training makes small and watches at each output.
///
/// @param losses of each output, where it has one
/// @param weights that the losses are multiplied with
/// @param watched the metrics, in the order of logs
/// @param own the figures of a user's training step, which takes targets as they come
record Goals(
    List<String> outputs,
    List<Optional<Loss>> losses,
    List<Double> weights,
    List<Watched> watched,
    Optional<List<String>> own) {
  /// A metric at an output.
  ///
  /// @param name in logs
  /// @param weighted whether samples count by their weights
  record Watched(String name, int output, Metric metric, boolean weighted) {}

  /// The options of a compilation, output by output.
  static Goals of(Network network, Compilation compilation) {
    List<String> outputs =
        IntStream.range(0, network.topology().outputs().size())
            .mapToObj(network::outputName)
            .toList();
    List<Optional<Loss>> losses = compilation.loss().of("compile", "losses", outputs);
    losses.forEach(loss -> loss.ifPresent(Reduction::unlessSingle));
    List<Double> weights = new ArrayList<>();
    for (Optional<Double> weight :
        compilation.lossWeights().of("compile", "lossWeights", outputs)) {
      weight.ifPresent(
          value ->
              Refusal.unlessFinite(
                  "compile", "lossWeights", value, "Use 1 to leave a loss as is."));
      weights.add(weight.orElse(1.0));
    }
    Names names = new Names(outputs);
    names.add(compilation.metrics().of("compile", "metrics", outputs), false);
    names.add(compilation.weightedMetrics().of("compile", "weightedMetrics", outputs), true);
    return new Goals(
        outputs,
        losses,
        weights,
        List.copyOf(names.watched),
        compilation.step().map(step -> compilation.logs()));
  }

  /// Keras's names of metrics: behind the output where there are several, numbered where equal, and
  /// `weighted_` where one without weights has the name.
  private static final class Names {
    private final List<String> outputs;
    private final List<Watched> watched = new ArrayList<>();
    private final Map<String, Integer> seen = new HashMap<>();

    Names(List<String> outputs) {
      this.outputs = outputs;
    }

    void add(List<Optional<List<Metric>>> metrics, boolean weighted) {
      for (int i = 0; i < outputs.size(); i++) {
        for (Metric metric : metrics.get(i).orElse(List.of())) {
          watched.add(new Watched(name(i, metric, weighted), i, metric, weighted));
        }
      }
    }

    private String name(int output, Metric metric, boolean weighted) {
      String before = outputs.size() > 1 ? outputs.get(output) + "_" : "";
      String name = before + metric.name();
      if (weighted && seen.containsKey(name)) {
        name = before + "weighted_" + metric.name();
      }
      int number = seen.merge(name, 1, Integer::sum) - 1;
      return number == 0 ? name : name + "_" + number;
    }
  }

  /// Whether the outputs' losses are figures of their own.
  boolean several() {
    return losses.stream().filter(Optional::isPresent).count() > 1;
  }

  /// The name of an output's loss in logs.
  String lossName(int output) {
    return outputs.get(output) + "_loss";
  }

  /// What the target at a place is called in programs: by its output, or by its number.
  String target(int place) {
    return own.isPresent() ? Integer.toString(place) : outputs.get(targets().get(place));
  }

  /// The outputs that need a target.
  List<Integer> targets() {
    return IntStream.range(0, outputs.size())
        .filter(i -> losses.get(i).isPresent() || watched.stream().anyMatch(w -> w.output() == i))
        .boxed()
        .toList();
  }
}
