package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.Vary;
import java.util.Optional;

/// Zeros around pictures: (batch, height, width, channels) becomes (batch, rows, columns,
/// channels).
///
/// Keras class `ZeroPadding2D`.
public record ZeroPadding2D(Optional<String> name, Edges padding) implements Layer {
  public ZeroPadding2D {
    name.ifPresent(n -> Options.name("ZeroPadding2D", n));
    padding.notNegative("ZeroPadding2D", "padding");
  }

  /// One row and one column of zeros on each side.
  public static ZeroPadding2D of() {
    return of(1);
  }

  /// As many on all four sides.
  public static ZeroPadding2D of(int all) {
    return of(all, all);
  }

  public static ZeroPadding2D of(int vertical, int horizontal) {
    return of(vertical, vertical, horizontal, horizontal);
  }

  public static ZeroPadding2D of(int top, int bottom, int left, int right) {
    return new ZeroPadding2D(Optional.empty(), new Edges(top, bottom, left, right));
  }

  @Override
  public ZeroPadding2D named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  @Override
  public Node call(Call call, Node x) {
    Shape shape = x.shape();
    if (shape.rank() != 4) {
      throw call.rejects(
          "pictures (batch, height, width, channels)", shape, "Reshape to pictures first.");
    }
    return Ops.pad(
        x,
        new int[] {0, padding.top(), padding.left(), 0},
        new int[] {0, padding.bottom(), padding.right(), 0});
  }
}
