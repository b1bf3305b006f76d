package io.kalamos.onednn;

import io.kalamos.engine.Batch;
import io.kalamos.engine.DType;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Partition;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Program;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Unit;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A plan with its memory: for each phase and thread an array of steps, a barrier between phases.
///
/// Where the team of threads is busy with another program the caller runs all parts itself, phase
/// by phase: slower, the same bits.
final class OneDnnProgram implements Program {
  /// What the plan was made from and consists of.
  record Plan(
      Graph graph,
      Schedule schedule,
      Shares shares,
      Storage storage,
      HostNumbers numbers,
      Kernels kernels,
      List<List<List<Entry>>> phases,
      boolean profile) {}

  /// A step and the unit it belongs to.
  record Entry(Unit unit, Step step) {}

  /// Everything that is freed with the program.
  record Memory(
      Arena arena, List<Scope> scopes, long[] streams, MemorySegment rows, MemorySegment step) {}

  /// One unit in the listing.
  record Line(Unit unit, String how) {}

  private final Plan plan;
  private final Memory memory;
  private final Team team;
  private final List<Line> lines;
  private final Step[][][] steps;
  private final Profile profile;
  private final Map<String, Batch> inputs = new HashMap<>();
  private final Map<String, Tensor> data = new HashMap<>();
  private final Map<String, Tensor> outputs = new HashMap<>();
  private int available = Integer.MAX_VALUE;
  private volatile RuntimeException failure;
  private boolean closed;

  OneDnnProgram(Plan plan, Memory memory, Team team, List<Line> lines) {
    this.plan = plan;
    this.memory = memory;
    this.team = team;
    this.lines = lines;
    this.steps =
        plan.phases.stream()
            .map(
                threads ->
                    threads.stream()
                        .map(list -> list.stream().map(Entry::step).toArray(Step[]::new))
                        .toArray(Step[][]::new))
            .toArray(Step[][][]::new);
    this.profile = plan.profile ? new Profile(plan.phases) : null;
    for (Node node : plan.graph.order()) {
      if (node.op() instanceof Batch input) {
        inputs.put(input.name(), input);
      }
    }
    plan.graph.outputs().forEach((name, node) -> outputs.put(name, view(node)));
  }

  private Tensor view(Node node) {
    Node source = Partition.source(node);
    if (plan.schedule.placement(source) == Placement.HOST) {
      return Strided.at(plan.numbers.address(source), DType.FLOAT32, Shape.SCALAR);
    }
    Tensor tensor = plan.storage.tensor(source);
    return tensor.reshape(node.shape().toArray());
  }

  @Override
  public void bind(String name, Tensor tensor) {
    Batch input = inputs.get(name);
    if (input == null) {
      return;
    }
    boolean fits =
        tensor.dtype() == input.dtype()
            && tensor.shape().rank() == input.shape().rank()
            && tensor.shape().with(0, input.shape().dim(0)).equals(input.shape());
    if (!fits) {
      throw new ShapeException(
          "input "
              + name
              + ": expected rows of "
              + input.dtype()
              + input.shape().with(0, Shape.OPEN)
              + ", received "
              + tensor
              + ". Reshape or cast the data.");
    }
    data.put(name, tensor);
    available = Integer.MAX_VALUE;
    for (Tensor bound : data.values()) {
      available = Math.min(available, bound.shape().dim(0));
    }
    plan.kernels.move(input, tensor.memory().address());
  }

  @Override
  public void set(String scalar, double value) {
    plan.numbers.set(scalar, value);
  }

  @Override
  public void run(int[] rows, int from, int step) {
    if (data.size() < inputs.size()) {
      throw new IllegalStateException(
          "run: expected data for the inputs "
              + inputs.keySet()
              + ", received bound="
              + data.keySet()
              + ". Bind each input first.");
    }
    pick(rows, from);
    memory.step.set(ValueLayout.JAVA_INT, 0, step);
    plan.numbers.compute();
    if (team == null || !team.run(this::part)) {
      alone();
    }
    RuntimeException failed = failure;
    if (failed != null) {
      failure = null;
      throw failed;
    }
  }

  private void pick(int[] rows, int from) {
    if (inputs.isEmpty()) {
      return;
    }
    int batch = plan.shares.batch();
    for (int i = 0; i < batch; i++) {
      int row = rows[from + i];
      if (row < 0 || row >= available) {
        throw new IndexOutOfBoundsException(
            "run: expected rows from 0 to "
                + (available - 1)
                + ", received row="
                + row
                + ". Pick rows that exist in all bound data.");
      }
    }
    MemorySegment.copy(rows, from, memory.rows, ValueLayout.JAVA_INT, 0, batch);
  }

  /// A thread's part of the step. An error does not keep the others waiting.
  private void part(int thread) {
    plan.kernels.flushDenormals(true);
    try {
      for (int phase = 0; phase < steps.length; phase++) {
        if (phase > 0) {
          team.barrier();
        }
        part(phase, thread);
      }
    } finally {
      plan.kernels.flushDenormals(false);
    }
  }

  private void part(int phase, int thread) {
    try {
      long stream = memory.streams[thread];
      if (profile != null) {
        profile.run(phase, thread, stream);
        return;
      }
      for (Step step : steps[phase][thread]) {
        step.run(stream);
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private void alone() {
    plan.kernels.flushDenormals(true);
    try {
      for (int phase = 0; phase < steps.length; phase++) {
        for (int thread = 0; thread < steps[phase].length; thread++) {
          part(phase, thread);
        }
      }
    } finally {
      plan.kernels.flushDenormals(false);
    }
  }

  @Override
  public Tensor output(String name) {
    return outputs.get(name);
  }

  @Override
  public long bytes() {
    return plan.storage.bytes();
  }

  @Override
  public String explain() {
    return Listing.of(plan, lines, profile);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      plan.kernels.close();
      memory.scopes.reversed().forEach(Scope::close);
      memory.arena.close();
    }
  }
}
