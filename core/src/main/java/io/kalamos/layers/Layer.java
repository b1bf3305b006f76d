package io.kalamos.layers;

import io.kalamos.engine.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A description of a layer: an immutable value. Its weights belong to the model and are found by
/// path. An own layer is a record that implements [#call].
public interface Layer {
  /// The name that the model uses, if one was given; else it numbers the layers by kind.
  Optional<String> name();

  /// The same layer under a name of its own.
  Layer named(String name);

  /// Writes what the layer computes of its input and asks for its weights on the way.
  ///
  /// @param x the first input, in the compute type; a layer that takes several finds all in
  ///   [Call#inputs()]
  Node call(Call call, Node x);

  /// Keras's class name.
  default String kind() {
    return getClass().getSimpleName();
  }

  /// Keras's automatic name without a number: `max_pooling2d` for `MaxPooling2D`.
  default String stem() {
    return stem(kind());
  }

  /// Keras's automatic name for a class.
  static String stem(String kind) {
    return kind.replaceAll("\\W+", "")
        .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }

  /// Whether [#call] may get more than one input.
  default boolean takesSeveral() {
    return false;
  }

  /// Whether the mask of the first input holds for the result too, where [#call] sets none: so for
  /// layers that treat each time step by itself. Keras's `supports_masking`.
  default boolean passesMask() {
    return false;
  }

  /// Applies the layer in a functional model. Where the same instance is applied again, or another
  /// one with the same explicit name, both applications share the weights.
  default Application on(Symbol... inputs) {
    return new Application(this, List.copyOf(Arrays.asList(inputs)));
  }
}
