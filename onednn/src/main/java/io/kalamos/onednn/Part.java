package io.kalamos.onednn;

import io.kalamos.engine.AveragePool2D;
import io.kalamos.engine.AveragePool2DGradient;
import io.kalamos.engine.Concatenation;
import io.kalamos.engine.Convolution2D;
import io.kalamos.engine.Convolution2DInputGradient;
import io.kalamos.engine.Convolution2DKernelGradient;
import io.kalamos.engine.DType;
import io.kalamos.engine.Epilogue;
import io.kalamos.engine.Gather;
import io.kalamos.engine.GatherGradient;
import io.kalamos.engine.MatMul;
import io.kalamos.engine.MaxPool2D;
import io.kalamos.engine.MaxPool2DGradient;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Pad;
import io.kalamos.engine.Partition;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Slice;
import io.kalamos.engine.Transpose;
import io.kalamos.engine.Unit;
import io.kalamos.onednn.Product.Given;
import io.kalamos.onednn.Product.Place;

/// The share of one thread in one unit: what it reads and writes, and the problems that the library
/// or a kernel solves for it.
abstract sealed class Part permits MatrixPart, ConvolutionPart, PoolingPart, MovingPart {
  final Products products;
  final Scope scope;
  final Product product;
  final Unit unit;
  final Node node;
  final int thread;
  final boolean cut;
  final int turns;

  /// @param cut whether the thread has its own rows of the batch
  Part(Products products, Scope scope, Product product, Unit unit, int thread, boolean cut) {
    this.products = products;
    this.scope = scope;
    this.product = product;
    this.unit = unit;
    this.node = unit.nodes().getFirst();
    this.thread = thread;
    this.cut = cut;
    this.turns = product.turns();
  }

  /// The part that a unit's operation asks for.
  static Part of(
      Products products, Scope scope, Product product, Unit unit, int thread, boolean cut) {
    return switch (unit.nodes().getFirst().op()) {
      case MatMul _ -> new MatrixPart(products, scope, product, unit, thread, cut);
      case Convolution2D _, Convolution2DInputGradient _, Convolution2DKernelGradient _ ->
          new ConvolutionPart(products, scope, product, unit, thread, cut);
      case MaxPool2D _, MaxPool2DGradient _, AveragePool2D _, AveragePool2DGradient _ ->
          new PoolingPart(products, scope, product, unit, thread, cut);
      case Transpose _, Slice _, Pad _, Concatenation _, Gather _, GatherGradient _ ->
          new MovingPart(products, scope, product, unit, thread, cut);
      case Op op -> throw new IllegalStateException("no product of the library: " + op.label());
    };
  }

  /// Plans what is to be done.
  abstract void plan();

  // What is read and written

  final boolean isCut(Node value) {
    return cut && products.schedule().placement(Partition.source(value)) == Placement.SHARDED;
  }

  /// Size of the first axis of a value in a turn of this thread.
  final long rows(Node value) {
    return isCut(value) ? products.shares().rowsOf(value, thread) / turns : value.shape().dim(0);
  }

  final Place place(Node value) {
    Storage.Extra passed = products.passing(value);
    if (passed != null) {
      return (at, turn) -> products.storage().address(passed, at);
    }
    long step = isCut(value) ? rows(value) * value.shape().rowSize() * stored(value).bytes() : 0;
    return (at, turn) -> products.storage().address(value, at) + turn * step;
  }

  final DType stored(Node value) {
    return products.storage().storedType(Partition.source(value));
  }

  final Given read(Md md, Node value) {
    return new Given(md, false, isCut(value), place(value));
  }

  final Given write(Md md) {
    return new Given(md, true, isCut(node), place(node));
  }

  final Md pictures(Node value) {
    return Layouts.pictures(scope, stored(value), value.shape(), rows(value));
  }

  final Candidate first(Problem problem) {
    return Choice.best(scope, problem);
  }

  final Md bias(Epilogue epilogue, long... dims) {
    return epilogue.bias()
        ? Md.of(scope, Layouts.type(stored(node.input(2))), dims)
        : Md.none(scope);
  }

  final Attributes attributes(Epilogue epilogue) {
    return epilogue
        .activation()
        .map(function -> Attributes.of(new Attributes.PostOp.Eltwise(EltwiseKind.RELU, 0, 0)))
        .orElse(Attributes.NONE);
  }

  final void clear() {
    long elements = rows(node) * node.shape().rowSize();
    Place place = place(node);
    DType type = stored(node);
    product.plan(
        "zeros",
        (kernels, at, turn) ->
            new Step.Fused(kernels.zeros(type, place.address(at, turn), elements)));
  }
}
