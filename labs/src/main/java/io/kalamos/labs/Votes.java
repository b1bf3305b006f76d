package io.kalamos.labs;

import io.kalamos.datasets.FontCharacters;
import io.kalamos.datasets.LabeledImages;
import io.kalamos.engine.Tensor;
import java.util.Locale;
import java.util.Optional;

/// The mean of what several networks predict for the same images, and for the digits of the
/// installed fonts.
final class Votes {
  private final Tensor labels;
  private Tensor sum;
  private Tensor fontSum;
  private LabeledImages fontDigits;
  private int count;

  Votes(Tensor labels) {
    this.labels = labels;
  }

  /// Adds a network's predictions (n, classes) for the images, and for the digits of fonts.
  void add(Tensor predictions, Optional<Tensor> fonts) {
    sum = plus(sum, predictions);
    fonts.ifPresent(more -> fontSum = plus(fontSum, more));
    count++;
  }

  private static Tensor plus(Tensor sum, Tensor more) {
    if (sum == null) {
      return more.copy();
    }
    sum.fill(i -> sum.get(i) + more.get(i));
    return sum;
  }

  /// The digits of all installed fonts.
  ///
  /// @throws IllegalStateException where there is no font
  LabeledImages fontDigits() {
    if (fontDigits == null) {
      fontDigits = FontCharacters.digits().samples();
    }
    return fontDigits;
  }

  /// The mean of the predictions.
  Tensor mean() {
    return mean(sum);
  }

  Optional<Tensor> fontMean() {
    return Optional.ofNullable(fontSum).map(this::mean);
  }

  private Tensor mean(Tensor of) {
    var mean = of.copy();
    mean.fill(i -> of.get(i) / count);
    return mean;
  }

  /// The part of the images whose class has the largest mean.
  double accuracy() {
    return accuracy(labels, sum);
  }

  /// NaN where there is no font.
  double fontAccuracy() {
    return fontSum == null ? Double.NaN : accuracy(fontDigits.labels(), fontSum);
  }

  private static double accuracy(Tensor labels, Tensor predictions) {
    int classes = predictions.shape().dim(1);
    int images = predictions.shape().dim(0);
    int right = 0;
    for (int i = 0; i < images; i++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        boolean more =
            predictions.get((long) i * classes + c) > predictions.get((long) i * classes + best);
        best = more ? c : best;
      }
      right += best == (int) labels.get(i) ? 1 : 0;
    }
    return (double) right / images;
  }

  /// `2, accuracy 0.9962`.
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d, accuracy %.4f", count, accuracy());
  }
}
