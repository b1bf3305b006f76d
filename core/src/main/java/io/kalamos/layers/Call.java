package io.kalamos.layers;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import io.kalamos.initializers.Initializer;
import io.kalamos.regularizers.Regularizer;
import java.util.List;
import java.util.Optional;

/// What a layer may do while it writes its part of the graph.
public interface Call {
  /// Where the layer stands, such as `dense_1`.
  String path();

  /// Whether this is a training step; false also where the layer is frozen.
  boolean training();

  /// All inputs, floating ones in the compute type.
  List<Node> inputs();

  /// The type to compute in: float32, float64, or bfloat16 under `mixed_bfloat16`.
  DType computeType();

  /// The type of weights and statistics: float32 or float64.
  DType variableType();

  /// A stream of random numbers that belongs to this layer alone.
  int stream();

  /// A trainable weight, created at the first call and found by its name afterwards, as a value of
  /// `type`.
  Node weight(
      String name,
      Shape shape,
      Initializer initializer,
      Optional<Regularizer> regularizer,
      DType type);

  /// A trainable weight in the compute type.
  default Node weight(
      String name, Shape shape, Initializer initializer, Optional<Regularizer> regularizer) {
    return weight(name, shape, initializer, regularizer, computeType());
  }

  /// A value that no gradient changes, in the variable type.
  Node state(String name, Shape shape, Initializer initializer);

  /// The value of a state from the next step on.
  void update(String state, Node value);

  /// An error of this layer about its input: `dense (Dense): expected ..., received shape=(None,
  /// 4). ...`
  ShapeException rejects(String expected, Shape received, String remedy);
}
