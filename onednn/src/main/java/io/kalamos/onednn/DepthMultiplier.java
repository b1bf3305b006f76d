package io.kalamos.onednn;

import io.kalamos.engine.Convolution2D;
import io.kalamos.engine.Convolution2DInputGradient;
import io.kalamos.engine.Convolution2DKernelGradient;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Rule;
import io.kalamos.engine.Shape;

/// Depthwise convolutions with several filters for each channel: each channel is repeated for each
/// of its filters, and the convolution is one with a filter a channel, for which the library has
/// code that is many times as fast.
final class DepthMultiplier {
  static final Rule RULE =
      new Rule(
          "depth multiplier",
          "a depthwise convolution with several filters a channel is one over repeated channels",
          (node, uses) ->
              switch (node.op()) {
                case Convolution2D op when fits(node.input(1).shape(), op.groups()) ->
                    convolution(node, op);
                case Convolution2DInputGradient op when fits(node.input(1).shape(), op.groups()) ->
                    inputGradient(node, op);
                case Convolution2DKernelGradient op when fits(op.kernel(), op.groups()) ->
                    kernelGradient(node, op);
                case Op _ -> null;
              });

  private DepthMultiplier() {}

  private static boolean fits(Shape kernel, int groups) {
    return groups > 1 && kernel.dim(2) == 1 && kernel.dim(3) > groups;
  }

  private static Node convolution(Node node, Convolution2D op) {
    Node kernel = node.input(1);
    int filters = kernel.shape().dim(3);
    return Node.of(
        new Convolution2D(op.window(), filters), repeated(node.input(0), filters), kernel);
  }

  private static Node inputGradient(Node node, Convolution2DInputGradient op) {
    Shape pictures = op.input();
    int filters = node.input(1).shape().dim(3);
    Shape wide = pictures.slice(0, 3).append(filters);
    Node made =
        Node.of(
            new Convolution2DInputGradient(op.window(), filters, wide),
            node.input(0),
            node.input(1));
    Node each = Ops.reshape(made, pictures.append(filters / pictures.dim(3)));
    return Ops.reshape(Ops.sumLast(each), pictures);
  }

  private static Node kernelGradient(Node node, Convolution2DKernelGradient op) {
    int filters = op.kernel().dim(3);
    return Node.of(
        new Convolution2DKernelGradient(op.window(), filters, op.kernel()),
        repeated(node.input(0), filters),
        node.input(1));
  }

  private static Node repeated(Node pictures, int filters) {
    Shape shape = pictures.shape();
    int times = filters / shape.dim(3);
    Node each = Ops.broadcastTo(Ops.reshape(pictures, shape.append(1)), shape.append(times));
    return Ops.reshape(each, shape.slice(0, 3).append(filters));
  }
}
