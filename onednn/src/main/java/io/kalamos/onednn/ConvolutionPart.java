package io.kalamos.onednn;

import io.kalamos.engine.Convolution2D;
import io.kalamos.engine.Convolution2DInputGradient;
import io.kalamos.engine.Convolution2DKernelGradient;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Unit;
import io.kalamos.onednn.Product.Given;
import java.util.EnumMap;
import java.util.Map;

/// Convolutions and their gradients.
final class ConvolutionPart extends Part {
  ConvolutionPart(
      Products products, Scope scope, Product product, Unit unit, int thread, boolean cut) {
    super(products, scope, product, unit, thread, cut);
  }

  @Override
  void plan() {
    switch (node.op()) {
      case Convolution2D conv -> convolution(conv);
      case Convolution2DInputGradient conv -> inputGradient(conv);
      case Convolution2DKernelGradient conv -> kernelGradient(conv);
      case Op op -> throw new IllegalStateException(op.label());
    }
  }

  private void convolution(Convolution2D op) {
    Node x = node.input(0);
    Node kernel = node.input(1);
    Md pictures = pictures(x);
    Md weights = Layouts.kernel(scope, stored(kernel), kernel.shape(), op.groups());
    Md result = pictures(node);
    Md bias = bias(op.epilogue(), Layouts.channels(node));
    Map<Arg, Given> given = new EnumMap<>(Arg.class);
    given.put(Arg.SRC, read(pictures, x));
    given.put(Arg.WEIGHTS, read(weights, kernel));
    given.put(Arg.DST, write(result));
    if (op.epilogue().bias()) {
      given.put(Arg.BIAS, read(bias, node.input(2)));
    }
    product.plan(
        first(
            new Problem.ConvForward(
                Problem.Use.TRAINING,
                pictures,
                Layouts.any(scope, weights),
                bias,
                result,
                Layouts.window(op.window()),
                attributes(op.epilogue()))),
        given);
  }

  private void inputGradient(Convolution2DInputGradient op) {
    Node gradient = node.input(0);
    Node kernel = node.input(1);
    Md weights = Layouts.kernel(scope, stored(kernel), kernel.shape(), op.groups());
    Md from = pictures(gradient);
    Md to = pictures(node);
    product.plan(
        first(
            new Problem.ConvBackwardData(
                to,
                Layouts.any(scope, weights),
                from,
                Layouts.window(op.window()),
                Attributes.NONE)),
        Map.of(
            Arg.DIFF_SRC, write(to),
            Arg.WEIGHTS, read(weights, kernel),
            Arg.DIFF_DST, read(from, gradient)));
  }

  private void kernelGradient(Convolution2DKernelGradient op) {
    Node x = node.input(0);
    Node gradient = node.input(1);
    Md weights = Layouts.kernel(scope, stored(node), node.shape(), op.groups());
    Md pictures = pictures(x);
    Md from = pictures(gradient);
    // one channel channels-last is ten times slower: let the library choose the blocks
    boolean few = Layouts.channels(x) < 4 && op.groups() == 1;
    product.plan(
        first(
            new Problem.ConvBackwardWeights(
                pictures,
                Layouts.any(scope, weights),
                Md.none(scope),
                few ? Layouts.any(scope, from) : from,
                Layouts.window(op.window()),
                Attributes.NONE)),
        Map.of(
            Arg.SRC, read(pictures, x),
            Arg.DIFF_WEIGHTS, write(weights),
            Arg.DIFF_DST, read(from, gradient)));
  }
}
