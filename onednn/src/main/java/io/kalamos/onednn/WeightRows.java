package io.kalamos.onednn;

import io.kalamos.engine.MatMul;
import io.kalamos.engine.Node;
import io.kalamos.kernels.MatrixProduct;

/// A thread's part of a product that the threads share by weights: all samples, and the rows of the
/// weights that belong to some of the layer's inputs.
///
/// @param node the layer's product, which gives addends, or the gradient of its weights
record WeightRows(Node node, int thread, long first, long count) {
  static WeightRows of(Node node, Shares shares, int thread) {
    long columns = node.shape().dim(1);
    Shares.Range rows = shares.rowsOfWeights(weights(node).shape().size(), columns, thread);
    return new WeightRows(node, thread, rows.from(), rows.rows());
  }

  private static Node weights(Node node) {
    return isGradient(node) ? node : node.input(1);
  }

  private static boolean isGradient(Node node) {
    return ((MatMul) node.op()).transposeA();
  }

  MatrixProduct product() {
    Node samples = node.input(0);
    int all = samples.shape().dim(0);
    int columns = node.shape().dim(1);
    int own = Math.toIntExact(count);
    MatrixProduct product =
        isGradient(node)
            ? MatrixProduct.of(own, all, columns).withTransposedA()
            : MatrixProduct.of(all, own, columns);
    return product.withRowsApart(samples.shape().dim(1));
  }

  /// Where the inputs of the first sample begin.
  long samples(Storage storage) {
    return storage.address(node.input(0), 0) + first * Float.BYTES;
  }

  /// Where the weights, or the gradients of all samples, begin.
  long operand(Storage storage) {
    return storage.address(node.input(1), 0) + (isGradient(node) ? 0 : skipped());
  }

  long result(Storage storage) {
    return storage.address(node, thread) + (isGradient(node) ? skipped() : 0);
  }

  private long skipped() {
    return first * node.shape().dim(1) * Float.BYTES;
  }
}
