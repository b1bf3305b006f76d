package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.Vary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The greatest value of each of height · width parts of a picture, which overlap where they do not
/// divide it: (batch, any height, any width, channels) becomes (batch, height, width, channels).
///
/// Keras class `AdaptiveMaxPooling2D`.
public record AdaptiveMaxPooling2D(Optional<String> name, Pair outputSize) implements Layer {
  public AdaptiveMaxPooling2D {
    name.ifPresent(n -> Options.name("AdaptiveMaxPooling2D", n));
    outputSize.positive("AdaptiveMaxPooling2D", "outputSize");
  }

  public static AdaptiveMaxPooling2D of(int both) {
    return of(both, both);
  }

  public static AdaptiveMaxPooling2D of(int height, int width) {
    return new AdaptiveMaxPooling2D(Optional.empty(), Pair.of(height, width));
  }

  @Override
  public AdaptiveMaxPooling2D named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  @Override
  public Node call(Call call, Node x) {
    Shape shape = x.shape();
    if (shape.rank() != 4) {
      throw call.rejects(
          "pictures (batch, height, width, channels)",
          shape,
          "Pool before flattening, or reshape to (height, width, channels) first.");
    }
    Node rows = greatest(x, 1, outputSize.height());
    return greatest(rows, 2, outputSize.width());
  }

  /// The greatest value of each part of an axis.
  private static Node greatest(Node x, int axis, int parts) {
    int size = x.shape().dim(axis);
    List<Node> results = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      int from = part * size / parts;
      int to = ((part + 1) * size + parts - 1) / parts;
      results.add(Ops.max(Ops.slice(x, axis, from, to), axis));
    }
    return Ops.concatenate(axis, results);
  }
}
