package io.kalamos.onednn;

import io.kalamos.engine.Convolution2D;
import io.kalamos.engine.Convolution2DInputGradient;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Rule;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Window;
import io.kalamos.kernels.KernelCompiler;

/// The input gradient of a convolution over few channels, which would leave most of a vector empty:
/// as many neighbouring pixels of a row as fill a vector become the channels of one.
///
/// Pixel f·j + i sums the upstream pixels under the turned kernel, and so do its neighbours, each
/// one further to the right. That is a convolution with stride f whose kernel is f - 1 columns
/// wider, and holds f turned kernels, the i-th moved i columns to the right. A third of what it
/// multiplies is zeros where two pixels share a vector and the kernel is 3 wide; without it half.
/// Tiles of results ([Winograd]) are faster still where they fit.
final class PixelGroups {
  /// float32 numbers of a vector.
  private static final int LANES = 16;

  private PixelGroups() {}

  /// @param threads that share a batch
  static Rule rule(KernelCompiler compiler, int threads) {
    return new Rule(
        "pixel groups",
        "neighbouring pixels of an input gradient are channels of a convolution with a stride",
        (node, uses) ->
            node.op() instanceof Convolution2DInputGradient op
                    && fits(node, op)
                    && !Winograd.computes(compiler, threads, node, op)
                ? grouped(node, op)
                : null);
  }

  private static boolean fits(Node node, Convolution2DInputGradient op) {
    Window window = op.window();
    int channels = op.input().dim(3);
    return op.groups() == 1
        && node.dtype() == DType.FLOAT32
        && channels < LANES
        && LANES % channels == 0
        && op.input().dim(2) % (LANES / channels) == 0
        && window.width() > 1
        && window.strideHeight() == 1
        && window.strideWidth() == 1
        && window.dilationHeight() == 1
        && window.dilationWidth() == 1
        && window.top() < window.height()
        && window.left() < window.width();
  }

  private static Node grouped(Node node, Convolution2DInputGradient op) {
    Window window = op.window();
    Shape pictures = op.input();
    int pixels = LANES / pictures.dim(3);
    int top = window.height() - 1 - window.top();
    int left = window.width() - 1 - window.left();
    int width = window.width() + pixels - 1;
    Shape upstream = node.input(0).shape();
    var wide =
        new Window(
            window.height(),
            width,
            1,
            pixels,
            1,
            1,
            top,
            left,
            pictures.dim(1) - 1 + window.height() - top - upstream.dim(1),
            pictures.dim(2) - pixels + width - left - upstream.dim(2));
    Node grouped =
        Node.of(new Convolution2D(wide, 1), node.input(0), kernels(node.input(1), pixels));
    return Ops.reshape(grouped, node.shape());
  }

  /// A kernel (height, width, channels, filters) as (height, width + pixels - 1, filters, pixels ·
  /// channels): turned by half a circle, once for each pixel.
  private static Node kernels(Node kernel, int pixels) {
    int height = kernel.shape().dim(0);
    int width = kernel.shape().dim(1);
    int channels = kernel.shape().dim(2);
    int filters = kernel.shape().dim(3);
    int taps = height * width;
    int columns = width + pixels - 1;
    Node flat = Ops.reshape(kernel, Shape.of(taps, channels * filters));
    Node withZeros = Ops.pad(flat, new int[] {0, 0}, new int[] {1, 0});
    Tensor places = Tensor.zeros(DType.INT32, Shape.of(height, columns, pixels));
    places.fill(
        index -> {
          int row = index / (columns * pixels);
          int column = index / pixels % columns - index % pixels;
          boolean outside = column < 0 || column >= width;
          return outside ? taps : (height - 1 - row) * width + width - 1 - column;
        });
    Node turned = Ops.gather(withZeros, Ops.constant(places));
    Node apart = Ops.reshape(turned, Shape.of(height, columns, pixels, channels, filters));
    return Ops.reshape(
        Ops.transpose(apart, 0, 1, 4, 2, 3), Shape.of(height, columns, filters, pixels * channels));
  }
}
