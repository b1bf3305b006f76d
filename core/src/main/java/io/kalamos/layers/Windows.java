package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;

/// How windows of convolutions and pooling meet the pictures of a call.
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
    };
  }
}
