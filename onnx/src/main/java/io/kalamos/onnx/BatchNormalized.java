package io.kalamos.onnx;

import io.kalamos.engine.Binary;
import io.kalamos.engine.Fill;
import io.kalamos.engine.Node;
import io.kalamos.engine.Reshaping;
import io.kalamos.engine.Unary;
import java.util.Optional;

/// Batch normalisation found in a graph: x · f + (beta - mean · f) with f = gamma / sqrt(variance +
/// epsilon), as the layer writes it while predicting.
///
/// ONNX has an operator for it, which keeps the four weights apart and which others fold into the
/// convolution in front of it.
///
/// @param axis of the channels
record BatchNormalized(
    Node x,
    Optional<Node> gamma,
    Optional<Node> beta,
    Node mean,
    Node variance,
    double epsilon,
    int axis) {

  /// What a sum is, if it is that.
  static Optional<BatchNormalized> of(Node sum) {
    if (sum.op() != Binary.ADD || sum.input(0).op() != Binary.MULTIPLY) {
      return Optional.empty();
    }
    Node x = sum.input(0).input(0);
    Node along = sum.input(0).input(1);
    Node factor = ofChannels(along);
    Node summand = ofChannels(sum.input(1));
    boolean scaled = factor.op() == Binary.MULTIPLY;
    Node inverse = scaled ? factor.input(1) : factor;
    boolean centered = summand.op() == Binary.ADD;
    Node shift = centered ? summand.input(1) : summand;
    boolean fits =
        inverse.op() == Unary.RSQRT
            && inverse.input(0).op() == Binary.ADD
            && inverse.input(0).input(1).op() instanceof Fill
            && shift.op() == Unary.NEG
            && shift.input(0).op() == Binary.MULTIPLY
            && shift.input(0).input(1) == factor
            && factor.shape().rank() == 1
            && summand.shape().equals(factor.shape())
            && x.shape().equals(sum.shape())
            && channels(sum, along) == factor.shape().size();
    if (!fits) {
      return Optional.empty();
    }
    return Optional.of(
        new BatchNormalized(
            x,
            scaled ? Optional.of(factor.input(0)) : Optional.empty(),
            centered ? Optional.of(summand.input(0)) : Optional.empty(),
            shift.input(0).input(0),
            inverse.input(0).input(0),
            ((Fill) inverse.input(0).input(1).op()).value(),
            sum.shape().rank() - along.shape().rank()));
  }

  /// A value of each channel, before it was lined up with its axis.
  private static Node ofChannels(Node node) {
    return node.op() instanceof Reshaping ? node.input(0) : node;
  }

  /// The size of the axis with which `along` begins.
  private static int channels(Node sum, Node along) {
    int ahead = sum.shape().rank() - along.shape().rank();
    return along.shape().rank() == 0 || ahead < 1 ? 0 : sum.shape().dim(ahead);
  }
}
