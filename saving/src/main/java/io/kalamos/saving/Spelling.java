package io.kalamos.saving;

import java.util.Locale;
import java.util.Map;

/// How Keras spells the names that records here have in Java's way: `kernelSize` is `kernel_size`.
final class Spelling {
  /// Names that no rule gives.
  private static final Map<String, String> EXCEPTIONS =
      Map.of(
          "beta1", "beta_1",
          "beta2", "beta_2",
          "beta3", "beta_3",
          "sparseYTrue", "sparse_y_true",
          "sparseYPred", "sparse_y_pred");

  private Spelling() {}

  /// Keras's spelling of an option.
  static String option(String component) {
    String exception = EXCEPTIONS.get(component);
    return exception != null
        ? exception
        : component.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  /// Keras's spelling of an enum's constant.
  static String constant(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
