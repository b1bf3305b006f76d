package io.kalamos.onnx;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;
import java.util.Arrays;

/// How a transposed convolution widens pictures, a sequence being a picture of one row.
///
/// @param window of the convolution from the wide pictures back to the narrow ones
/// @param height of the wide pictures
/// @param cut rows and columns to be cut off behind (where positive), or to be added as zeros
record Widening(Window window, int height, int width, int cutBottom, int cutRight) {
  static Widening of(Site s, long... kernel) {
    Shape shape = s.shape(0);
    int spatial = s.spatialAxes();
    if (s.shape(1).dim(0) != shape.dim(1)) {
      throw s.refusal(
          "a kernel for the " + shape.dim(1) + " channels of " + shape,
          "kernel",
          s.shape(1),
          "Export the model anew.");
    }
    Axis down = spatial == 1 ? Axis.ALONE : axis(s, 0, spatial, kernel);
    Axis across = axis(s, spatial - 1, spatial, kernel);
    Window window =
        new Window(
            down.size,
            across.size,
            down.stride,
            across.stride,
            down.dilation,
            across.dilation,
            down.before,
            across.before,
            down.after,
            across.after);
    return new Widening(window, down.wide, across.wide, down.cut, across.cut);
  }

  private record Axis(
      int size, int stride, int dilation, int before, int after, int wide, int cut) {
    static final Axis ALONE = new Axis(1, 1, 1, 0, 0, 1, 0);
  }

  private static Axis axis(Site s, int axis, int spatial, long... kernel) {
    long[] ones = new long[spatial];
    Arrays.fill(ones, 1);
    int size = s.size("kernel_shape", kernel[axis], 1);
    int stride = s.size("strides", s.numbers("strides", ones)[axis], 1);
    int dilation = s.size("dilations", s.numbers("dilations", ones)[axis], 1);
    int more = s.size("output_padding", s.numbers("output_padding", new long[spatial])[axis]);
    int input = s.shape(0).dim(axis + 2);
    long span = (size - 1L) * dilation + 1;
    long full = stride * (input - 1L) + span + more;
    long[] pads = s.numbers("pads", new long[2 * spatial]);
    String automatic = s.text("auto_pad", "NOTSET");
    long before = s.size("pads", pads[axis]);
    long after = s.size("pads", pads[axis + spatial]);
    if (s.given("output_shape") || automatic.startsWith("SAME")) {
      long[] wanted = s.numbers("output_shape", new long[spatial]);
      long wide =
          s.given("output_shape") ? wanted[wanted.length - spatial + axis] : (long) input * stride;
      long all = full - wide;
      before = Math.max(0, automatic.equals("SAME_UPPER") ? all / 2 : all - all / 2);
      after = all - before;
    } else if (automatic.equals("VALID")) {
      before = 0;
      after = 0;
    }
    // Where more is cut off, or added, than the convolution's padding can be, it is done
    // afterwards.
    int front = s.size("pads", before);
    int back = s.size("pads", Math.clamp(after - more, 0, Integer.MAX_VALUE));
    int wide = s.size("output", full - more - front - back, 1);
    int cut = s.size("output", after - more - back, Integer.MIN_VALUE);
    return new Axis(size, stride, dilation, front, back, wide, cut);
  }

  /// The wide pictures at their final size.
  Node finished(Node wide) {
    Shape shape = wide.shape();
    Node y =
        Ops.pad(
            wide, new int[4], new int[] {0, Math.max(0, -cutBottom), Math.max(0, -cutRight), 0});
    y = Ops.slice(y, 1, 0, shape.dim(1) + Math.max(0, -cutBottom) - Math.max(0, cutBottom));
    return Ops.slice(y, 2, 0, shape.dim(2) + Math.max(0, -cutRight) - Math.max(0, cutRight));
  }
}
