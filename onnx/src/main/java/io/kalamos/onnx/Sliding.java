package io.kalamos.onnx;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;
import java.util.Arrays;

/// How the window of a convolution or pooling moves over pictures (batch, channels, height, width)
/// or sequences (batch, channels, steps), the latter counting as pictures of one row.
///
/// @param rank of the pictures, 3 or 4
/// @param window with the padding that the file asks for
/// @param more rows and columns behind the padding that only `ceil_mode` asks for
record Sliding(int rank, Window window, int moreBottom, int moreRight) {
  /// The window of a node with kernels of these sizes.
  static Sliding of(Site s, long... kernel) {
    Shape shape = s.shape(0);
    int spatial = s.spatialAxes();
    long[] ones = new long[spatial];
    Arrays.fill(ones, 1);
    long[] strides = s.numbers("strides", ones);
    long[] dilations = s.numbers("dilations", ones);
    int[] size = new int[4];
    for (int axis = 0; axis < 2; axis++) {
      int at = axis - (2 - spatial);
      int k = at < 0 ? 1 : s.size("kernel_shape", each(s, "kernel_shape", kernel, spatial)[at], 1);
      int stride = at < 0 ? 1 : s.size("strides", each(s, "strides", strides, spatial)[at], 1);
      size[axis] = k;
      size[axis + 2] = stride;
    }
    Window window = Window.valid(size[0], size[1], size[2], size[3]);
    each(s, "dilations", dilations, spatial);
    int holesDown = spatial == 1 ? 1 : s.size("dilations", dilations[0], 1);
    int holesAcross = s.size("dilations", dilations[spatial - 1], 1);
    Math.multiplyExact(size[0], holesDown);
    Math.multiplyExact(size[1], holesAcross);
    Window open = window.dilated(holesDown, holesAcross);
    int height = spatial == 1 ? 1 : shape.dim(2);
    int width = shape.dim(-1);
    Window padded = padded(s, open, spatial, height, width);
    if (!s.flag("ceil_mode", false)) {
      return new Sliding(shape.rank(), padded, 0, 0);
    }
    return new Sliding(
        shape.rank(),
        padded,
        spatial == 1
            ? 0
            : more(height, padded.top(), padded.bottom(), padded.spanHeight(), size[2]),
        more(width, padded.left(), padded.right(), padded.spanWidth(), size[3]));
  }

  private static long[] each(Site s, String name, long[] values, int spatial) {
    if (values.length != spatial) {
      throw s.refusal(spatial + " " + name, name, Site.shown(values), "Export the model anew.");
    }
    return values;
  }

  private static Window padded(Site s, Window open, int spatial, int height, int width) {
    String automatic = s.text("auto_pad", "NOTSET");
    return switch (automatic) {
      case "VALID" -> open;
      case "SAME_UPPER" -> open.same(height, width);
      case "SAME_LOWER" -> {
        Window upper = open.same(height, width);
        yield with(open, upper.bottom(), upper.right(), upper.top(), upper.left());
      }
      case "NOTSET", "" -> {
        long[] pads = s.numbers("pads", new long[2 * spatial]);
        if (pads.length != 2 * spatial) {
          throw s.refusal(2 * spatial + " pads", "pads", Site.shown(pads), "Export anew.");
        }
        int[] each = Arrays.stream(pads).mapToInt(pad -> s.size("pads", pad)).toArray();
        yield spatial == 1
            ? with(open, 0, each[0], 0, each[1])
            : with(open, each[0], each[1], each[2], each[3]);
      }
      default ->
          throw s.refusal(
              "auto_pad NOTSET, VALID, SAME_UPPER or SAME_LOWER",
              "auto_pad",
              Names.shown(automatic),
              "Export the model anew.");
    };
  }

  /// The window with this padding.
  static Window with(Window w, int top, int left, int bottom, int right) {
    return new Window(
        w.height(),
        w.width(),
        w.strideHeight(),
        w.strideWidth(),
        w.dilationHeight(),
        w.dilationWidth(),
        top,
        left,
        bottom,
        right);
  }

  /// What a last window that is not whole lacks; a window that begins behind the input is none.
  private static int more(int size, int before, int after, int span, int stride) {
    int outputs = Math.ceilDiv(size + before + after - span, stride) + 1;
    int last = (outputs - 1) * stride;
    int kept = last >= size + before ? last - stride : last;
    return Math.max(0, kept + span - (size + before + after));
  }

  /// The window with all of its padding.
  Window whole() {
    return with(
        window,
        window.top(),
        window.left(),
        window.bottom() + moreBottom,
        window.right() + moreRight);
  }

  /// (batch, channels, ...) as pictures (batch, height, width, channels).
  Node pictures(Node x) {
    Shape shape = x.shape();
    return rank == 4
        ? Ops.transpose(x, 0, 2, 3, 1)
        : Ops.reshape(
            Ops.transpose(x, 0, 2, 1), Shape.of(shape.dim(0), 1, shape.dim(2), shape.dim(1)));
  }

  /// Pictures as the file has them.
  Node back(Node y) {
    Shape shape = y.shape();
    return rank == 4
        ? Ops.transpose(y, 0, 3, 1, 2)
        : Ops.transpose(
            Ops.reshape(y, Shape.of(shape.dim(0), shape.dim(2), shape.dim(3))), 0, 2, 1);
  }

  /// A kernel (filters, channels, ...) as (height, width, channels, filters).
  Node kernel(Node w) {
    Shape shape = w.shape();
    return rank == 4
        ? Ops.transpose(w, 2, 3, 1, 0)
        : Ops.reshape(
            Ops.transpose(w, 2, 1, 0), Shape.of(1, shape.dim(2), shape.dim(1), shape.dim(0)));
  }
}
