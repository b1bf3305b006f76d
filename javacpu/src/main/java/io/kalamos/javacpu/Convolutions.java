package io.kalamos.javacpu;

import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;
import java.util.Arrays;
import java.util.function.Consumer;

/// Convolution and its gradients in float64 by the definition: a loop over places, taps, channels
/// and filters, by one thread. The oracle for every faster form.
final class Convolutions {
  private Convolutions() {}

  /// What one tap of one place does with one channel and one filter.
  private interface Step {
    void accumulate(int pixel, int weight, int output);
  }

  static Kernel forward(
      Window window, int groups, Shape input, Shape kernel, double[] x, double[] w, double[] y) {
    return once(
        window,
        input,
        s -> {
          Arrays.fill(y, 0, s.images * s.places() * kernel.dim(3), 0);
          walk(s, groups, kernel, (pixel, weight, output) -> y[output] += x[pixel] * w[weight]);
        });
  }

  static Kernel inputGradient(
      Window window, int groups, Shape input, Shape kernel, double[] dy, double[] w, double[] dx) {
    return once(
        window,
        input,
        s -> {
          Arrays.fill(dx, 0, (int) input.size(), 0);
          walk(s, groups, kernel, (pixel, weight, output) -> dx[pixel] += dy[output] * w[weight]);
        });
  }

  static Kernel kernelGradient(
      Window window, int groups, Shape input, Shape kernel, double[] x, double[] dy, double[] dw) {
    return once(
        window,
        input,
        s -> {
          Arrays.fill(dw, 0, (int) kernel.size(), 0);
          walk(s, groups, kernel, (pixel, weight, output) -> dw[weight] += x[pixel] * dy[output]);
        });
  }

  private static Kernel once(Window window, Shape input, Consumer<Sliding> loops) {
    Sliding sliding = new Sliding(window, input);
    return (part, parts) -> {
      if (part == 0) {
        loops.accept(sliding);
      }
    };
  }

  private static void walk(Sliding s, int groups, Shape kernel, Step step) {
    int depth = kernel.dim(2);
    int filters = kernel.dim(3);
    int perGroup = filters / groups;
    for (int place = 0; place < s.images * s.places(); place++) {
      int count = s.move(place);
      for (int tap = 0; tap < count; tap++) {
        for (int filter = 0; filter < filters; filter++) {
          int first = s.pixels[tap] * s.channels + filter / perGroup * depth;
          for (int channel = 0; channel < depth; channel++) {
            step.accumulate(
                first + channel,
                (s.taps[tap] * depth + channel) * filters + filter,
                place * filters + filter);
          }
        }
      }
    }
  }
}
