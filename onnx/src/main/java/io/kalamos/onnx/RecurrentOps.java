package io.kalamos.onnx;

import io.kalamos.activations.ActivationFunction;
import io.kalamos.activations.Activations;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.GRU;
import io.kalamos.layers.LSTM;
import io.kalamos.layers.Layer;
import io.kalamos.layers.Recurrence;
import io.kalamos.layers.SimpleRNN;
import io.kalamos.models.PredictionGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Recurrent layers, which are one operator each in ONNX instead of one step behind the other: a
/// graph of 500 steps takes onnxruntime half a minute to load.
///
/// Sequences are (steps, batch, features) there. Layers whose time steps are masked, or that have
/// other activations, are written step by step.
final class RecurrentOps {
  /// (batch, steps, features) with the steps first.
  private static final Layout STEPS_FIRST = Layout.of(1, 0, 2);

  private static final Map<ActivationFunction, String> ACTIVATIONS =
      Map.of(Activations.TANH, "Tanh", Activations.SIGMOID, "Sigmoid", Activations.RELU, "Relu");

  /// @param cell the first part of the weights' names
  /// @param gates ONNX's gates by their places in Keras's order
  /// @param states how many
  /// @param activations of the gates and of the rest
  private record Cell(
      String opType,
      String cell,
      int units,
      List<Integer> gates,
      int states,
      List<ActivationFunction> activations,
      List<AttributeProto> options,
      Recurrence time) {}

  private final SizedGraph graph;
  private final GraphBuilder file;
  private final Values values;
  private final SequencedMap<String, Tensor> weights;

  RecurrentOps(
      SizedGraph graph, GraphBuilder file, Values values, SequencedMap<String, Tensor> weights) {
    this.graph = graph;
    this.file = file;
    this.values = values;
    this.weights = weights;
  }

  /// Whether ONNX has an operator for a layer.
  static boolean has(Layer layer) {
    return cell(layer)
        .filter(cell -> ACTIVATIONS.keySet().containsAll(cell.activations()))
        .isPresent();
  }

  private static Optional<Cell> cell(Layer layer) {
    return switch (layer) {
      case SimpleRNN rnn ->
          Optional.of(
              new Cell(
                  "RNN",
                  "/simple_rnn_cell/",
                  rnn.units(),
                  List.of(0),
                  1,
                  List.of(rnn.activation()),
                  List.of(),
                  rnn.recurrence()));
      case GRU gru ->
          Optional.of(
              new Cell(
                  "GRU",
                  "/gru_cell/",
                  gru.units(),
                  List.of(0, 1, 2),
                  1,
                  List.of(gru.recurrentActivation(), gru.activation()),
                  List.of(AttributeProto.whole("linear_before_reset", gru.resetAfter() ? 1 : 0)),
                  gru.recurrence()));
      case LSTM lstm ->
          Optional.of(
              new Cell(
                  "LSTM",
                  "/lstm_cell/",
                  lstm.units(),
                  List.of(0, 3, 1, 2),
                  2,
                  List.of(lstm.recurrentActivation(), lstm.activation(), lstm.activation()),
                  List.of(),
                  lstm.recurrence()));
      case Layer _ -> Optional.empty();
    };
  }

  /// Writes a layer that was left out, and keeps its results under these nodes' names.
  void write(PredictionGraph.LeftOut layer, Map<String, Node> results) {
    Cell cell = cell(layer.layer()).orElseThrow();
    String path = layer.path();
    List<Node> entering = graph.entering(layer);
    List<String> inputs = new ArrayList<>();
    inputs.add(values.in(entering.getFirst(), STEPS_FIRST));
    inputs.add(weight(path + cell.cell() + "kernel", cell));
    inputs.add(weight(path + cell.cell() + "recurrent_kernel", cell));
    inputs.add(bias(path + cell.cell() + "bias", cell));
    inputs.add("");
    for (Node state : entering.subList(1, entering.size())) {
      inputs.add(file.node(path, "Unsqueeze", List.of(values.plain(state), file.wholes(0))));
    }
    List<AttributeProto> attributes = new ArrayList<>(cell.options());
    attributes.add(AttributeProto.whole("hidden_size", cell.units()));
    attributes.add(
        AttributeProto.text("direction", cell.time().goBackwards() ? "reverse" : "forward"));
    attributes.add(
        new AttributeProto(
            "activations",
            new AttributeValue.Texts(cell.activations().stream().map(ACTIVATIONS::get).toList())));
    List<String> outputs = file.node(path, cell.opType(), inputs, 1 + cell.states(), attributes);

    boolean sequences = cell.time().returnSequences();
    Optional.ofNullable(results.get(layer.results().getFirst()))
        .ifPresent(
            node -> {
              if (sequences) {
                values.put(node, steps(path, outputs.getFirst(), cell), STEPS_FIRST);
              } else {
                values.put(node, state(path, outputs.get(1)));
              }
            });
    for (int i = 1; i < layer.results().size(); i++) {
      Node node = results.get(layer.results().get(i));
      if (node != null) {
        values.put(node, state(path, outputs.get(i)));
      }
    }
  }

  /// The axis of directions is dropped; Keras gives the steps in the order of taking.
  private String steps(String path, String output, Cell cell) {
    String steps = file.node(path, "Squeeze", List.of(output, file.wholes(1)));
    return cell.time().goBackwards() ? file.reversed(path, steps, file.wholes(0)) : steps;
  }

  private String state(String path, String output) {
    return file.node(path, "Squeeze", List.of(output, file.wholes(0)));
  }

  /// (inputs, gates · units) as (1, gates · units, inputs), with ONNX's order of gates.
  private String weight(String path, Cell cell) {
    Tensor kernel = weights.get(path);
    int units = cell.units();
    int inputs = kernel.shape().dim(0);
    int columns = kernel.shape().dim(1);
    Tensor arranged = Tensor.zeros(DType.FLOAT32, Shape.of(1, columns, inputs));
    for (int row = 0; row < columns; row++) {
      int column = cell.gates().get(row / units) * units + row % units;
      for (int i = 0; i < inputs; i++) {
        arranged.set((long) row * inputs + i, kernel.get((long) i * columns + column));
      }
    }
    return initializer(path, arranged);
  }

  /// The biases of inputs, then those of states, which only a GRU has of its own.
  private String bias(String path, Cell cell) {
    Tensor bias = weights.get(path);
    if (bias == null) {
      return "";
    }
    int units = cell.units();
    int size = cell.gates().size() * units;
    Tensor arranged = Tensor.zeros(DType.FLOAT32, Shape.of(1, 2 * size));
    for (int i = 0; i < bias.size(); i++) {
      int within = i % size;
      int from = i - within + cell.gates().get(within / units) * units + within % units;
      arranged.set(i, bias.get(from));
    }
    return initializer(path, arranged);
  }

  private String initializer(String path, Tensor tensor) {
    return file.initializer(
        path, ElementType.FLOAT, Numbers.dims(tensor.shape()), Numbers.raw(tensor));
  }
}
