package io.kalamos.onnx;

import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Application;
import io.kalamos.layers.Bidirectional;
import io.kalamos.layers.GRU;
import io.kalamos.layers.LSTM;
import io.kalamos.layers.RecurrentLayer;
import io.kalamos.layers.SimpleRNN;
import io.kalamos.layers.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// LSTM, GRU and simple recurrence as layers, forward or in both directions, where they begin with
/// zeros and have Keras's activations.
final class RecurrentLayers {
  /// Where Keras's gates stand among those of the file.
  private static final int[] LSTM_GATES = {0, 2, 3, 1};

  private static final int[] GRU_GATES = {0, 1, 2};

  private static final int[] RNN_GATES = {0};

  private final Translation translation;
  private final LayerTable table;
  private final ShapeLayers shapes;

  RecurrentLayers(Translation translation, LayerTable table, ShapeLayers shapes) {
    this.translation = translation;
    this.table = table;
    this.shapes = shapes;
  }

  boolean translate(NodeProto node) {
    Optional<Carried> input =
        table.carried(node, 0).filter(x -> x.rank() == 3 && x.batch() == 1 && x.type().floating());
    Site site = translation.probe().site(node);
    String direction = site.text("direction", "forward");
    boolean both = direction.equals("bidirectional");
    boolean states = used(node, 1) || used(node, 2);
    if (input.isEmpty()
        || !(both ? !states : direction.equals("forward"))
        || !usual(node, site)
        || !zeros(node, 5)
        || !zeros(node, 6)) {
      return false;
    }
    Carried x = input.get();
    int units = table.shape(node, 2).dim(-1);
    int steps = x.shape().dim(0);
    boolean sequences = used(node, 0);
    boolean state = states && (sequences || used(node, 2));
    RecurrentLayer one = layer(node, site, units, sequences, state);
    Application made =
        translation.apply(
            node,
            both ? Bidirectional.of(one) : one,
            table.sources(node, 1, 2, 3),
            weights(node, site, units, both ? 2 : 1),
            translation.symbol(x, x.plain()));
    if (sequences) {
      int directions = both ? 2 : 1;
      int[] lies = {steps, directions * units};
      carry(node, 0, shapes.reshaped(made, lies, steps, directions, units));
    }
    int[] row = {units};
    if (used(node, 1)) {
      carry(node, 1, shapes.reshaped(made.output(state ? 1 : 0), row, 1, units));
    }
    if (used(node, 2)) {
      carry(node, 2, shapes.reshaped(made.output(2), row, 1, units));
    }
    return true;
  }

  /// Says that a result lies with the batch first.
  private void carry(NodeProto node, int output, Symbol symbol) {
    String name = node.outputs().get(output);
    Carried value =
        Carried.of(
            ElementType.FLOAT,
            translation.shape(name),
            translation.probe().batch(name).orElseThrow());
    translation.carry(name, value.plain(), symbol);
  }

  private boolean used(NodeProto node, int output) {
    return output < node.outputs().size()
        && !node.outputs().get(output).isEmpty()
        && !translation.unused(node.outputs().get(output));
  }

  /// Whether inputs and attributes are those that Keras knows.
  private boolean usual(NodeProto node, Site site) {
    boolean known =
        table.weight(node, 1)
            && table.weight(node, 2)
            && (!table.has(node, 3) || table.known(node, 3));
    List<String> functions =
        switch (node.opType()) {
          case "LSTM" -> List.of("sigmoid", "tanh", "tanh");
          case "GRU" -> List.of("sigmoid", "tanh");
          default -> List.of("tanh");
        };
    List<String> named = site.texts("activations");
    boolean alike = true;
    for (int i = 0; i < named.size(); i++) {
      alike &= named.get(i).toLowerCase(Locale.ROOT).equals(functions.get(i % functions.size()));
    }
    return known
        && alike
        && !table.has(node, 4)
        && !table.has(node, 7)
        && !site.given("clip")
        && !site.flag("layout", false)
        && !site.flag("input_forget", false);
  }

  private boolean zeros(NodeProto node, int i) {
    return !table.has(node, i)
        || translation.probe().value(node.inputs().get(i)) instanceof Value.Known known
            && known.uniform()
            && known.tensor().get(0) == 0;
  }

  private RecurrentLayer layer(
      NodeProto node, Site site, int units, boolean sequences, boolean state) {
    boolean bias = table.has(node, 3);
    return switch (node.opType()) {
      case "LSTM" -> LSTM.of(units).useBias(bias).returnSequences(sequences).returnState(state);
      case "GRU" ->
          GRU.of(units)
              .useBias(bias)
              .resetAfter(site.flag("linear_before_reset", false))
              .returnSequences(sequences)
              .returnState(state);
      default -> SimpleRNN.of(units).useBias(bias).returnSequences(sequences).returnState(state);
    };
  }

  /// Kernel, recurrent kernel and bias of each direction in Keras's order of gates.
  private List<Tensor> weights(NodeProto node, Site site, int units, int directions) {
    int[] gates =
        switch (node.opType()) {
          case "LSTM" -> LSTM_GATES;
          case "GRU" -> GRU_GATES;
          default -> RNN_GATES;
        };
    boolean apart = node.opType().equals("GRU") && site.flag("linear_before_reset", false);
    List<Tensor> all = new ArrayList<>();
    for (int d = 0; d < directions; d++) {
      all.add(columns(part(node, 1, d), gates, units));
      all.add(columns(part(node, 2, d), gates, units));
      if (table.has(node, 3)) {
        Tensor bias = part(node, 3, d);
        int half = gates.length * units;
        Tensor placed = columns(bias.reshape(2 * half, 1).rows(0, half), gates, units);
        Tensor second = columns(bias.reshape(2 * half, 1).rows(half, 2 * half), gates, units);
        all.add(apart ? stacked(placed, second, half) : sum(placed, second, half));
      }
    }
    return all;
  }

  private Tensor part(NodeProto node, int input, int d) {
    Tensor all = translation.number(node.inputs().get(input));
    Shape one = all.shape().slice(1, all.shape().rank());
    return all.rows(d, d + 1).reshape(one.toArray());
  }

  /// Rows (gates · units, inputs) as columns (inputs, gates · units) in another order of gates.
  private static Tensor columns(Tensor rows, int[] gates, int units) {
    int inputs = rows.shape().dim(1);
    int width = gates.length * units;
    Tensor columns = Tensor.zeros(rows.dtype(), Shape.of(inputs, width));
    columns.fill(
        i -> {
          int column = i % width;
          int row = gates[column / units] * units + column % units;
          return rows.get((long) row * inputs + i / width);
        });
    return columns;
  }

  private static Tensor stacked(Tensor first, Tensor second, int half) {
    Tensor both = Tensor.zeros(first.dtype(), Shape.of(2, half));
    both.fill(i -> i < half ? first.get(i) : second.get(i - half));
    return both;
  }

  private static Tensor sum(Tensor first, Tensor second, int half) {
    Tensor sum = Tensor.zeros(first.dtype(), Shape.of(half));
    sum.fill(i -> first.get(i) + second.get(i));
    return sum;
  }
}
