package io.kalamos.golden;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import java.util.Arrays;

/// Target and prediction of a golden case, as values that gradients can be asked for.
public record Case(String name, Node target, Node prediction) {
  /// @param targets the type that the target is given in
  public static Case of(String name, DType targets, DType predictions) {
    int[] shapes = Arrays.stream(Golden.values(name + ".shapes")).mapToInt(v -> (int) v).toArray();
    Shape target = Shape.of(Arrays.copyOfRange(shapes, 1, 1 + shapes[0]));
    Shape prediction = Shape.of(Arrays.copyOfRange(shapes, 1 + shapes[0], shapes.length));
    return new Case(
        name,
        parameter(name + ".target", targets, target),
        parameter(name + ".prediction", predictions, prediction));
  }

  private static Node parameter(String name, DType dtype, Shape shape) {
    Tensor tensor = Tensor.of(Golden.values(name), shape.toArray()).cast(dtype);
    return Ops.parameter(new Variable(name, tensor, true));
  }
}
