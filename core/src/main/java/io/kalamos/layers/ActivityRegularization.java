package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import io.kalamos.regularizers.L1L2;
import java.util.Optional;

/// Its input as it is, whose size costs l1 · the absolute values + l2 · the squares of a sample.
///
/// Keras class `ActivityRegularization`.
public record ActivityRegularization(Optional<String> name, double l1, double l2) implements Layer {
  public ActivityRegularization {
    name.ifPresent(n -> Options.name("ActivityRegularization", n));
    Refusal.unlessNotNegative("ActivityRegularization", "l1", l1, "Keras's default is 0.");
    Refusal.unlessNotNegative("ActivityRegularization", "l2", l2, "Keras's default is 0.");
  }

  /// No price yet: [#l1] and [#l2] set it.
  public static ActivityRegularization of() {
    return of(0, 0);
  }

  public static ActivityRegularization of(double l1, double l2) {
    return new ActivityRegularization(Optional.empty(), l1, l2);
  }

  @Override
  public ActivityRegularization named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public ActivityRegularization l1(double l1) {
    return Vary.of(this, "l1", l1);
  }

  public ActivityRegularization l2(double l2) {
    return Vary.of(this, "l2", l2);
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    return call.regularized(x, Optional.of(L1L2.of(l1, l2)));
  }
}
