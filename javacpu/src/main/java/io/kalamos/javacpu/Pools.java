package io.kalamos.javacpu;

import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;

/// Pooling and its gradients, image by image.
final class Pools {
  private Pools() {}

  static Kernel max(Window window, Shape input, Values x, Values y, int team) {
    Sliding[] slidings = Sliding.each(window, input, team);
    return (part, parts) -> {
      Sliding s = slidings[part];
      int to = Kernel.from(s.images, part + 1, parts) * s.places();
      for (int place = Kernel.from(s.images, part, parts) * s.places(); place < to; place++) {
        int count = s.move(place);
        for (int channel = 0; channel < s.channels; channel++) {
          double best = Double.NEGATIVE_INFINITY;
          for (int tap = 0; tap < count; tap++) {
            best = Math.max(best, x.get(s.pixels[tap] * s.channels + channel));
          }
          y.set(place * s.channels + channel, best);
        }
      }
    };
  }

  static Kernel maxGradient(
      Window window, Shape input, Values x, Values y, Values dy, Values dx, int team) {
    Sliding[] slidings = Sliding.each(window, input, team);
    return (part, parts) -> {
      Sliding s = slidings[part];
      clear(s, part, parts, dx);
      int to = Kernel.from(s.images, part + 1, parts) * s.places();
      for (int place = Kernel.from(s.images, part, parts) * s.places(); place < to; place++) {
        int count = s.move(place);
        for (int channel = 0; channel < s.channels; channel++) {
          int from = place * s.channels + channel;
          double best = y.get(from);
          for (int tap = 0; tap < count; tap++) {
            int target = s.pixels[tap] * s.channels + channel;
            if (x.get(target) == best) {
              dx.set(target, dx.get(target) + dy.get(from));
              break;
            }
          }
        }
      }
    };
  }

  static Kernel average(Window window, Shape input, Values x, Values y, int team) {
    Sliding[] slidings = Sliding.each(window, input, team);
    return (part, parts) -> {
      Sliding s = slidings[part];
      int to = Kernel.from(s.images, part + 1, parts) * s.places();
      for (int place = Kernel.from(s.images, part, parts) * s.places(); place < to; place++) {
        int count = s.move(place);
        for (int channel = 0; channel < s.channels; channel++) {
          double sum = 0;
          for (int tap = 0; tap < count; tap++) {
            sum += x.get(s.pixels[tap] * s.channels + channel);
          }
          y.set(place * s.channels + channel, sum / count);
        }
      }
    };
  }

  static Kernel averageGradient(Window window, Shape input, Values dy, Values dx, int team) {
    Sliding[] slidings = Sliding.each(window, input, team);
    return (part, parts) -> {
      Sliding s = slidings[part];
      clear(s, part, parts, dx);
      int to = Kernel.from(s.images, part + 1, parts) * s.places();
      for (int place = Kernel.from(s.images, part, parts) * s.places(); place < to; place++) {
        int count = s.move(place);
        for (int channel = 0; channel < s.channels; channel++) {
          double share = dy.get(place * s.channels + channel) / count;
          for (int tap = 0; tap < count; tap++) {
            int target = s.pixels[tap] * s.channels + channel;
            dx.set(target, dx.get(target) + share);
          }
        }
      }
    };
  }

  private static void clear(Sliding s, int part, int parts, Values dx) {
    int image = s.pixelsPerImage() * s.channels;
    int to = Kernel.from(s.images, part + 1, parts) * image;
    for (int i = Kernel.from(s.images, part, parts) * image; i < to; i++) {
      dx.set(i, 0);
    }
  }
}
