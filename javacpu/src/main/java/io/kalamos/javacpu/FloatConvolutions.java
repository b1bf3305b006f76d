package io.kalamos.javacpu;

import io.kalamos.engine.Binary;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;
import java.util.Arrays;
import java.util.List;

/// Convolution and its gradients in float32 as matrix products over unrolled pictures: one row for
/// each place, one column for each tap and channel.
///
/// A few images at a time are unrolled into scratch memory; each part of a step takes its share of
/// the images, and the parts' sums for the kernel are added in order.
final class FloatConvolutions {
  private static final int ROWS = 1024;

  private final Window window;
  private final int groups;
  private final int images;
  private final int height;
  private final int width;
  private final int channels;
  private final int filters;
  private final int outputWidth;
  private final int places;
  private final int depth;
  private final int columns;
  private final int chunk;
  private final int kernelSize;
  private final Scratch scratch;

  FloatConvolutions(Window window, int groups, Shape input, Shape kernel, Scratch scratch) {
    this.window = window;
    this.groups = groups;
    this.images = input.dim(0);
    this.height = input.dim(1);
    this.width = input.dim(2);
    this.channels = input.dim(3);
    this.filters = kernel.dim(3);
    this.outputWidth = window.outputWidth(width);
    this.places = window.outputHeight(height) * outputWidth;
    this.depth = kernel.dim(2);
    this.columns = window.height() * window.width() * depth;
    this.chunk = Math.max(1, ROWS / places);
    this.kernelSize = (int) kernel.size();
    this.scratch = scratch;
    scratch.need(0, FloatProduct.WIDTH);
    scratch.need(1, chunk * places * columns);
  }

  Kernel forward(float[] x, float[] w, float[] y) {
    return (part, parts) -> {
      float[] unrolled = scratch.get(part, 1);
      int perGroup = filters / groups;
      int to = Kernel.from(images, part + 1, parts);
      for (int image = Kernel.from(images, part, parts); image < to; image += chunk) {
        int count = Math.min(chunk, to - image);
        Arrays.fill(y, image * places * filters, (image + count) * places * filters, 0);
        for (int group = 0; group < groups; group++) {
          unroll(x, image, count, group, unrolled);
          FloatProduct.add(
              unrolled,
              0,
              columns,
              1,
              w,
              group * perGroup,
              filters,
              1,
              y,
              image * places * filters + group * perGroup,
              filters,
              count * places,
              perGroup,
              columns,
              scratch.panel(part),
              scratch.get(part, 0));
        }
      }
    };
  }

  Kernel inputGradient(float[] dy, float[] w, float[] dx) {
    return (part, parts) -> {
      float[] unrolled = scratch.get(part, 1);
      int perGroup = filters / groups;
      int picture = height * width * channels;
      int to = Kernel.from(images, part + 1, parts);
      for (int image = Kernel.from(images, part, parts); image < to; image += chunk) {
        int count = Math.min(chunk, to - image);
        Arrays.fill(dx, image * picture, (image + count) * picture, 0);
        for (int group = 0; group < groups; group++) {
          Arrays.fill(unrolled, 0, count * places * columns, 0);
          FloatProduct.add(
              dy,
              image * places * filters + group * perGroup,
              filters,
              1,
              w,
              group * perGroup,
              1,
              filters,
              unrolled,
              0,
              columns,
              count * places,
              columns,
              perGroup,
              scratch.panel(part),
              scratch.get(part, 0));
          roll(unrolled, image, count, group, dx);
        }
      }
    };
  }

  /// Two kernels: the sums of the parts, and their sum.
  List<Kernel> kernelGradient(float[] x, float[] dy, float[] dw, int team) {
    float[][] sums = new float[team][kernelSize];
    Kernel share =
        (part, parts) -> {
          float[] unrolled = scratch.get(part, 1);
          int perGroup = filters / groups;
          int to = Kernel.from(images, part + 1, parts);
          Arrays.fill(sums[part], 0);
          for (int image = Kernel.from(images, part, parts); image < to; image += chunk) {
            int count = Math.min(chunk, to - image);
            for (int group = 0; group < groups; group++) {
              unroll(x, image, count, group, unrolled);
              FloatProduct.add(
                  unrolled,
                  0,
                  1,
                  columns,
                  dy,
                  image * places * filters + group * perGroup,
                  filters,
                  1,
                  sums[part],
                  group * perGroup,
                  filters,
                  columns,
                  perGroup,
                  count * places,
                  scratch.panel(part),
                  scratch.get(part, 0));
            }
          }
        };
    Kernel total =
        (part, parts) -> {
          int from = Kernel.from(kernelSize, part, parts);
          int to = Kernel.from(kernelSize, part + 1, parts);
          System.arraycopy(sums[0], from, dw, from, to - from);
          for (int other = 1; other < team; other++) {
            FloatLoops.binary(Binary.ADD, dw, sums[other], dw, from, to);
          }
        };
    return List.of(share, total);
  }

  private void unroll(float[] x, int image, int count, int group, float[] unrolled) {
    int at = 0;
    for (int place = image * places; place < (image + count) * places; place++) {
      int top = top(place);
      int left = left(place);
      for (int i = 0; i < window.height(); i++) {
        int row = top + i * window.dilationHeight();
        int first = first(place, row) + group * depth;
        for (int j = 0; j < window.width(); j++) {
          int column = left + j * window.dilationWidth();
          if (row < 0 || row >= height || column < 0 || column >= width) {
            Arrays.fill(unrolled, at, at + depth, 0);
          } else {
            for (int channel = 0; channel < depth; channel++) {
              unrolled[at + channel] = x[first + column * channels + channel];
            }
          }
          at += depth;
        }
      }
    }
  }

  private void roll(float[] unrolled, int image, int count, int group, float[] dx) {
    int at = 0;
    for (int place = image * places; place < (image + count) * places; place++) {
      int top = top(place);
      int left = left(place);
      for (int i = 0; i < window.height(); i++) {
        int row = top + i * window.dilationHeight();
        int first = first(place, row) + group * depth;
        for (int j = 0; j < window.width(); j++) {
          int column = left + j * window.dilationWidth();
          if (row >= 0 && row < height && column >= 0 && column < width) {
            for (int channel = 0; channel < depth; channel++) {
              dx[first + column * channels + channel] += unrolled[at + channel];
            }
          }
          at += depth;
        }
      }
    }
  }

  /// The row of pixels below the first tap at a place; negative in the padding.
  private int top(int place) {
    return place % places / outputWidth * window.strideHeight() - window.top();
  }

  private int left(int place) {
    return place % outputWidth * window.strideWidth() - window.left();
  }

  /// Where a row of the picture at a place begins.
  private int first(int place, int row) {
    return (place / places * height + row) * width * channels;
  }
}
