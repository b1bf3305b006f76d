package io.kalamos.onnx;

import static java.util.Map.entry;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;

/// LSTM, GRU and simple recurrence, written step by step.
final class RecurrentOperators {
  static final Map<String, Operator> ALL =
      Map.ofEntries(
          entry("LSTM", s -> recurrent(s, Kind.LSTM)),
          entry("GRU", s -> recurrent(s, Kind.GRU)),
          entry("RNN", s -> recurrent(s, Kind.RNN)));

  private enum Kind {
    LSTM(4, 3),
    GRU(3, 2),
    RNN(1, 1);

    final int gates;
    final int activations;

    Kind(int gates, int activations) {
      this.gates = gates;
      this.activations = activations;
    }
  }

  private RecurrentOperators() {}

  /// One direction: weights (gates · hidden, inputs), the state before, what follows.
  private record Direction(
      Site site,
      Kind kind,
      int hidden,
      Node kernel,
      Node recurrent,
      Node bias,
      Node recurrentBias,
      List<Node> peepholes,
      List<UnaryOperator<Node>> functions) {
    /// @param state hidden state and, for LSTM, the cell
    List<Node> step(Node x, List<Node> state) {
      return switch (kind) {
        case LSTM -> lstm(x, state.get(0), state.get(1));
        case GRU -> List.of(gru(x, state.get(0)));
        case RNN -> List.of(functions.get(0).apply(all(x, state.get(0))));
      };
    }

    private Node all(Node x, Node h) {
      return Ops.add(
          Ops.add(Ops.matmul(x, kernel, false, true), bias),
          Ops.add(Ops.matmul(h, recurrent, false, true), recurrentBias));
    }

    private Node gate(Node all, int gate) {
      return Ops.slice(all, 1, gate * hidden, (gate + 1) * hidden);
    }

    private Node peeped(Node gate, int peephole, Node cell) {
      return peepholes.isEmpty()
          ? gate
          : Ops.add(gate, Ops.multiply(peepholes.get(peephole), cell));
    }

    /// Gates in ONNX's order: input, output, forget, cell.
    private List<Node> lstm(Node x, Node h, Node c) {
      Node all = all(x, h);
      UnaryOperator<Node> f = functions.get(0);
      Node input = f.apply(peeped(gate(all, 0), 0, c));
      Node forget =
          site.flag("input_forget", false)
              ? Ops.subtract(1, input)
              : f.apply(peeped(gate(all, 2), 2, c));
      Node fresh = functions.get(1).apply(gate(all, 3));
      Node cell = Ops.add(Ops.multiply(forget, c), Ops.multiply(input, fresh));
      Node output = f.apply(peeped(gate(all, 1), 1, cell));
      return List.of(Ops.multiply(output, functions.get(2).apply(cell)), cell);
    }

    /// Gates in ONNX's order: update, reset, hidden.
    private Node gru(Node x, Node h) {
      Node fromX = Ops.add(Ops.matmul(x, kernel, false, true), bias);
      UnaryOperator<Node> f = functions.get(0);
      Node fromH = Ops.add(Ops.matmul(h, recurrent, false, true), recurrentBias);
      Node update = f.apply(Ops.add(gate(fromX, 0), gate(fromH, 0)));
      Node reset = f.apply(Ops.add(gate(fromX, 1), gate(fromH, 1)));
      Node remembered =
          site.flag("linear_before_reset", false)
              ? Ops.multiply(reset, gate(fromH, 2))
              : Ops.add(
                  Ops.matmul(
                      Ops.multiply(reset, h),
                      Ops.slice(recurrent, 0, 2 * hidden, 3 * hidden),
                      false,
                      true),
                  Ops.slice(recurrentBias, 0, 2 * hidden, 3 * hidden));
      Node fresh = functions.get(1).apply(Ops.add(gate(fromX, 2), remembered));
      return Ops.add(Ops.multiply(Ops.subtract(1, update), fresh), Ops.multiply(update, h));
    }
  }

  /// Where a sequence, and with it the results, have their axes.
  private static List<Value> recurrent(Site s, Kind kind) {
    boolean batchFirst = s.flag("layout", false);
    Node x = batchFirst ? Ops.transpose(s.x(0), 1, 0, 2) : s.x(0);
    if (x.shape().rank() != 3) {
      throw s.refusal(
          "sequences (steps, batch, inputs)", "shape", s.shape(0), "Export the model anew.");
    }
    int steps = x.shape().dim(0);
    int batch = x.shape().dim(1);
    String direction = s.text("direction", "forward");
    int directions = direction.equals("bidirectional") ? 2 : 1;
    s.unrolls("steps", (long) steps * directions);
    if (s.given("clip")) {
      throw s.refusal("no bound on activations", "clip", s.real("clip", 0), "Export without clip.");
    }
    int hidden = s.size("hidden_size", s.number("hidden_size", s.shape(2).dim(-1)), 1);
    whole(s, steps);
    List<Node> outputs = new ArrayList<>();
    List<List<Node>> last = new ArrayList<>();
    for (int d = 0; d < directions; d++) {
      boolean backward = d == 1 || direction.equals("reverse");
      Direction one = direction(s, kind, d, hidden);
      List<Node> state = new ArrayList<>(List.of(start(s, 5, d, batch, hidden, batchFirst)));
      if (kind == Kind.LSTM) {
        state.add(start(s, 6, d, batch, hidden, batchFirst));
      }
      Node[] made = new Node[steps];
      for (int i = 0; i < steps; i++) {
        int at = backward ? steps - 1 - i : i;
        Node now = Ops.reshape(Ops.slice(x, 0, at, at + 1), Shape.of(batch, x.shape().dim(2)));
        state = one.step(now, state).stream().map(node -> node.within(s.scope())).toList();
        made[at] = state.getFirst();
      }
      outputs.add(Ops.stack(0, made));
      last.add(state);
    }
    List<Value> results = new ArrayList<>();
    Node all = Ops.stack(1, outputs);
    results.add(s.result(batchFirst ? Ops.transpose(all, 2, 0, 1, 3) : all, s.type(0)));
    for (int i = 0; i < last.getFirst().size(); i++) {
      int which = i;
      Node end = Ops.stack(0, last.stream().map(state -> state.get(which)).toList());
      results.add(s.result(batchFirst ? Ops.transpose(end, 1, 0, 2) : end, s.type(0)));
    }
    return results;
  }

  /// Sequences must have one length.
  private static void whole(Site s, int steps) {
    if (s.has(4) && DoubleStream.of(s.constant(4).values()).anyMatch(n -> n != steps)) {
      throw s.refusal(
          "sequences of " + steps + " steps each",
          "sequence_lens",
          Site.shown(s.numbers(4)),
          "Pad sequences to one length and export without lengths.");
    }
  }

  private static Node start(Site s, int input, int d, int batch, int hidden, boolean batchFirst) {
    Shape shape = Shape.of(batch, hidden);
    if (!s.has(input)) {
      return Ops.fill(0, shape, s.dtype());
    }
    Node all = batchFirst ? Ops.transpose(s.x(input), 1, 0, 2) : s.x(input);
    Node own = Ops.slice(all, 0, d, d + 1);
    return Ops.broadcastTo(Ops.reshape(own, own.shape().slice(1, 3)), shape);
  }

  private static Direction direction(Site s, Kind kind, int d, int hidden) {
    int rows = Math.multiplyExact(kind.gates, hidden);
    Node bias = s.has(3) ? part(s.x(3), d) : Ops.fill(0, Shape.of(2 * rows), s.dtype());
    List<Node> peepholes = new ArrayList<>();
    if (kind == Kind.LSTM && s.has(7)) {
      Node all = part(s.x(7), d);
      for (int gate = 0; gate < 3; gate++) {
        peepholes.add(Ops.slice(all, 0, gate * hidden, (gate + 1) * hidden));
      }
    }
    return new Direction(
        s,
        kind,
        hidden,
        part(s.x(1), d),
        part(s.x(2), d),
        Ops.slice(bias, 0, 0, rows),
        Ops.slice(bias, 0, rows, 2 * rows),
        peepholes,
        functions(s, kind, d));
  }

  private static Node part(Node x, int d) {
    return Ops.reshape(Ops.slice(x, 0, d, d + 1), x.shape().slice(1, x.shape().rank()));
  }

  private static List<UnaryOperator<Node>> functions(Site s, Kind kind, int d) {
    List<String> named = s.texts("activations");
    List<String> usual =
        switch (kind) {
          case LSTM -> List.of("sigmoid", "tanh", "tanh");
          case GRU -> List.of("sigmoid", "tanh");
          case RNN -> List.of("tanh");
        };
    List<UnaryOperator<Node>> functions = new ArrayList<>();
    for (int i = 0; i < kind.activations; i++) {
      int at = d * kind.activations + i;
      String name = at < named.size() ? named.get(at) : usual.get(i);
      functions.add(
          switch (name.toLowerCase(java.util.Locale.ROOT)) {
            case "sigmoid" -> Ops::sigmoid;
            case "tanh" -> Ops::tanh;
            case "relu" -> Ops::relu;
            case "hardsigmoid" -> x -> ActivationOperators.hardSigmoid(x, 0.2, 0.5);
            case "softplus" -> ActivationOperators::softplus;
            default ->
                throw s.refusal(
                    "activations Sigmoid, Tanh, Relu, HardSigmoid or Softplus",
                    "activations",
                    Names.shown(name),
                    "Export the model with one of these.");
          });
    }
    return functions;
  }
}
