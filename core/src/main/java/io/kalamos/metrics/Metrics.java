package io.kalamos.metrics;

import io.kalamos.losses.LogCosh;
import io.kalamos.losses.Loss;
import io.kalamos.losses.Losses;
import io.kalamos.options.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/// The metrics with Keras's defaults, by Keras's names.
public final class Metrics {
  private Metrics() {}

  /// The part of right answers: binary, categorical or sparse as the shapes of targets and
  /// predictions tell.
  public static final Metric ACCURACY = new AutomaticAccuracy("accuracy");

  private static final Map<String, Function<String, Metric>> NAMED = byName();

  private static Map<String, Function<String, Metric>> byName() {
    Map<String, Function<String, Metric>> named = new LinkedHashMap<>();
    for (Loss loss : Losses.ALL) {
      put(named, loss.getClass().getSimpleName(), name -> Metric.of(loss.named(name)));
      named.put(loss.name(), name -> Metric.of(loss.named(name)));
    }
    for (String alias : List.of("bce", "kld", "mae", "mape", "mse", "msle")) {
      Loss loss = Losses.named(alias);
      named.put(alias, name -> Metric.of(loss.named(name)));
      named.put(alias.toUpperCase(Locale.ROOT), name -> Metric.of(loss.named(name)));
    }
    put(named, "LogCoshError", name -> Metric.of(LogCosh.of().named(name)));
    put(named, "CosineSimilarity", name -> CosineProximity.of().named(name));
    for (KerasMetric<?> metric :
        List.of(
            Accuracy.of(),
            AUC.of(),
            BinaryAccuracy.of(),
            BinaryIoU.of(),
            CategoricalAccuracy.of(),
            ConcordanceCorrelation.of(),
            F1Score.of(),
            FBetaScore.of(),
            FalseNegatives.of(),
            FalsePositives.of(),
            Mean.of(),
            PearsonCorrelation.of(),
            Precision.of(),
            R2Score.of(),
            Recall.of(),
            RootMeanSquaredError.of(),
            SparseCategoricalAccuracy.of(),
            SparseTopKCategoricalAccuracy.of(),
            Sum.of(),
            TopKCategoricalAccuracy.of(),
            TrueNegatives.of(),
            TruePositives.of())) {
      put(named, metric.getClass().getSimpleName(), metric::named);
      named.put(metric.name(), metric::named);
    }
    for (String name : List.of("accuracy", "Accuracy", "acc")) {
      named.put(name, AutomaticAccuracy::new);
    }
    return named;
  }

  /// Under the name of a class and under the same in snake case.
  private static void put(
      Map<String, Function<String, Metric>> named, String kind, Function<String, Metric> metric) {
    named.put(kind, metric);
    named.put(
        kind.replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
            .replaceAll("([a-z])([A-Z])", "$1_$2")
            .toLowerCase(Locale.ROOT),
        metric);
  }

  /// The metric of this name in Keras, if there is one that needs no options: the name of a class
  /// such as `AUC`, the same as `auc`, `accuracy` or `acc`, the name of a loss, or short as `mse`.
  public static Optional<Metric> find(String name) {
    return Optional.ofNullable(NAMED.get(name)).map(metric -> metric.apply(name));
  }

  /// The metric of this name in Keras, which logs show under this name.
  ///
  /// @throws IllegalArgumentException where there is none
  public static Metric named(String name) {
    return find(name)
        .orElseThrow(
            () ->
                Refusal.of(
                    "metric",
                    "one of " + String.join(", ", shortNames()),
                    "name",
                    name,
                    "Use one of these, make one with options such as IoU.of(10, 1), or write an own"
                        + " one with Metric.mean."));
  }

  private static TreeSet<String> shortNames() {
    TreeSet<String> names = new TreeSet<>(NAMED.keySet());
    names.removeIf(name -> !name.equals(name.toLowerCase(Locale.ROOT)));
    return names;
  }
}
