package io.kalamos.onednn;

import io.kalamos.engine.Convolution2D;
import io.kalamos.engine.Convolution2DInputGradient;
import io.kalamos.engine.Convolution2DKernelGradient;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Rule;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;

/// Convolutions with a stride over few channels in bfloat16, where the channels that are missing
/// cost most: the pixels of a square as large as the stride become the channels of one pixel, and
/// the stride becomes 1.
///
/// A kernel of 6x6 over 12 channels with stride 2 is one of 3x3 over 48 channels. Moving the pixels
/// costs a pass over memory; the convolution and its gradients take half the time or less. In
/// float32, where they take most of a step, they would gain no more than is lost by moving.
final class SpaceToDepth {
  /// What vectors of 16 numbers do not divide, and not so few that the library has code of its own.
  private static final int FEWEST_CHANNELS = 4;

  /// More fill vectors and tiles by themselves.
  private static final int MOST_CHANNELS = 128;

  static final Rule RULE =
      new Rule(
          "space to depth",
          "a convolution with a stride, and its gradients, are without one over squares of pixels",
          (node, uses) ->
              switch (node.op()) {
                case Convolution2D op when fits(node, op.window(), op.groups(), pictures(node)) ->
                    convolution(node, op.window());
                case Convolution2DInputGradient op
                    when fits(node, op.window(), op.groups(), op.input()) ->
                    inputGradient(node, op);
                case Convolution2DKernelGradient op
                    when fits(node, op.window(), op.groups(), pictures(node)) ->
                    kernelGradient(node, op);
                case Op _ -> null;
              });

  private SpaceToDepth() {}

  private static Shape pictures(Node node) {
    return node.input(0).shape();
  }

  private static boolean fits(Node node, Window window, int groups, Shape pictures) {
    int stride = window.strideHeight();
    int channels = pictures.dim(3);
    return node.dtype() == DType.BFLOAT16
        && groups == 1
        && stride > 1
        && window.strideWidth() == stride
        && window.dilationHeight() == 1
        && window.dilationWidth() == 1
        && channels % 16 != 0
        && channels >= FEWEST_CHANNELS
        && channels * stride * stride <= MOST_CHANNELS
        && window.height() > stride
        && window.height() % stride == 0
        && window.width() % stride == 0
        && window.top() % stride == 0
        && window.left() % stride == 0
        && window.bottom() % stride == 0
        && window.right() % stride == 0
        && pictures.dim(1) % stride == 0
        && pictures.dim(2) % stride == 0;
  }

  private static Node convolution(Node node, Window window) {
    int stride = window.strideHeight();
    return Node.of(
        new Convolution2D(smaller(window), 1),
        squares(node.input(0), stride),
        kernel(node.input(1), stride));
  }

  private static Node inputGradient(Node node, Convolution2DInputGradient op) {
    int stride = op.window().strideHeight();
    Shape pictures = op.input();
    int height = pictures.dim(1) / stride;
    int width = pictures.dim(2) / stride;
    int channels = pictures.dim(3);
    Shape squares = Shape.of(pictures.dim(0), height, width, stride * stride * channels);
    Node made =
        Node.of(
            new Convolution2DInputGradient(smaller(op.window()), 1, squares),
            node.input(0),
            kernel(node.input(1), stride));
    Node lines =
        Ops.reshape(made, Shape.of(pictures.dim(0), height, width, stride, stride * channels));
    return Ops.reshape(Ops.transpose(lines, 0, 1, 3, 2, 4), pictures);
  }

  private static Node kernelGradient(Node node, Convolution2DKernelGradient op) {
    int stride = op.window().strideHeight();
    Shape kernel = op.kernel();
    int height = kernel.dim(0) / stride;
    int width = kernel.dim(1) / stride;
    int line = stride * kernel.dim(2) * kernel.dim(3);
    Shape squares = Shape.of(height, width, stride * stride * kernel.dim(2), kernel.dim(3));
    Node made =
        Node.of(
            new Convolution2DKernelGradient(smaller(op.window()), 1, squares),
            squares(node.input(0), stride),
            node.input(1));
    Node lines = Ops.reshape(made, Shape.of(height, width, stride, line));
    return Ops.reshape(Ops.transpose(lines, 0, 2, 1, 3), kernel);
  }

  private static Window smaller(Window window) {
    int stride = window.strideHeight();
    return new Window(
        window.height() / stride,
        window.width() / stride,
        1,
        1,
        1,
        1,
        window.top() / stride,
        window.left() / stride,
        window.bottom() / stride,
        window.right() / stride);
  }

  private static Node squares(Node pictures, int stride) {
    Shape shape = pictures.shape();
    int height = shape.dim(1) / stride;
    int width = shape.dim(2) / stride;
    int line = stride * shape.dim(3);
    Node lines = Ops.reshape(pictures, Shape.of(shape.dim(0), height, stride, width, line));
    return Ops.reshape(
        Ops.transpose(lines, 0, 1, 3, 2, 4), Shape.of(shape.dim(0), height, width, stride * line));
  }

  private static Node kernel(Node kernel, int stride) {
    Shape shape = kernel.shape();
    int height = shape.dim(0) / stride;
    int width = shape.dim(1) / stride;
    int line = stride * shape.dim(2) * shape.dim(3);
    Node lines = Ops.reshape(kernel, Shape.of(height, stride, width, line));
    return Ops.reshape(
        Ops.transpose(lines, 0, 2, 1, 3),
        Shape.of(height, width, stride * stride * shape.dim(2), shape.dim(3)));
  }
}
