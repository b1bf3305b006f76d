package io.kalamos.javacpu;

import io.kalamos.engine.*;
import io.kalamos.javacpu.Values.Floats;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Writes the kernels of each node: one row for each op.
final class Lowering {
  /// Below this many elements or products one thread is faster than several.
  private static final long SHARED_WORK = 20_000;

  private final Memory memory;
  private final Scratch scratch;
  private final Run run;
  private final int team;

  Lowering(Memory memory, Scratch scratch, Run run, int team) {
    this.memory = memory;
    this.scratch = scratch;
    this.run = run;
    this.team = team;
  }

  /// A kernel of a node, run in so many parts.
  record Step(Node node, Kernel kernel, int parts) {}

  /// The kernels in their order; none for values that are written here already.
  List<Step> steps(Node node) {
    Values y = memory.of(node);
    int parts = parts(node);
    List<Step> steps = new ArrayList<>();
    for (Kernel kernel : kernels(node, y, parts)) {
      steps.add(new Step(node, kernel, parts));
    }
    if (y instanceof Floats(float[] data, boolean bfloat16) && bfloat16 && unrounded(node.op())) {
      steps.add(new Step(node, Elementwise.rounding(data, size(node)), parts));
    }
    return steps;
  }

  private List<Kernel> kernels(Node node, Values y, int parts) {
    return switch (node.op()) {
      case Batch input -> List.of(Leaves.input(run.binding(input), run, y));
      case Parameter parameter -> List.of(Leaves.parameter(parameter.variable(), y));
      case Literal constant -> {
        Leaves.constant(constant.tensor(), y);
        yield List.of();
      }
      case Fill fill -> {
        Leaves.fill(fill.value(), y, size(node));
        yield List.of();
      }
      case Scalar _, Reshaping _ -> List.of();
      case UniformRandom random -> List.of(Leaves.random(random, run, y));
      case Unary f -> List.of(Elementwise.unary(f, in(node, 0), y, size(node)));
      case Binary f -> List.of(Elementwise.binary(f, node, in(node, 0), in(node, 1), y, scratch));
      case Select _ ->
          List.of(Elementwise.select(node, in(node, 0), in(node, 1), in(node, 2), y, scratch));
      case Cast _ -> List.of(Elementwise.cast(in(node, 0), y, size(node)));
      case BroadcastTo _ ->
          List.of(
              Elementwise.rearrange(
                  View.broadcast(shape(node, 0), node.shape()), in(node, 0), y, size(node)));
      case Transpose op ->
          List.of(
              Elementwise.rearrange(
                  View.transposed(shape(node, 0), op.order()), in(node, 0), y, size(node)));
      case Slice op ->
          List.of(
              Elementwise.rearrange(
                  View.part(shape(node, 0), op.from(), node.shape()), in(node, 0), y, size(node)));
      case Pad op -> List.of(Elementwise.clear(y, size(node)), insert(node, 0, op.before(), y));
      case Concatenation op -> concatenation(op, node, y);
      case Gather _ ->
          List.of(
              Gathering.gather(
                  in(node, 0),
                  shape(node, 0).dim(0),
                  shape(node, 0).dim(1),
                  in(node, 1),
                  size(node.input(1)),
                  y));
      case GatherGradient op ->
          List.of(
              Gathering.add(
                  in(node, 0),
                  size(node.input(0)),
                  in(node, 1),
                  y,
                  op.table().dim(0),
                  op.table().dim(1)));
      case Reduce op -> Reductions.reduce(op, shape(node, 0), node.shape(), in(node, 0), y, parts);
      case ArgMax _ -> List.of(Rows.argMax(in(node, 0), y, size(node), shape(node, 0).dim(-1)));
      case RowSoftmax _ -> List.of(Rows.softmax(in(node, 0), y, rows(node), node.shape().dim(-1)));
      case RowLogSoftmax _ ->
          List.of(Rows.logSoftmax(in(node, 0), y, rows(node), node.shape().dim(-1)));
      case MatMul op ->
          with(
              List.of(Products.matmul(op, node, in(node, 0), in(node, 1), y, scratch)),
              op.epilogue(),
              node);
      case Convolution2D op ->
          with(
              new Convolution(
                      node, op.window(), op.groups(), shape(node, 0), shape(node, 1), scratch)
                  .forward(in(node, 0), in(node, 1), y),
              op.epilogue(),
              node);
      case Convolution2DInputGradient op ->
          new Convolution(node, op.window(), op.groups(), op.input(), shape(node, 1), scratch)
              .inputGradient(in(node, 0), in(node, 1), y);
      case Convolution2DKernelGradient op ->
          new Convolution(node, op.window(), op.groups(), shape(node, 0), op.kernel(), scratch)
              .kernelGradient(in(node, 0), in(node, 1), y, parts);
      case MaxPool2D op -> List.of(Pools.max(op.window(), shape(node, 0), in(node, 0), y, parts));
      case MaxPool2DGradient op ->
          List.of(
              Pools.maxGradient(
                  op.window(), shape(node, 0), in(node, 0), in(node, 1), in(node, 2), y, parts));
      case AveragePool2D op ->
          List.of(Pools.average(op.window(), shape(node, 0), in(node, 0), y, parts));
      case AveragePool2DGradient op ->
          List.of(Pools.averageGradient(op.window(), op.input(), in(node, 0), y, parts));
    };
  }

  private List<Kernel> concatenation(Concatenation op, Node node, Values y) {
    List<Kernel> kernels = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < node.inputs().size(); i++) {
      List<Integer> from = new ArrayList<>(Collections.nCopies(node.shape().rank(), 0));
      from.set(op.axis(), at);
      kernels.add(insert(node, i, from, y));
      at += shape(node, i).dim(op.axis());
    }
    return kernels;
  }

  private Kernel insert(Node node, int input, List<Integer> from, Values y) {
    Shape part = shape(node, input);
    return Elementwise.insert(
        View.part(node.shape(), from, part), in(node, input), y, (int) part.size());
  }

  private List<Kernel> with(List<Kernel> product, Epilogue epilogue, Node node) {
    if (epilogue.equals(Epilogue.NONE)) {
      return product;
    }
    List<Kernel> kernels = new ArrayList<>(product);
    kernels.add(
        Elementwise.epilogue(
            memory.of(node),
            epilogue.bias() ? in(node, 2) : null,
            epilogue.activation().orElse(null),
            size(node),
            node.shape().dim(-1)));
    return kernels;
  }

  /// Small nodes are run by one thread.
  private int parts(Node node) {
    return work(node) < SHARED_WORK ? 1 : team;
  }

  /// Roughly the number of elements touched or of products summed.
  private long work(Node node) {
    long elements = node.shape().size();
    for (Node input : node.inputs()) {
      elements = Math.max(elements, input.shape().size());
    }
    return switch (node.op()) {
      case MatMul op -> node.shape().size() * shape(node, 0).dim(op.transposeA() ? -2 : -1);
      case Convolution2D _ -> node.shape().size() * shape(node, 1).size() / node.shape().dim(3);
      case Convolution2DInputGradient _ ->
          shape(node, 0).size() * shape(node, 1).size() / shape(node, 0).dim(3);
      case Convolution2DKernelGradient _ ->
          shape(node, 1).size() * node.shape().size() / node.shape().dim(3);
      case Unary _, RowSoftmax _, RowLogSoftmax _, UniformRandom _ -> 10 * elements;
      case Batch _, Parameter _, Scalar _, Literal _, Fill _, Binary _, Select _, Cast _ ->
          elements;
      case Reduce _, ArgMax _, Reshaping _, Transpose _, BroadcastTo _ -> elements;
      case Slice _, Pad _, Concatenation _, Gather _, GatherGradient _ -> elements;
      case MaxPool2D _, MaxPool2DGradient _, AveragePool2D _, AveragePool2DGradient _ -> elements;
    };
  }

  /// Whether the kernels compute in float32 and leave the rounding to bfloat16 to another pass.
  private static boolean unrounded(Op op) {
    return switch (op) {
      case Unary _, Binary _, Select _, MatMul _, GatherGradient _ -> true;
      case Convolution2D _, Convolution2DInputGradient _, Convolution2DKernelGradient _ -> true;
      case Batch _, Parameter _, Scalar _, Literal _, Fill _, UniformRandom _, Cast _ -> false;
      case Reduce _, ArgMax _, RowSoftmax _, RowLogSoftmax _, Reshaping _, Transpose _ -> false;
      case BroadcastTo _, MaxPool2D _, MaxPool2DGradient _ -> false;
      case Slice _, Pad _, Concatenation _, Gather _ -> false;
      case AveragePool2D _, AveragePool2DGradient _ -> false;
    };
  }

  private Values in(Node node, int n) {
    return memory.of(node.input(n));
  }

  private static Shape shape(Node node, int n) {
    return node.input(n).shape();
  }

  private static int size(Node node) {
    return Math.toIntExact(node.shape().size());
  }

  private static int rows(Node node) {
    return size(node) / node.shape().dim(-1);
  }
}
