package io.kalamos.layers;

import io.kalamos.engine.Node;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A function over symbolic values as a layer: `Lambda.of(x -> Ops.square(x))`. The first axis, the
/// batch, stays.
///
/// Keras class `Lambda`.
public record Lambda(Optional<String> name, UnaryOperator<Node> function) implements Layer {
  public Lambda {
    name.ifPresent(n -> Options.name("Lambda", n));
  }

  public static Lambda of(UnaryOperator<Node> function) {
    return new Lambda(Optional.empty(), function);
  }

  @Override
  public Lambda named(String name) {
    return new Lambda(Optional.of(name), function);
  }

  @Override
  public Node call(Call call, Node x) {
    return function.apply(x);
  }
}
