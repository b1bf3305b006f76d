package io.kalamos.engine;

import java.util.List;

/// One symbolic operation: what it does to shapes and types, and its gradient, side by side.
///
/// An op is a value (two equal ops do the same); the [Node] that applies it to inputs has identity.
/// Backends switch over this sealed family exhaustively, so an op cannot be forgotten.
public sealed interface Op
    permits Op.Leaf,
        Unary,
        Binary,
        Select,
        Cast,
        Reduce,
        ArgMax,
        RowSoftmax,
        RowLogSoftmax,
        MatMul,
        Convolution2D,
        Convolution2DInputGradient,
        Convolution2DKernelGradient,
        MaxPool2D,
        MaxPool2DGradient,
        AveragePool2D,
        AveragePool2DGradient,
        Reshaping,
        Transpose,
        BroadcastTo,
        Slice,
        Pad,
        Concatenation,
        Gather,
        GatherGradient {

  /// The shape of the result. @throws ShapeException where the inputs do not fit
  Shape shape(List<Node> inputs);

  /// The type of the result: that of the first input unless an op says otherwise.
  default DType dtype(List<Node> inputs) {
    return inputs.getFirst().dtype();
  }

  /// Gradients of the loss with respect to each input, given the one with respect to the result;
  /// `null` stands for "none flows there".
  List<Node> gradient(Node self, Node upstream);

  /// The name in listings.
  default String label() {
    return getClass().getSimpleName();
  }

  /// Whether each element of the result depends only on the elements at the same place of the
  /// (broadcast) inputs: what may be fused into one pass over memory.
  default boolean elementwise() {
    return false;
  }

  /// Ops without inputs: where values come from.
  sealed interface Leaf extends Op permits Batch, Parameter, Scalar, Literal, Fill, UniformRandom {
    Shape shape();

    DType dtype();

    @Override
    default Shape shape(List<Node> inputs) {
      return shape();
    }

    @Override
    default DType dtype(List<Node> inputs) {
      return dtype();
    }

    @Override
    default List<Node> gradient(Node self, Node upstream) {
      return List.of();
    }
  }
}
