package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import java.util.Locale;
import java.util.Optional;

/// How the losses of samples, or of time steps, become the single number that is made small.
///
/// Losses are multiplied by weights and masks first. Means divide by the number of losses; where
/// some are masked, by the number of those that are not.
public enum Reduction {
  SUM_OVER_BATCH_SIZE,
  /// Another word for `SUM_OVER_BATCH_SIZE`.
  MEAN,
  /// Divides by the sum of the weights.
  MEAN_WITH_SAMPLE_WEIGHT,
  SUM,
  /// The losses stay as they are: not for training.
  NONE;

  /// Keras's word, such as `sum_over_batch_size`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// A single number, or the weighted losses where there is no reduction.
  ///
  /// @param weight of each loss or of each sample, or of what broadcasts to the losses' shape
  /// @param mask 1 for losses that count, 0 for the others
  public Node of(Node losses, Optional<Node> weight, Optional<Node> mask) {
    Optional<Node> fitting = weight.map(given -> SampleWeights.fitting(given, losses));
    Optional<Node> whole = mask.map(given -> scaled(SampleWeights.fitting(given, losses)));
    Optional<Node> weights = SampleWeights.product(fitting, whole);
    Node weighted = weights.map(given -> multiply(losses, given)).orElse(losses);
    if (weighted.shape().rank() == 0) {
      return weighted;
    }
    return switch (this) {
      case NONE -> weighted;
      case SUM -> sumAll(weighted);
      case SUM_OVER_BATCH_SIZE, MEAN -> meanAll(weighted);
      case MEAN_WITH_SAMPLE_WEIGHT ->
          weights
              .map(given -> SampleWeights.ratio(sumAll(weighted), sumAll(given)))
              .orElseGet(() -> meanAll(weighted));
    };
  }

  /// A mask that makes up for the masked losses by which a mean divides too.
  private Node scaled(Node mask) {
    return switch (this) {
      case SUM_OVER_BATCH_SIZE, MEAN ->
          multiply(mask, divide(mask.shape().size(), maximum(sumAll(mask), 1)));
      case SUM, MEAN_WITH_SAMPLE_WEIGHT, NONE -> mask;
    };
  }

  /// Asks for a reduction to a single number.
  public static void unlessSingle(Loss loss) {
    if (loss.reduction() == NONE) {
      throw Refusal.of(
          "compile: " + loss.name(),
          "a loss that is a single number",
          "reduction",
          NONE.word(),
          "Use SUM_OVER_BATCH_SIZE, Keras's default.");
    }
  }
}
