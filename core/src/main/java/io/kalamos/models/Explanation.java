package io.kalamos.models;

import io.kalamos.engine.Backend;
import io.kalamos.engine.Batch;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.DType;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Printer;
import io.kalamos.engine.Program;
import io.kalamos.engine.Scalar;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.losses.TargetKind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// A step in words: the graph after the rewrites, and the backend's plan.
final class Explanation {
  private Explanation() {}

  /// @param batch rows of a step
  /// @param runs after which the least time of each kernel is told; 0 for no times
  static String of(
      Network network,
      Compiled compiled,
      Backend backend,
      Execution execution,
      int batch,
      int runs) {
    Graph graph =
        compiled == null ? prediction(network, batch) : training(network, compiled, batch);
    CompileOptions options = new CompileOptions(execution.seed(), execution.threads(), runs > 0);
    try (Program program = backend.compile(graph, options)) {
      run(program, graph, batch, runs);
      return (compiled == null ? "prediction" : "training step")
          + ", batch "
          + batch
          + ", backend "
          + backend.name()
          + "\n\ngraph\n"
          + Printer.print(graph)
          + "\nplan, "
          + Summary.readable(program.bytes())
          + "\n"
          + program.explain();
    }
  }

  /// Runs a step on random numbers and puts the variables that it updates back as they were: zeros
  /// would take less time than data do, and rows that are all alike some more.
  private static void run(Program program, Graph graph, int batch, int runs) {
    if (runs == 0) {
      return;
    }
    SplittableRandom random = new SplittableRandom(1);
    for (Node node : graph.order()) {
      switch (node.op()) {
        case Batch input -> {
          Tensor data = Tensor.zeros(input.dtype(), input.shape());
          boolean numbers = input.dtype().floating();
          data.fill(element -> numbers ? random.nextDouble() : 1);
          program.bind(input.name(), data);
        }
        case Scalar scalar -> program.set(scalar.name(), 1);
        case Op _ -> {}
      }
    }
    List<Tensor> before =
        graph.assigns().stream().map(assign -> assign.variable().value().copy()).toList();
    int[] rows = IntStream.range(0, batch).toArray();
    for (int i = 0; i < runs; i++) {
      program.run(rows, 0, i);
    }
    for (int i = 0; i < before.size(); i++) {
      graph.assigns().get(i).variable().value().copyFrom(before.get(i));
    }
  }

  private static List<Signature.Feed> inputs(Network network) {
    List<Signature.Feed> feeds = new ArrayList<>();
    for (int i = 0; i < network.topology().inputs().size(); i++) {
      feeds.add(new Signature.Feed(network.input(i).shape(), network.input(i).dtype()));
    }
    return feeds;
  }

  private static Graph prediction(Network network, int batch) {
    return StepGraph.prediction(network, signature(network, batch));
  }

  /// Of a prediction from data of the types that the inputs ask for.
  static Signature signature(Network network, int batch) {
    return Signature.prediction(batch, inputs(network));
  }

  private static Graph training(Network network, Compiled compiled, int batch) {
    List<Signature.Feed> targets = new ArrayList<>();
    Goals goals = compiled.goals();
    for (int i : goals.targets()) {
      Shape output = network.outputShape(i);
      boolean index =
          goals.losses().get(i).filter(l -> l.target() == TargetKind.CLASS_INDEX).isPresent();
      targets.add(
          index
              ? new Signature.Feed(Shape.SCALAR, DType.INT32)
              : new Signature.Feed(output.slice(1, output.rank()), DType.FLOAT32));
    }
    Signature signature = new Signature(batch, inputs(network), targets, List.of());
    return new StepGraph(network, compiled.compilation(), signature).training(new Slots());
  }
}
