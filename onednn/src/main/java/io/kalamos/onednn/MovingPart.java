package io.kalamos.onednn;

import io.kalamos.engine.Concatenation;
import io.kalamos.engine.DType;
import io.kalamos.engine.Gather;
import io.kalamos.engine.GatherGradient;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Pad;
import io.kalamos.engine.Slice;
import io.kalamos.engine.Transpose;
import io.kalamos.engine.Unit;
import io.kalamos.kernels.KernelProgram;
import io.kalamos.kernels.ProgramBuilder;
import io.kalamos.onednn.Product.Given;
import io.kalamos.onednn.Product.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// Values that move as they are: to another order, another place, by their numbers.
final class MovingPart extends Part {
  MovingPart(Products products, Scope scope, Product product, Unit unit, int thread, boolean cut) {
    super(products, scope, product, unit, thread, cut);
  }

  @Override
  void plan() {
    switch (node.op()) {
      case Transpose transpose -> transpose(transpose);
      case Slice slice -> slice(slice);
      case Pad pad -> pad(pad);
      case Concatenation concatenation -> concatenate(concatenation);
      case Gather _ -> gather();
      case GatherGradient _ -> gatherGradient();
      case Op op -> throw new IllegalStateException(op.label());
    }
  }

  private void transpose(Transpose op) {
    Node x = node.input(0);
    int rank = node.shape().rank();
    long[] dims = new long[rank];
    long[] strides = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      int from = op.order().get(axis);
      dims[axis] = from == 0 ? rows(x) : x.shape().dim(from);
      strides[axis] = x.shape().product(from + 1, rank);
    }
    Md source = Md.strided(scope, Layouts.type(stored(x)), dims, strides);
    Md target = Md.of(scope, Layouts.type(stored(node)), dims);
    product.plan(
        first(new Problem.Reorder(source, target, Attributes.NONE)),
        Map.of(Arg.SRC, read(source, x), Arg.DST, write(target)));
  }

  private void slice(Slice op) {
    Node x = node.input(0);
    Region region = region(x, op.from(), node);
    reorder(
        region.of(scope, Layouts.type(stored(x))),
        moved(x, region.start() * stored(x).bytes(), false),
        region.alone(scope, Layouts.type(stored(node))),
        write(Md.none(scope)));
  }

  private void pad(Pad op) {
    clear();
    insert(node.input(0), op.before());
  }

  private void concatenate(Concatenation op) {
    List<Integer> from = new ArrayList<>(Collections.nCopies(node.shape().rank(), 0));
    for (Node part : node.inputs()) {
      insert(part, from);
      from.set(op.axis(), from.get(op.axis()) + part.shape().dim(op.axis()));
    }
  }

  /// Copies a value to a place of the result.
  private void insert(Node part, List<Integer> from) {
    Region region = region(node, from, part);
    reorder(
        region.alone(scope, Layouts.type(stored(part))),
        moved(part, 0, false),
        region.of(scope, Layouts.type(stored(node))),
        moved(node, region.start() * stored(node).bytes(), true));
  }

  private Region region(Node whole, List<Integer> from, Node part) {
    long rows = cut ? products.shares().rowsOf(node, thread) / turns : part.shape().dim(0);
    return Region.of(whole.shape(), from, part.shape(), rows);
  }

  private void reorder(Md from, Given source, Md to, Given target) {
    product.plan(
        first(new Problem.Reorder(from, to, Attributes.NONE)),
        Map.of(
            Arg.SRC,
            new Given(from, false, source.everyTurn(), source.place()),
            Arg.DST,
            new Given(to, true, target.everyTurn(), target.place())));
  }

  /// Memory from an offset on; of a value that is not cut by the batch the thread's own rows.
  private Given moved(Node value, long bytes, boolean result) {
    Place place = place(value);
    long row = value.shape().rowSize() * stored(value).bytes();
    boolean own = cut && !isCut(value);
    long rows = own ? products.shares().rowsOf(value, thread) / turns : 0;
    int rowsOfSample = own ? value.shape().dim(0) / products.shares().batch() : 0;
    return new Given(
        Md.none(scope),
        result,
        cut,
        (at, turn) -> {
          long first = (long) rowsOfSample * products.shares().firstRow(at);
          return place.address(at, turn) + (first + turn * rows) * row + bytes;
        });
  }

  private void gather() {
    Node table = node.input(0);
    Node indices = node.input(1);
    int count = Math.toIntExact(count(indices));
    Place nearest = product.scratch(4L * count);
    Place source = place(indices);
    DType type = stored(indices);
    int last = table.shape().dim(0) - 1;
    product.plan(
        "indices",
        (kernels, at, turn) ->
            new Step.Loop(
                Gathering.nearest(
                    source.address(at, turn), type, count, last, nearest.address(at, turn))));
    Place rows = place(table);
    Place target = place(node);
    product.plan(
        "rows",
        (kernels, at, turn) -> {
          ProgramBuilder program = KernelProgram.builder(table.shape().dim(1));
          program.store(stored(node), program.gathered(stored(table)));
          long[] inputs = {rows.address(at, turn), nearest.address(at, turn)};
          long[] outputs = {target.address(at, turn)};
          return new Step.Fused(kernels.bind(program.build(), inputs, outputs, count, 0));
        });
  }

  private void gatherGradient() {
    Node indices = node.input(0);
    Node gradient = node.input(1);
    Gathering.Sizes sizes =
        new Gathering.Sizes(
            Math.toIntExact(count(indices)), node.shape().dim(0), node.shape().dim(1));
    Place places = place(indices);
    Place source = place(gradient);
    Place target = place(node);
    product.plan(
        "sums of rows",
        (kernels, at, turn) ->
            new Step.Loop(
                Gathering.sums(
                    sizes,
                    places.address(at, turn),
                    stored(indices),
                    source.address(at, turn),
                    stored(gradient),
                    target.address(at, turn))));
  }

  private long count(Node indices) {
    return indices.shape().rank() == 0 ? 1 : rows(indices) * indices.shape().rowSize();
  }
}
