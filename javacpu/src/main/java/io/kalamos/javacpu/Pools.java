package io.kalamos.javacpu;

import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;
import io.kalamos.javacpu.Values.Floats;
import java.util.Arrays;

/// Pooling and its gradients, image by image.
final class Pools {
  private Pools() {}

  static Kernel max(Window window, Shape input, Values x, Values y, int team) {
    Sliding[] slidings = Sliding.each(window, input, team);
    if (x instanceof Floats(float[] in, _) && y instanceof Floats(float[] out, _)) {
      return (part, parts) -> max(slidings[part], part, parts, in, out);
    }
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
    boolean bfloat16 = dx instanceof Floats(_, boolean rounded) && rounded;
    if (!bfloat16
        && x instanceof Floats(float[] in, _)
        && y instanceof Floats(float[] best, _)
        && dy instanceof Floats(float[] upstream, _)
        && dx instanceof Floats(float[] out, _)) {
      return (part, parts) -> {
        clear(slidings[part], part, parts, dx);
        maxGradient(slidings[part], part, parts, in, best, upstream, out);
      };
    }
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

  private static void max(Sliding s, int part, int parts, float[] x, float[] y) {
    int channels = s.channels;
    int to = Kernel.from(s.images, part + 1, parts) * s.places();
    for (int place = Kernel.from(s.images, part, parts) * s.places(); place < to; place++) {
      int count = s.move(place);
      int at = place * channels;
      Arrays.fill(y, at, at + channels, Float.NEGATIVE_INFINITY);
      for (int tap = 0; tap < count; tap++) {
        int from = s.pixels[tap] * channels;
        for (int channel = 0; channel < channels; channel++) {
          y[at + channel] = Math.max(y[at + channel], x[from + channel]);
        }
      }
    }
  }

  private static void maxGradient(
      Sliding s, int part, int parts, float[] x, float[] y, float[] dy, float[] dx) {
    int channels = s.channels;
    int[] pixels = s.pixels;
    int to = Kernel.from(s.images, part + 1, parts) * s.places();
    for (int place = Kernel.from(s.images, part, parts) * s.places(); place < to; place++) {
      int count = s.move(place);
      for (int channel = 0; channel < channels; channel++) {
        float best = y[place * channels + channel];
        for (int tap = 0; tap < count; tap++) {
          int target = pixels[tap] * channels + channel;
          if (x[target] == best) {
            dx[target] += dy[place * channels + channel];
            break;
          }
        }
      }
    }
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
