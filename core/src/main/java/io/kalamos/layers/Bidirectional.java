package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.List;
import java.util.Optional;

/// A recurrent layer and its twin that goes backwards, their results merged (Schuster and Paliwal,
/// 1997): (batch, time, features) becomes (batch, 2 units), or (batch, time, 2 units) with the
/// layer's `returnSequences`; other merge modes keep the units.
///
/// With the layer's `returnState` the states of both follow as further results; without a merge
/// mode the backward result is the second one. Weights: those of `forward_...`, then of
/// `backward_...`. Keras class `Bidirectional`.
///
/// @param mergeMode none for two results
/// @param backwardLayer in place of the layer's own twin
public record Bidirectional(
    Optional<String> name,
    RecurrentLayer layer,
    Optional<Merge> mergeMode,
    Optional<RecurrentLayer> backwardLayer)
    implements Layer {
  public Bidirectional {
    name.ifPresent(n -> Options.name("Bidirectional", n));
    Recurrence forward = layer.recurrence();
    backwardLayer
        .map(RecurrentLayer::recurrence)
        .ifPresent(
            backward -> {
              if (backward.goBackwards() == forward.goBackwards()) {
                throw refused("another goBackwards than layer", "goBackwards", backward);
              }
              if (backward.returnSequences() != forward.returnSequences()) {
                throw refused("returnSequences as layer", "returnSequences", backward);
              }
              if (backward.returnState() != forward.returnState()) {
                throw refused("returnState as layer", "returnState", backward);
              }
            });
  }

  private static IllegalArgumentException refused(String expected, String name, Recurrence given) {
    boolean value =
        switch (name) {
          case "goBackwards" -> given.goBackwards();
          case "returnSequences" -> given.returnSequences();
          default -> given.returnState();
        };
    return Refusal.of(
        "Bidirectional", "a backwardLayer with " + expected, name, value, "Change one of the two.");
  }

  /// The layer in both directions, results side by side.
  public static Bidirectional of(RecurrentLayer layer) {
    return new Bidirectional(Optional.empty(), layer, Optional.of(Merge.CONCAT), Optional.empty());
  }

  @Override
  public Bidirectional named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public Bidirectional mergeMode(Merge mode) {
    return Vary.of(this, "mergeMode", Optional.of(mode));
  }

  /// Two results instead of one.
  public Bidirectional unmerged() {
    return Vary.of(this, "mergeMode", Optional.empty());
  }

  public Bidirectional backwardLayer(RecurrentLayer layer) {
    return Vary.of(this, "backwardLayer", Optional.of(layer));
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    Recurrence time = layer.recurrence();
    RecurrentLayer twin =
        backwardLayer.orElseGet(
            () -> layer.recurrence(Vary.of(time, "goBackwards", !time.goBackwards())));
    List<Node> states = call.inputs().subList(1, call.inputs().size());
    int half = states.size() / 2;
    List<Node> forward = direction(call, "forward_", layer, states.subList(0, half));
    List<Node> backward = direction(call, "backward_", twin, states.subList(half, states.size()));
    Node y = forward.getFirst();
    Node reversed = backward.getFirst();
    if (time.returnSequences()) {
      reversed = Ops.reverse(reversed, 1);
      call.mask(0).ifPresent(call::mask);
    }
    Node merged = merged(call, y, reversed);
    forward.subList(1, forward.size()).forEach(call::result);
    backward.subList(1, backward.size()).forEach(call::result);
    return merged;
  }

  private List<Node> direction(
      Call call, String prefix, RecurrentLayer direction, List<Node> states) {
    List<Node> inputs = new java.util.ArrayList<>(List.of(call.inputs().getFirst()));
    inputs.addAll(states);
    String inner = direction.name().orElseGet(direction::stem);
    String name = inner.startsWith(prefix) ? inner : prefix + inner;
    return call.inner(name, direction, inputs, List.of(call.mask(0)));
  }

  private Node merged(Call call, Node forward, Node backward) {
    if (mergeMode.isEmpty()) {
      call.result(backward);
      return forward;
    }
    return switch (mergeMode.get()) {
      case CONCAT -> Ops.concatenate(-1, forward, backward);
      case SUM -> Ops.add(forward, backward);
      case MUL -> Ops.multiply(forward, backward);
      case AVE -> Ops.multiply(Ops.add(forward, backward), 0.5);
    };
  }
}
