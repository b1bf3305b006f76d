package io.kalamos.onnx;

import java.util.List;

/// Writes what an ONNX operator computes, in the engine's symbolic operations.
@FunctionalInterface
interface Operator {
  /// The results in the order of the node's outputs; further ones may be left out where the node
  /// does not name them.
  List<Value> write(Site site);
}
