package io.kalamos.layers;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
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

  /// Which time steps of an input count, (batch, time) of 1 and 0 in float32, where a layer before
  /// this one left some out.
  Optional<Node> mask(int input);

  /// Says which time steps of the result count. Without it the first input's mask passes on if the
  /// layer says so ([Layer#passesMask]).
  void mask(Node mask);

  /// Adds a result behind the one that [Layer#call] returns, such as a recurrent layer's state.
  void result(Node further);

  /// Adds a price to the loss: a single number, or one for each sample whose mean is taken.
  void penalty(Node price);

  /// The type to compute in: float32, float64, or bfloat16 under `mixed_bfloat16`.
  DType computeType();

  /// The type of weights and statistics: float32 or float64.
  DType variableType();

  /// A stream of random numbers that belongs to this layer alone.
  int stream();

  /// A trainable weight, created at the first call and found by its name afterwards, as a value of
  /// `type`.
  Node weight(String name, Shape shape, WeightOptions options, DType type);

  /// A trainable weight in the compute type.
  default Node weight(String name, Shape shape, WeightOptions options) {
    return weight(name, shape, options, computeType());
  }

  /// A value that no gradient changes, in the variable type.
  Node state(String name, Shape shape, Initializer initializer);

  /// The value of a state from the next step on.
  void update(String state, Node value);

  /// Calls a layer that this one holds, as an inner one of that name: its weights stand under this
  /// layer's path. All of its results, the first one first.
  List<Node> inner(String name, Layer layer, List<Node> inputs, List<Optional<Node>> masks);

  /// The first result of an inner layer without masks.
  default Node inner(String name, Layer layer, Node... inputs) {
    return inner(name, layer, List.of(inputs), List.of()).getFirst();
  }

  /// The value `y`, whose size costs what an activity regulariser says, for each sample.
  default Node regularized(Node y, Optional<Regularizer> regularizer) {
    regularizer.ifPresent(
        r -> {
          Node wide = Ops.cast(y, variableType());
          penalty(Ops.divide(r.penalty(wide), y.shape().dim(0)));
        });
    return y;
  }

  /// An error of this layer about its input: `dense (Dense): expected ..., received shape=(None,
  /// 4). ...`
  ShapeException rejects(String expected, Shape received, String remedy);
}
