package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;

/// How windows of convolutions and pooling meet the pictures or sequences of a call.
///
/// A sequence (batch, steps, channels) counts as a picture of one row.
final class Windows {
  private Windows() {}

  /// The window over pictures `x`, padded as asked; an error of the layer where it does not fit.
  static Window over(
      Call call, Node x, Pair size, Pair strides, Pair dilation, Padding padding, String todo) {
    Shape shape = x.shape();
    if (shape.rank() != 4) {
      throw call.rejects("pictures (batch, height, width, channels)", shape, todo);
    }
    Window window =
        Window.valid(size.height(), size.width(), strides.height(), strides.width())
            .dilated(dilation.height(), dilation.width());
    return switch (padding) {
      case SAME -> window.same(shape.dim(1), shape.dim(2));
      case VALID -> {
        if (window.outputHeight(shape.dim(1)) < 1 || window.outputWidth(shape.dim(2)) < 1) {
          throw call.rejects(
              "pictures of at least "
                  + window.spanHeight()
                  + " x "
                  + window.spanWidth()
                  + " pixels for the window",
              shape,
              "Use a smaller window, larger pictures, or padding(SAME).");
        }
        yield window;
      }
      case CAUSAL -> throw new IllegalStateException("refused with the options");
    };
  }

  /// The window along the steps of sequences `x`, to be used over [#pictures] of them.
  static Window along(
      Call call, Node x, int size, int stride, int dilation, Padding padding, String todo) {
    Shape shape = x.shape();
    if (shape.rank() != 3) {
      throw call.rejects("sequences (batch, steps, channels)", shape, todo);
    }
    Window window = Window.valid(1, size, 1, stride).dilated(1, dilation);
    return switch (padding) {
      case SAME -> window.same(1, shape.dim(1));
      case CAUSAL -> new Window(1, size, 1, stride, 1, dilation, 0, window.spanWidth() - 1, 0, 0);
      case VALID -> {
        if (window.outputWidth(shape.dim(1)) < 1) {
          throw call.rejects(
              "sequences of at least " + window.spanWidth() + " steps for the window",
              shape,
              "Use a smaller window, longer sequences, or padding(SAME).");
        }
        yield window;
      }
    };
  }

  /// Sequences as pictures of one row.
  static Node pictures(Node x) {
    Shape shape = x.shape();
    return Ops.reshape(x, Shape.of(shape.dim(0), 1, shape.dim(1), shape.dim(2)));
  }

  /// Pictures of one row as sequences.
  static Node steps(Node x) {
    Shape shape = x.shape();
    return Ops.reshape(x, Shape.of(shape.dim(0), shape.dim(2), shape.dim(3)));
  }

  /// The channels of `x`, which the groups must divide.
  static int grouped(Call call, Node x, int groups) {
    int channels = x.shape().dim(-1);
    if (channels % groups != 0) {
      throw call.rejects(
          "channels divisible by groups=" + groups, x.shape(), "Change the groups or the input.");
    }
    return channels;
  }

  /// The convolution of each channel with `multiplier` kernels of its own, the weight `name`
  /// (height, width, channels, multiplier).
  static Node depthwise(
      Call call,
      Node x,
      String name,
      WeightOptions options,
      int multiplier,
      Pair size,
      Pair strides,
      Pair dilation,
      Padding padding) {
    String todo = "Reshape to (height, width, channels) first.";
    Window window = over(call, x, size, strides, dilation, padding, todo);
    int channels = x.shape().dim(3);
    Shape shape = Shape.of(size.height(), size.width(), channels, multiplier);
    Node weights = call.weight(name, shape, options);
    Shape flat = Shape.of(size.height(), size.width(), 1, channels * multiplier);
    return Ops.conv2d(x, Ops.reshape(weights, flat), window, channels);
  }
}
