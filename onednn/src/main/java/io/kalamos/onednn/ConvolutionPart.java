package io.kalamos.onednn;

import io.kalamos.engine.Convolution2D;
import io.kalamos.engine.Convolution2DInputGradient;
import io.kalamos.engine.Convolution2DKernelGradient;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Unit;
import io.kalamos.engine.Window;
import io.kalamos.kernels.WinogradConvolution;
import io.kalamos.onednn.Product.Given;
import io.kalamos.onednn.Product.Place;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.LongStream;

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
    if (isWinograd(op)) {
      winograd(winograd(op));
      return;
    }
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

  /// Whether tiles of results need fewer multiplications than the library does, for these sizes.
  private boolean isWinograd(Convolution2D op) {
    Window window = op.window();
    return cut
        && op.groups() == 1
        && window.strideHeight() == window.strideWidth()
        && window.dilationHeight() == 1
        && window.dilationWidth() == 1
        && stored(node) == DType.FLOAT32
        && isCut(node.input(0))
        && node.inputs().stream().allMatch(input -> stored(input) == DType.FLOAT32)
        && products.compiler().compiles(winograd(op), products.shares().rowsOf(node, thread));
  }

  private WinogradConvolution winograd(Convolution2D op) {
    Window window = op.window();
    Shape pictures = node.input(0).shape();
    Shape results = node.shape();
    return new WinogradConvolution(
        pictures.dim(1),
        pictures.dim(2),
        pictures.dim(3),
        window.height(),
        window.width(),
        window.strideHeight(),
        window.top(),
        window.left(),
        results.dim(3),
        results.dim(1),
        results.dim(2),
        op.epilogue().bias(),
        op.epilogue().activation().isPresent());
  }

  private void winograd(WinogradConvolution shape) {
    Place kernels = product.scratch(shape.kernelBytes());
    Place scratch = product.scratch(shape.scratchBytes());
    Place kernel = place(node.input(1));
    product.planOnce(
        "kernels' transform",
        (bound, at, turn) ->
            new Step.Fused(
                bound.winogradKernels(shape, kernel.address(at, turn), kernels.address(at, turn))));
    Place pictures = place(node.input(0));
    Place bias = shape.bias() ? place(node.input(2)) : null;
    Place results = place(node);
    product.plan(
        products.compiler().name() + " winograd",
        (bound, at, turn) -> {
          LongStream.Builder inputs = LongStream.builder();
          inputs.add(pictures.address(at, turn));
          inputs.add(kernels.address(at, turn));
          inputs.add(scratch.address(at, turn));
          if (bias != null) {
            inputs.add(bias.address(at, turn));
          }
          long[] result = {results.address(at, turn)};
          return new Step.Fused(
              bound.winograd(shape, inputs.build().toArray(), result, rows(node)));
        });
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
