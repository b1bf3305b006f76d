package io.kalamos.javacpu;

import io.kalamos.engine.Assign;
import io.kalamos.engine.Batch;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Program;
import io.kalamos.engine.Scalar;
import io.kalamos.engine.ShapeException;
import io.kalamos.engine.Tensor;
import io.kalamos.javacpu.Lowering.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/// A graph as a list of kernels over heap arrays, which a team of threads walks together.
///
/// Variables are copied in where a kernel reads them and written at the end, after all reads.
final class JavaProgram implements Program {
  /// Where a result or an update is written to.
  private record Output(Values values, Tensor tensor) {}

  private final Graph graph;
  private final Memory memory;
  private final Scratch scratch = new Scratch();
  private final Run run;
  private final Team team;
  private final boolean profile;
  private final int batch;
  private final Step[] steps;
  private final long[] nanos;
  private final Map<String, List<Values>> scalars = new TreeMap<>();
  private final Map<String, Output> outputs = new LinkedHashMap<>();
  private final Run.Binding[] bindings;
  private final Output[] results;
  private final IntConsumer walk = this::walk;
  private int runs;
  private volatile Throwable failure;

  /// @param source the graph as the caller knows it, with all inputs and scalars
  JavaProgram(Graph source, Graph graph, CompileOptions options) {
    this.graph = graph;
    this.run = new Run(options.seed());
    this.team = new Team(options.threads());
    this.profile = options.profile();
    this.memory = new Memory(graph);
    int rows = 0;
    for (Node node : source.order()) {
      if (node.op() instanceof Batch input) {
        run.binding(input);
        rows = Math.max(rows, input.shape().rank() == 0 ? 1 : input.shape().dim(0));
      }
      if (node.op() instanceof Scalar scalar) {
        scalars.put(scalar.name(), new ArrayList<>());
      }
    }
    this.batch = rows;
    Lowering lowering = new Lowering(memory, scratch, run, team.size());
    List<Step> list = new ArrayList<>();
    for (Node node : graph.order()) {
      list.addAll(lowering.steps(node));
      if (node.op() instanceof Scalar scalar) {
        scalars.get(scalar.name()).add(memory.of(node));
      }
    }
    this.steps = list.toArray(Step[]::new);
    this.nanos = new long[steps.length];
    scratch.allocate(team.size());
    graph
        .outputs()
        .forEach(
            (name, node) ->
                outputs.put(
                    name, new Output(memory.of(node), Tensor.zeros(node.dtype(), node.shape()))));
    List<Output> written = new ArrayList<>(outputs.values());
    for (Assign assign : graph.assigns()) {
      written.add(new Output(memory.of(assign.value()), assign.variable().value()));
    }
    this.results = written.toArray(Output[]::new);
    this.bindings = run.bindings().values().toArray(Run.Binding[]::new);
  }

  @Override
  public void bind(String input, Tensor data) {
    Run.Binding binding = run.bindings().get(input);
    if (binding != null) {
      binding.bind(data);
    }
  }

  @Override
  public void set(String scalar, double value) {
    List<Values> targets = scalars.get(scalar);
    if (targets == null) {
      throw unknown("set", "scalar", scalar, scalars.keySet());
    }
    for (int i = 0; i < targets.size(); i++) {
      targets.get(i).set(0, value);
    }
  }

  @Override
  public void run(int[] rows, int from, int step) {
    check(rows, from);
    run.rows = rows;
    run.from = from;
    run.step = step;
    failure = null;
    team.run(walk);
    rethrow(failure);
    for (Output result : results) {
      Transfer.store(result.values, result.tensor);
    }
    runs++;
  }

  private static void rethrow(Throwable failure) {
    switch (failure) {
      case null -> {}
      case RuntimeException problem -> throw problem;
      case Error problem -> throw problem;
      default -> throw new IllegalStateException(failure);
    }
  }

  private void check(int[] rows, int from) {
    for (Run.Binding binding : bindings) {
      if (binding.data == null) {
        throw new IllegalStateException(
            "run: expected data for every input, received none for input="
                + binding.input.name()
                + ". Call bind first.");
      }
    }
    if (batch > 0 && (from < 0 || rows.length - from < batch)) {
      throw new ShapeException(
          "run: expected "
              + batch
              + " rows, received rows.length="
              + rows.length
              + " and from="
              + from
              + ". Use a program of the size of this batch.");
    }
  }

  private void walk(int part) {
    for (int i = 0; i < steps.length; i++) {
      Step step = steps[i];
      long start = profile && part == 0 ? System.nanoTime() : 0;
      if (part < step.parts() && failure == null) {
        try {
          step.kernel().run(part, step.parts());
        } catch (RuntimeException | Error problem) {
          failure = problem;
        }
      }
      if (step.parts() > 1 || i + 1 == steps.length || steps[i + 1].parts() > 1) {
        team.meet();
      }
      if (profile && part == 0) {
        nanos[i] += System.nanoTime() - start;
      }
    }
  }

  @Override
  public Tensor output(String name) {
    Output output = outputs.get(name);
    if (output == null) {
      throw unknown("output", "name", name, outputs.keySet());
    }
    return output.tensor;
  }

  private static IllegalArgumentException unknown(
      String method, String kind, String received, Set<String> known) {
    return new IllegalArgumentException(
        method
            + ": expected one of "
            + known
            + ", received "
            + kind
            + "="
            + received
            + ". Use a name of the graph.");
  }

  @Override
  public long bytes() {
    return memory.bytes() + scratch.bytes();
  }

  @Override
  public String explain() {
    return Listing.of(graph, memory, List.of(steps), nanos, profile ? runs : 0)
        + "%.1f MB of arrays, %.1f MB of scratch memory, %d threads%n"
            .formatted(memory.bytes() / 1e6, scratch.bytes() / 1e6, team.size());
  }

  @Override
  public void close() {
    team.close();
  }
}
