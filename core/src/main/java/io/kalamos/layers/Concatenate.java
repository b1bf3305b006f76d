package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.Vary;
import java.util.List;
import java.util.Optional;

/// Its inputs one behind the other along an axis: (batch, 3) and (batch, 4) become (batch, 7).
///
/// Masks of time steps go one behind the other too where the axis is that of the steps; else a step
/// counts where it counts in one of the inputs. An input without a mask counts everywhere. Keras
/// class `Concatenate`.
///
/// @param axis counted with the batch as axis 0; the last by default
public record Concatenate(Optional<String> name, int axis) implements Layer {
  public Concatenate {
    name.ifPresent(n -> Options.name("Concatenate", n));
  }

  public static Concatenate of() {
    return new Concatenate(Optional.empty(), -1);
  }

  @Override
  public Concatenate named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public Concatenate axis(int axis) {
    return Vary.of(this, "axis", axis);
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    List<Node> inputs = call.inputs();
    Shape first = x.shape();
    int along = Axes.behindBatch(call, first, List.of(axis)).getFirst();
    for (Node input : inputs) {
      Shape shape = input.shape();
      if (shape.rank() != first.rank() || !shape.with(along, 1).equals(first.with(along, 1))) {
        throw call.rejects(
            "the sizes of " + Merging.open(first) + " but for axis " + axis,
            shape,
            "Reshape the inputs, or choose another axis.");
      }
    }
    boolean steps = along == 1 && first.rank() > 1;
    Merging.mask(
        call,
        true,
        masks ->
            steps ? Ops.concatenate(1, masks) : masks.stream().reduce(Ops::maximum).orElseThrow());
    return Ops.concatenate(along, inputs);
  }
}
