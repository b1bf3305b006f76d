package io.kalamos.labs;

import io.kalamos.datasets.LabeledImages;
import io.kalamos.layers.Normalization;
import java.lang.foreign.ValueLayout;

/// Mean and standard deviation of each pixel over all images.
record PixelStatistics(double[] mean, double[] deviation) {
  static PixelStatistics of(LabeledImages images) {
    int pixels = Math.toIntExact(images.images().shape().rowSize());
    var memory = images.images().memory();
    long[] sums = new long[pixels];
    long[] squares = new long[pixels];
    for (int i = 0; i < images.count(); i++) {
      for (int p = 0; p < pixels; p++) {
        int value = memory.get(ValueLayout.JAVA_BYTE, (long) i * pixels + p) & 0xff;
        sums[p] += value;
        squares[p] += value * value;
      }
    }
    double[] mean = new double[pixels];
    double[] deviation = new double[pixels];
    for (int p = 0; p < pixels; p++) {
      mean[p] = (double) sums[p] / images.count();
      double variance = (double) squares[p] / images.count() - mean[p] * mean[p];
      deviation[p] = Math.sqrt(Math.max(0, variance));
    }
    return new PixelStatistics(mean, deviation);
  }

  /// (x - mean) / (deviation + 1) as a layer over flat images: the 1 keeps pixels that are always
  /// black from a division by zero.
  Normalization normalization() {
    double[] divisor = new double[deviation.length];
    for (int p = 0; p < divisor.length; p++) {
      divisor[p] = (deviation[p] + 1) * (deviation[p] + 1);
    }
    return Normalization.of().meanAndVariance(mean, divisor);
  }
}
