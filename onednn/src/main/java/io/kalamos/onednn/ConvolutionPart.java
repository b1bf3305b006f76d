package io.kalamos.onednn;

import io.kalamos.engine.Convolution2D;
import io.kalamos.engine.Convolution2DInputGradient;
import io.kalamos.engine.Convolution2DKernelGradient;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Unit;
import io.kalamos.kernels.DirectConvolution;
import io.kalamos.kernels.WinogradConvolution;
import io.kalamos.onednn.Product.Given;
import io.kalamos.onednn.Product.Place;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
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
    var tiles = Winograd.of(x.shape(), op.window(), node.shape(), op.groups(), op.epilogue());
    if (tiles.filter(this::isWinograd).isPresent()) {
      winograd(tiles.get(), place(kernel));
      return;
    }
    var direct = tiles.filter(shape -> shape.stride() == 1).map(ConvolutionPart::direct);
    if (direct.filter(this::isDirect).isPresent()) {
      direct(direct.get());
      return;
    }
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

  // Code of our own

  /// Whether all is float32, and a thread's own pictures.
  private boolean isOwn() {
    return cut
        && stored(node) == DType.FLOAT32
        && isCut(node.input(0))
        && node.inputs().stream().allMatch(input -> stored(input) == DType.FLOAT32);
  }

  /// Whether there are so few channels that the library leaves most of each vector empty.
  private boolean isDirect(DirectConvolution shape) {
    return isOwn() && products.compiler().compiles(shape);
  }

  static DirectConvolution direct(WinogradConvolution shape) {
    return new DirectConvolution(
        shape.height(),
        shape.width(),
        shape.channels(),
        shape.kernelHeight(),
        shape.kernelWidth(),
        shape.top(),
        shape.left(),
        shape.filters(),
        shape.places(),
        shape.placesAcross(),
        shape.bias(),
        shape.relu());
  }

  private void direct(DirectConvolution shape) {
    List<Place> read = node.inputs().stream().map(this::place).toList();
    Place results = place(node);
    product.plan(
        products.compiler().name() + " convolution",
        (bound, at, turn) -> {
          long[] inputs = read.stream().mapToLong(place -> place.address(at, turn)).toArray();
          long[] outputs = {results.address(at, turn)};
          return new Step.Fused(bound.directConvolution(shape, inputs, outputs, rows(node)));
        });
  }

  /// Whether tiles of results need fewer multiplications than the library does, for these sizes.
  private boolean isWinograd(WinogradConvolution shape) {
    return isOwn() && products.compiler().compiles(shape, products.shares().rowsOf(node, thread));
  }

  private void winograd(WinogradConvolution shape, Place kernel) {
    Place kernels = product.scratch(shape.kernelBytes());
    Place scratch = product.scratch(shape.scratchBytes());
    product.planOnce(
        "kernels' transform",
        (bound, at, turn) ->
            new Step.Fused(
                bound.winogradKernels(shape, kernel.address(at, turn), kernels.address(at, turn))));
    List<Place> read = new ArrayList<>(List.of(place(node.input(0)), kernels, scratch));
    if (shape.bias()) {
      read.add(place(node.input(2)));
    }
    Place results = place(node);
    product.plan(
        products.compiler().name() + " winograd",
        (bound, at, turn) -> {
          long[] inputs = read.stream().mapToLong(place -> place.address(at, turn)).toArray();
          long[] outputs = {results.address(at, turn)};
          return new Step.Fused(bound.winograd(shape, inputs, outputs, rows(node)));
        });
  }

  /// The kernel in the order (3, 3, filters, rows of a square, columns of a square, channels).
  private Place inSquares(Node kernel, int stride) {
    Shape shape = kernel.shape();
    long filters = shape.dim(3);
    long line = shape.dim(2) * filters;
    long row = shape.dim(1) * line;
    long[] dims = {
      shape.dim(0) / stride, shape.dim(1) / stride, filters, stride, stride, shape.dim(2)
    };
    long[] strides = {stride * row, stride * line, 1, row, line, filters};
    return product.reorderedOnce(
        Md.strided(scope, Layouts.type(DType.FLOAT32), dims, strides),
        place(kernel),
        Md.of(scope, Layouts.type(DType.FLOAT32), dims));
  }

  private void inputGradient(Convolution2DInputGradient op) {
    Node gradient = node.input(0);
    Node kernel = node.input(1);
    var tiles = Winograd.gradient(node, op);
    if (tiles.filter(this::isWinograd).isPresent()) {
      winograd(tiles.get(), inSquares(kernel, op.window().strideHeight()));
      return;
    }
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
