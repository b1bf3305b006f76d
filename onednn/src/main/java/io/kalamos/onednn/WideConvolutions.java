package io.kalamos.onednn;

import io.kalamos.engine.Cast;
import io.kalamos.engine.Convolution2D;
import io.kalamos.engine.Convolution2DInputGradient;
import io.kalamos.engine.Convolution2DKernelGradient;
import io.kalamos.engine.DType;
import io.kalamos.engine.Epilogue;
import io.kalamos.engine.Graph;
import io.kalamos.engine.MatMul;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Rewrites;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;
import io.kalamos.kernels.KernelCompiler;
import io.kalamos.kernels.WinogradConvolution;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Convolutions in bfloat16 that are faster in float32: with tiles of results, or over few
/// channels, code of our own needs less time for float32 than the library does for bfloat16, unless
/// the processor multiplies matrices of it (AMX).
///
/// What is between such convolutions and around them, such as relu, is computed in float32 too, and
/// not rounded on the way; products of dense layers stay as they are.
final class WideConvolutions {
  private final KernelCompiler compiler;
  private final int threads;

  /// Nodes as they were, over their new inputs.
  private final Map<Node, Node> made = new IdentityHashMap<>();

  /// The bfloat16 nodes that are computed in float32, and rounded at last.
  private final Set<Node> wide = Collections.newSetFromMap(new IdentityHashMap<>());

  private WideConvolutions(KernelCompiler compiler, int threads) {
    this.compiler = compiler;
    this.threads = threads;
  }

  /// The graph with such convolutions in float32.
  ///
  /// @param threads that share a batch
  static Graph widen(Graph graph, KernelCompiler compiler, int threads) {
    WideConvolutions widening = new WideConvolutions(compiler, threads);
    List<Node> order = graph.order();
    if (order.stream().noneMatch(widening::isWideConvolution)) {
      return graph;
    }
    order.forEach(widening::make);
    return graph.map(widening.made::get);
  }

  private void make(Node node) {
    Node same = node.withInputs(node.inputs().stream().map(made::get).toList());
    if (node.dtype() == DType.BFLOAT16 && isWide(node)) {
      wide.add(node);
      made.put(node, node.op() instanceof Cast ? same : rounded(node));
    } else if (node.op() instanceof Cast cast
        && cast.to() == DType.FLOAT32
        && wide.contains(node.input(0))) {
      made.put(node, Rewrites.precise(made.get(node.input(0))));
    } else {
      made.put(node, same);
    }
  }

  /// The same in float32, then rounded: whoever goes on in float32 takes it before that.
  private Node rounded(Node node) {
    List<Node> inputs =
        node.inputs().stream()
            .map(made::get)
            .map(input -> input.dtype() == DType.BFLOAT16 ? Rewrites.precise(input) : input)
            .toList();
    return Ops.cast(Node.of(node.op(), inputs), DType.BFLOAT16).within(node.scope());
  }

  private boolean isWide(Node node) {
    return switch (node.op()) {
      case Cast _ ->
          node.input(0).dtype() == DType.FLOAT32 && !(node.input(0).op() instanceof Op.Leaf);
      case Convolution2D _, Convolution2DInputGradient _, Convolution2DKernelGradient _ ->
          isWideConvolution(node);
      case MatMul _, Op.Leaf _ -> false;
      case Op _ -> node.inputs().stream().anyMatch(wide::contains);
    };
  }

  /// Whether a node is such a convolution, or a gradient of one.
  private boolean isWideConvolution(Node node) {
    if (node.dtype() != DType.BFLOAT16) {
      return false;
    }
    return switch (node.op()) {
      case Convolution2D op -> isOwn(node.input(0).shape(), op.window(), node.shape(), op.groups());
      case Convolution2DInputGradient op ->
          isOwn(node.shape(), op.window(), node.input(0).shape(), op.groups());
      case Convolution2DKernelGradient op ->
          isOwn(node.input(0).shape(), op.window(), node.input(1).shape(), op.groups());
      case Op _ -> false;
    };
  }

  private boolean isOwn(Shape pictures, Window window, Shape results, int groups) {
    return Winograd.of(pictures, window, results, groups, Epilogue.NONE)
        .filter(shape -> isFaster(shape, pictures.dim(0) / threads))
        .isPresent();
  }

  private boolean isFaster(WinogradConvolution shape, int pictures) {
    if (compiler.compiles(shape, pictures)) {
      return shape.beatsBfloat16(pictures);
    }
    return shape.stride() == 1 && compiler.compiles(ConvolutionPart.direct(shape));
  }
}
