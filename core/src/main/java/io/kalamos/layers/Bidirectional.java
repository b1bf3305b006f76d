package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A recurrent layer and its twin that goes backwards, their results merged (Schuster and Paliwal,
/// 1997): (batch, time, features) becomes (batch, 2 units), or (batch, time, 2 units) with the
/// layer's `returnSequences`; other merge modes keep the units.
///
/// Steps that do not count give zeros in sequences, whatever `zeroOutputForMask` says. With the
/// layer's `returnState` the states of both follow as further results; without a merge mode the
/// backward result is the second one. Weights: those of `forward_...`, then of `backward_...`.
/// Keras class `Bidirectional`.
///
/// @param mergeMode none for two results
/// @param backwardLayer in place of the layer's own twin; keeps its name if it has one
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
    List<Node> states = call.inputs().subList(1, call.inputs().size());
    int half = states.size() / 2;
    List<Node> forward = direction(call, forward(), states.subList(0, half));
    List<Node> backward = direction(call, backward(), states.subList(half, states.size()));
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

  private static List<Node> direction(Call call, RecurrentLayer direction, List<Node> states) {
    List<Node> inputs = new ArrayList<>(List.of(call.inputs().getFirst()));
    inputs.addAll(states);
    return call.inner(direction.name().get(), direction, inputs, List.of(call.mask(0)));
  }

  /// The layer under the name that it has here, such as `forward_lstm`.
  public RecurrentLayer forward() {
    return prefixed("forward_", layer);
  }

  /// The layer that takes the other direction, under the name that it has here.
  public RecurrentLayer backward() {
    Recurrence time = layer.recurrence();
    RecurrentLayer twin = layer.recurrence(Vary.of(time, "goBackwards", !time.goBackwards()));
    return backwardLayer
        .filter(given -> given.name().isPresent())
        .map(Bidirectional::zeroing)
        .orElseGet(() -> prefixed("backward_", backwardLayer.orElse(twin)));
  }

  private static RecurrentLayer prefixed(String prefix, RecurrentLayer direction) {
    String name = direction.name().orElseGet(direction::stem);
    return zeroing(direction.named(name.startsWith(prefix) ? name : prefix + name));
  }

  /// In sequences, steps that do not count give zeros instead of the state, as in Keras: the two
  /// directions reach them with different states.
  private static RecurrentLayer zeroing(RecurrentLayer direction) {
    Recurrence time = direction.recurrence();
    return direction.recurrence(Vary.of(time, "zeroOutputForMask", time.returnSequences()));
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
