package io.kalamos.losses;

import io.kalamos.options.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The losses with Keras's defaults, by Keras's names.
public final class Losses {
  private Losses() {}

  /// For targets 0 or 1 and a last layer with sigmoid.
  public static final Loss BINARY_CROSSENTROPY = BinaryCrossentropy.of();

  /// For one-hot targets and a last layer with softmax.
  public static final Loss CATEGORICAL_CROSSENTROPY = CategoricalCrossentropy.of();

  /// For class indices and a last layer with softmax.
  public static final Loss SPARSE_CATEGORICAL_CROSSENTROPY = SparseCategoricalCrossentropy.of();

  public static final Loss MEAN_ABSOLUTE_ERROR = MeanAbsoluteError.of();

  public static final Loss MEAN_SQUARED_ERROR = MeanSquaredError.of();

  /// All of them.
  public static final List<Loss> ALL =
      List.of(
          BINARY_CROSSENTROPY,
          CATEGORICAL_CROSSENTROPY,
          MEAN_ABSOLUTE_ERROR,
          MEAN_SQUARED_ERROR,
          SPARSE_CATEGORICAL_CROSSENTROPY);

  /// The loss of this name in Keras, if there is one; `mse` and `mae` are short for two of them.
  public static Optional<Loss> find(String name) {
    String full =
        switch (name) {
          case "mse" -> "mean_squared_error";
          case "mae" -> "mean_absolute_error";
          default -> name;
        };
    return ALL.stream().filter(loss -> loss.name().equals(full)).findFirst();
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
