package io.kalamos.models;

import io.kalamos.engine.Backend;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.DType;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Printer;
import io.kalamos.engine.Program;
import io.kalamos.engine.Shape;
import io.kalamos.losses.TargetKind;
import java.util.ArrayList;
import java.util.List;

/// A step in words: the graph after the rewrites, and the backend's plan.
final class Explanation {
  private static final int BATCH = 32;

  private Explanation() {}

  static String of(Network network, Compiled compiled, Backend backend, Execution execution) {
    Graph graph = compiled == null ? prediction(network) : training(network, compiled);
    CompileOptions options = new CompileOptions(execution.seed(), execution.threads(), false);
    try (Program program = backend.compile(graph, options)) {
      return (compiled == null ? "prediction" : "training step")
          + ", batch "
          + BATCH
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

  private static List<Signature.Feed> inputs(Network network) {
    List<Signature.Feed> feeds = new ArrayList<>();
    for (int i = 0; i < network.topology().inputs().size(); i++) {
      feeds.add(new Signature.Feed(network.input(i).shape(), network.input(i).dtype()));
    }
    return feeds;
  }

  private static Graph prediction(Network network) {
    return StepGraph.prediction(network, new Signature(BATCH, inputs(network), List.of()));
  }

  private static Graph training(Network network, Compiled compiled) {
    List<Signature.Feed> targets = new ArrayList<>();
    for (int i = 0; i < network.topology().outputs().size(); i++) {
      Shape output = network.outputShape(i);
      boolean index = compiled.compilation().losses().get(i).target() == TargetKind.CLASS_INDEX;
      targets.add(
          index
              ? new Signature.Feed(Shape.SCALAR, DType.INT32)
              : new Signature.Feed(output.slice(1, output.rank()), DType.FLOAT32));
    }
    Signature signature = new Signature(BATCH, inputs(network), targets);
    return new StepGraph(network, compiled.compilation(), signature).training(new Slots());
  }
}
