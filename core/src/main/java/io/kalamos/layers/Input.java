package io.kalamos.layers;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.options.Refusal;
import java.util.Optional;

/// Where data enters a model: the shape of one sample, without the batch. Data of any type fits and
/// is converted inside the program.
///
/// Keras class `InputLayer`.
///
/// @param dtype what the first layers see: FLOAT32 (the model's own precision) or INT32
public record Input(Optional<String> name, Shape shape, DType dtype) implements Layer, Symbol {
  public Input {
    name.ifPresent(n -> Options.name("Input", n));
    for (int size : shape.toArray()) {
      if (size < 1) {
        throw Refusal.of(
            "Input",
            "sizes of 1 or more, without the batch",
            "shape",
            shape,
            "Name the sizes of one sample, such as Input.of(28, 28, 1).");
      }
    }
  }

  /// Samples of this shape.
  public static Input of(int... sizes) {
    return new Input(Optional.empty(), Shape.of(sizes), DType.FLOAT32);
  }

  /// The type that the first layers see.
  public Input dtype(DType dtype) {
    return new Input(name, shape, dtype);
  }

  @Override
  public Input named(String name) {
    return new Input(Optional.of(name), shape, dtype);
  }

  @Override
  public String kind() {
    return "InputLayer";
  }

  @Override
  public Node call(Call call, Node x) {
    return x;
  }
}
