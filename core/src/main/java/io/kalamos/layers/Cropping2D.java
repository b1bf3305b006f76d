package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.Vary;
import java.util.Optional;

/// Pictures without their outer rows and columns: (batch, height, width, channels) becomes (batch,
/// rows, columns, channels).
///
/// Keras class `Cropping2D`.
public record Cropping2D(Optional<String> name, Edges cropping) implements Layer {
  public Cropping2D {
    name.ifPresent(n -> Options.name("Cropping2D", n));
    cropping.notNegative("Cropping2D", "cropping");
  }

  /// Nothing is cut off.
  public static Cropping2D of() {
    return of(0);
  }

  /// As many on all four sides.
  public static Cropping2D of(int all) {
    return of(all, all);
  }

  public static Cropping2D of(int vertical, int horizontal) {
    return of(vertical, vertical, horizontal, horizontal);
  }

  public static Cropping2D of(int top, int bottom, int left, int right) {
    return new Cropping2D(Optional.empty(), new Edges(top, bottom, left, right));
  }

  @Override
  public Cropping2D named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  @Override
  public Node call(Call call, Node x) {
    Shape shape = x.shape();
    if (shape.rank() != 4) {
      throw call.rejects(
          "pictures (batch, height, width, channels)", shape, "Reshape to pictures first.");
    }
    int rows = shape.dim(1) - cropping.top() - cropping.bottom();
    int columns = shape.dim(2) - cropping.left() - cropping.right();
    if (rows < 1 || columns < 1) {
      throw call.rejects(
          "pictures of which cropping=" + cropping + " leaves something",
          shape,
          "Crop less, or use larger pictures.");
    }
    Node cropped = Ops.slice(x, 1, cropping.top(), cropping.top() + rows);
    return Ops.slice(cropped, 2, cropping.left(), cropping.left() + columns);
  }
}
