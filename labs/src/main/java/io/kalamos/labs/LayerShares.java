package io.kalamos.labs;

import io.kalamos.models.Model;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;

/// How many of a model's weights each layer has.
record LayerShares(SequencedMap<String, Long> weights) {
  static LayerShares of(Model model) {
    var weights = new LinkedHashMap<String, Long>();
    model.layers().keySet().forEach(layer -> weights.put(layer, 0L));
    model
        .weights()
        .forEach(
            (path, weight) ->
                weights.merge(path.substring(0, path.indexOf('/')), weight.size(), Long::sum));
    return new LayerShares(weights);
  }

  private long total() {
    return weights.values().stream().mapToLong(count -> count).sum();
  }

  /// The layer with most of them.
  String largest() {
    return weights.entrySet().stream()
        .max((one, other) -> Long.compare(one.getValue(), other.getValue()))
        .orElseThrow()
        .getKey();
  }

  /// Its percentage of all.
  double largestPercent() {
    return 100.0 * weights.get(largest()) / total();
  }

  /// A line for each layer with a bar, and what there is to see.
  String text() {
    int width = weights.keySet().stream().mapToInt(String::length).max().orElse(0);
    var text = new StringBuilder();
    weights.forEach(
        (layer, count) -> {
          double percent = 100.0 * count / total();
          text.append(
              String.format(
                      Locale.ROOT,
                      "  %-" + width + "s %,10d  %5.1f %%  %s",
                      layer,
                      count,
                      percent,
                      "#".repeat((int) Math.round(percent / 2.5)))
                  .stripTrailing());
          text.append(System.lineSeparator());
        });
    return text
        + String.format(
            Locale.ROOT,
            "%s holds %.1f %% of the %,d parameters",
            largest(),
            largestPercent(),
            total());
  }
}
