package io.kalamos.losses;

import io.kalamos.options.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The losses with Keras's defaults, by Keras's names.
public final class Losses {
  private Losses() {}

  /// For targets 0 or 1 and a last layer with sigmoid.
  public static final Loss BINARY_CROSSENTROPY = BinaryCrossentropy.of();

  public static final Loss BINARY_FOCAL_CROSSENTROPY = BinaryFocalCrossentropy.of();

  /// For one-hot targets and a last layer with softmax.
  public static final Loss CATEGORICAL_CROSSENTROPY = CategoricalCrossentropy.of();

  public static final Loss CATEGORICAL_FOCAL_CROSSENTROPY = CategoricalFocalCrossentropy.of();

  public static final Loss CATEGORICAL_GENERALIZED_CROSS_ENTROPY =
      CategoricalGeneralizedCrossEntropy.of();

  public static final Loss CATEGORICAL_HINGE = CategoricalHinge.of();

  public static final Loss CIRCLE = Circle.of();

  public static final Loss COSINE_SIMILARITY = CosineSimilarity.of();

  /// For sequences of labels of any length and a last layer without softmax.
  public static final Loss CTC = io.kalamos.losses.CTC.of();

  public static final Loss DICE = Dice.of();

  public static final Loss HINGE = Hinge.of();

  public static final Loss HUBER = Huber.of();

  public static final Loss KL_DIVERGENCE = KLDivergence.of();

  public static final Loss LOG_COSH = LogCosh.of();

  public static final Loss MEAN_ABSOLUTE_ERROR = MeanAbsoluteError.of();

  public static final Loss MEAN_ABSOLUTE_PERCENTAGE_ERROR = MeanAbsolutePercentageError.of();

  public static final Loss MEAN_SQUARED_ERROR = MeanSquaredError.of();

  public static final Loss MEAN_SQUARED_LOGARITHMIC_ERROR = MeanSquaredLogarithmicError.of();

  public static final Loss POISSON = Poisson.of();

  /// For class indices and a last layer with softmax.
  public static final Loss SPARSE_CATEGORICAL_CROSSENTROPY = SparseCategoricalCrossentropy.of();

  public static final Loss SQUARED_HINGE = SquaredHinge.of();

  public static final Loss TVERSKY = Tversky.of();

  /// All of them.
  public static final List<Loss> ALL =
      List.of(
          BINARY_CROSSENTROPY,
          BINARY_FOCAL_CROSSENTROPY,
          CATEGORICAL_CROSSENTROPY,
          CATEGORICAL_FOCAL_CROSSENTROPY,
          CATEGORICAL_GENERALIZED_CROSS_ENTROPY,
          CATEGORICAL_HINGE,
          CIRCLE,
          COSINE_SIMILARITY,
          CTC,
          DICE,
          HINGE,
          HUBER,
          KL_DIVERGENCE,
          LOG_COSH,
          MEAN_ABSOLUTE_ERROR,
          MEAN_ABSOLUTE_PERCENTAGE_ERROR,
          MEAN_SQUARED_ERROR,
          MEAN_SQUARED_LOGARITHMIC_ERROR,
          POISSON,
          SPARSE_CATEGORICAL_CROSSENTROPY,
          SQUARED_HINGE,
          TVERSKY);

  private static final Map<String, Loss> NAMED = byName();

  private static Map<String, Loss> byName() {
    Map<String, Loss> named = new LinkedHashMap<>();
    for (Loss loss : ALL) {
      named.put(loss.name(), loss);
      named.put(loss.getClass().getSimpleName(), loss);
    }
    named.put("huber", HUBER);
    for (Map.Entry<String, Loss> alias :
        Map.of(
                "bce", BINARY_CROSSENTROPY,
                "kld", KL_DIVERGENCE,
                "mae", MEAN_ABSOLUTE_ERROR,
                "mape", MEAN_ABSOLUTE_PERCENTAGE_ERROR,
                "mse", MEAN_SQUARED_ERROR,
                "msle", MEAN_SQUARED_LOGARITHMIC_ERROR)
            .entrySet()) {
      named.put(alias.getKey(), alias.getValue());
      named.put(alias.getKey().toUpperCase(Locale.ROOT), alias.getValue());
    }
    return named;
  }

  /// The loss of this name in Keras, if there is one: a function such as `huber`, a class such as
  /// `Huber`, the name that the class gives itself such as `huber_loss`, or short as `mse`.
  public static Optional<Loss> find(String name) {
    return Optional.ofNullable(NAMED.get(name));
  }

  /// The loss of this name in Keras.
  ///
  /// @throws IllegalArgumentException where there is none
  public static Loss named(String name) {
    return find(name)
        .orElseThrow(
            () ->
                Refusal.of(
                    "loss",
                    "one of " + ALL.stream().map(Loss::name).collect(Collectors.joining(", ")),
                    "name",
                    name,
                    "Use one of these, or write an own loss over Ops."));
  }
}
