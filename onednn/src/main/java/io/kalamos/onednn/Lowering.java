package io.kalamos.onednn;

import io.kalamos.engine.Assign;
import io.kalamos.engine.BroadcastTo;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Partition;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Reduce;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Unit;
import io.kalamos.engine.Variable;
import io.kalamos.kernels.BoundKernel;
import io.kalamos.kernels.KernelCompiler;
import io.kalamos.onednn.KernelWriter.Access;
import io.kalamos.onednn.KernelWriter.Operand;
import io.kalamos.onednn.KernelWriter.Result;
import io.kalamos.onednn.OneDnnProgram.Entry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// From a graph to a program: prepare, schedule, choose implementations, place memory, bind.
///
/// A unit is planned twice: first without addresses, which tells how much memory it needs, then,
/// once all memory is placed, as steps of each thread.
final class Lowering {
  private final Dnnl dnnl;
  private final IntFunction<Team> teams;
  private final CompileOptions options;
  private final Graph graph;
  private final List<Node> nodes;
  private final Shares shares;
  private final Schedule schedule;
  private final Map<Unit, OwnCode> own;
  private final List<Chunks> groups;
  private final Storage storage;
  private final Products products;
  private final HostNumbers numbers;
  private final Arena arena = Arena.ofShared();
  private final List<Scope> scopes = new ArrayList<>();
  private final Map<Node, Variable> updates = new IdentityHashMap<>();
  private final Set<Node> outputs = Collections.newSetFromMap(new IdentityHashMap<>());
  private final MemorySegment seed;
  private final MemorySegment step;
  private final MemorySegment rows;
  private final List<Group> planned = new ArrayList<>();
  private final Kernels kernels;

  /// A unit before memory is placed; `further` is the kernel of all turns but the first.
  private record Planned(
      Unit unit,
      KernelWriter.Written kernel,
      KernelWriter.Written further,
      Map<Result, Storage.Extra> columns,
      List<Product> products) {}

  /// Units that take turns, or those that code of our own computes.
  private record Group(Chunks chunks, List<Planned> units, OwnCode code) {}

  Lowering(
      Dnnl dnnl,
      KernelCompiler compiler,
      IntFunction<Team> teams,
      Graph source,
      CompileOptions options) {
    this.dnnl = dnnl;
    this.teams = teams;
    this.options = options;
    Shares equal = Shares.of(options.threads(), Partition.batch(source.order()));
    this.graph = Preparation.prepare(source, equal.threads(), dnnl.isa(), compiler);
    this.nodes = graph.order();
    this.schedule = Schedule.of(graph, equal.threads());
    graph.outputs().values().forEach(node -> outputs.add(Partition.source(node)));
    for (Assign assign : graph.assigns()) {
      updates.put(Partition.source(assign.value()), assign.variable());
    }
    List<Node> kept = new ArrayList<>(outputs);
    kept.addAll(updates.keySet());
    this.shares = Rounds.cut(graph, schedule, equal.along(schedule), compiler, kept);
    this.own = OwnCode.of(schedule, shares, compiler, kept);
    this.groups = Chunks.of(schedule, shares, kept, own);
    this.storage = new Storage(schedule, shares, groups);
    this.products = new Products(schedule, shares, storage, compiler);
    this.numbers = new HostNumbers(nodes, schedule, arena);
    this.seed = arena.allocate(8, 8);
    this.step = arena.allocate(8, 8);
    this.rows = arena.allocate(Math.max(4L, 4L * shares.batch()), 64);
    this.kernels = new Kernels(compiler, rows.address());
    for (int thread = 0; thread < shares.threads(); thread++) {
      scopes.add(new Scope(dnnl));
    }
  }

  OneDnnProgram program() {
    groups.forEach(chunks -> planned.add(plan(chunks)));
    storage.allocate(arena);
    List<List<List<Entry>>> phases = new ArrayList<>();
    int phase = -1;
    for (Group group : planned) {
      while (phase < group.chunks.first().phase()) {
        List<List<Entry>> threads = new ArrayList<>();
        for (int thread = 0; thread < shares.parts(); thread++) {
          threads.add(new ArrayList<>());
        }
        phases.add(threads);
        phase++;
      }
      for (int thread = 0; thread < shares.parts(); thread++) {
        phases.getLast().get(thread).addAll(bind(group, thread));
      }
    }
    long[] streams =
        IntStream.range(0, shares.parts()).mapToLong(part -> scope(part).stream()).toArray();
    seed.set(java.lang.foreign.ValueLayout.JAVA_LONG, 0, options.seed());
    return new OneDnnProgram(
        new OneDnnProgram.Plan(
            graph, schedule, shares, storage, numbers, kernels, phases, options.profile()),
        new OneDnnProgram.Memory(arena, scopes, streams, rows, step),
        shares.threads() == 1 ? null : teams.apply(shares.threads()),
        planned.stream().flatMap(this::describe).toList());
  }

  private Group plan(Chunks chunks) {
    OwnCode code = own.get(chunks.first());
    if (code != null) {
      code.results().forEach(this::request);
      code.plan(storage, shares);
      return new Group(chunks, List.of(), code);
    }
    products.pass(chunks);
    for (Unit unit : chunks.units()) {
      unit.nodes().stream()
          .filter(node -> stored(unit, node) && !chunks.passing().contains(node))
          .forEach(this::request);
    }
    return new Group(
        chunks, chunks.units().stream().map(unit -> plan(chunks, unit)).toList(), null);
  }

  /// Whether a member's value has to reach memory: somebody else reads it.
  private boolean stored(Unit unit, Node node) {
    return outputs.contains(node)
        || updates.containsKey(node)
        || schedule.readers(node).stream().anyMatch(reader -> reader != unit);
  }

  private void request(Node node) {
    if (!updates.containsKey(node)) {
      storage.request(node, outputs.contains(node));
    }
  }

  private Planned plan(Chunks chunks, Unit unit) {
    if (unit.fused()) {
      KernelWriter.Written kernel = write(unit, false);
      KernelWriter.Written further = chunks.units().size() > 1 ? write(unit, true) : kernel;
      Map<Result, Storage.Extra> columns = new java.util.HashMap<>();
      for (Result result : kernel.results()) {
        if (result instanceof Result.Columns) {
          columns.put(result, storage.extra(4 * unit.columns(), unit, unit));
        }
      }
      return new Planned(unit, kernel, further, columns, List.of());
    }
    Node node = unit.nodes().getFirst();
    if (node.op() instanceof BroadcastTo || node.op() instanceof Reduce) {
      return new Planned(unit, null, null, Map.of(), List.of());
    }
    List<Product> parts = new ArrayList<>();
    boolean alike = shares.rounds() > 1 && unit.domain() == Placement.SHARDED;
    for (int thread = 0; thread < shares.parts(); thread++) {
      boolean planned = alike && thread > 0;
      parts.add(planned ? parts.getFirst() : products.plan(scope(thread), chunks, unit, thread));
    }
    return new Planned(unit, null, null, Map.of(), parts);
  }

  /// The scope of a thread, or of all its rounds.
  private Scope scope(int thread) {
    return scopes.get(thread / shares.rounds());
  }

  private KernelWriter.Written write(Unit unit, boolean accumulate) {
    return KernelWriter.write(
        schedule, unit, shares.parts(), accumulate, node -> stored(unit, node));
  }

  private List<Entry> bind(Group group, int thread) {
    if (group.code != null) {
      Step step = group.code.bind(kernels, storage, shares, thread);
      return List.of(new Entry(group.chunks.last(), step));
    }
    List<Entry> entries = new ArrayList<>();
    int turns = group.chunks.turns(shares.rows(thread));
    for (int turn = 0; turn < turns; turn++) {
      for (Planned unit : group.units) {
        for (Step step : bind(unit, thread, turn, turns)) {
          entries.add(new Entry(unit.unit, step));
        }
      }
    }
    return entries;
  }

  private List<Step> bind(Planned planned, int thread, int turn, int turns) {
    if (planned.kernel != null) {
      return kernel(planned, new Part(planned.unit, thread, turn, turns));
    }
    if (!planned.products.isEmpty()) {
      return planned.products.get(thread).bind(kernels, thread, turn);
    }
    return strided(planned.unit.nodes().getFirst(), thread);
  }

  /// What a thread does of a fused unit in a turn.
  private final class Part {
    private final Unit unit;
    private final int thread;
    private final int turn;
    private final Shares.Range range;
    private final Shares.Range whole;

    Part(Unit unit, int thread, int turn, int turns) {
      this.unit = unit;
      this.thread = thread;
      this.turn = turn;
      this.range = shares.range(unit, thread, turn, turns);
      this.whole = shares.range(unit, thread);
    }

    /// Where the part of a value begins.
    long address(Node node, Access access, int copy) {
      return switch (access) {
        case FULL -> address(node, unit.columns(), copy);
        case ROW -> address(node, 1, copy);
        case FIXED -> address(node, 0, copy);
      };
    }

    /// @param stride elements from row to row
    private long address(Node node, long stride, int copy) {
      Storage.Extra passed = products.passing(node);
      if (passed != null) {
        return storage.address(passed, thread);
      }
      long base =
          updates.containsKey(node)
              ? updates.get(node).value().memory().address()
              : storage.address(node, copy);
      // memory of values cut by the batch begins where the thread's rows begin
      boolean ownRows =
          schedule.placement(node) == Placement.SHARDED && unit.domain() == Placement.SHARDED;
      long row = ownRows ? range.from() - whole.from() : range.from();
      return base + row * stride * storage.storedType(node).bytes();
    }

    long address(Operand operand) {
      return switch (operand) {
        case Operand.Value value ->
            address(value.node(), value.access(), value.addend() < 0 ? thread : value.addend());
        case Operand.Columns columns ->
            address(columns.node(), columns.stride(), thread)
                + columns.offset() * storage.storedType(columns.node()).bytes();
        case Operand.Number number -> numbers.address(number.node());
        case Operand.Data _ -> 0;
        case Operand.Rows _ -> rows.address() + 4L * range.from();
        case Operand.Seed _ -> seed.address();
        case Operand.StepCount _ -> step.address();
      };
    }
  }

  private List<Step> kernel(Planned planned, Part part) {
    if (!shares.takesPart(part.unit.domain(), part.thread)) {
      return List.of();
    }
    KernelWriter.Written kernel = part.turn == 0 ? planned.kernel : planned.further;
    long[] inputs = kernel.operands().stream().mapToLong(part::address).toArray();
    List<Step> folds = new ArrayList<>();
    long[] results = new long[kernel.results().size()];
    for (int i = 0; i < results.length; i++) {
      results[i] = address(planned, kernel.results().get(i), part, folds);
    }
    boolean sums = !kernel.results().stream().allMatch(r -> r instanceof Result.Value);
    if (part.range.rows() == 0 && !sums) {
      return List.of();
    }
    BoundKernel bound =
        kernels.bind(kernel.program(), inputs, results, part.range.rows(), part.range.from());
    for (int i = 0; i < inputs.length; i++) {
      if (kernel.operands().get(i) instanceof Operand.Data data) {
        kernels.reads(data.input(), bound, i, 0);
      }
    }
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.Fused(bound));
    steps.addAll(folds);
    return steps;
  }

  private long address(Planned planned, Result result, Part part, List<Step> folds) {
    return switch (result) {
      case Result.Value value -> part.address(value.node(), value.access(), part.thread);
      case Result.Sum sum -> storage.address(sum.node(), part.thread);
      case Result.Columns columns -> {
        long parts = storage.address(planned.columns.get(result), part.thread);
        int count = columns.repeated() ? 1 : Math.toIntExact(planned.unit.columns());
        folds.add(fold(parts, count, storage.address(columns.node(), part.thread)));
        yield parts;
      }
    };
  }

  private static Step fold(long parts, int count, long target) {
    var from = Strided.at(parts, io.kalamos.engine.DType.FLOAT32, Shape.of(count));
    var to = Strided.at(target, io.kalamos.engine.DType.FLOAT32, Shape.SCALAR);
    return new Step.Loop(
        () -> {
          float sum = 0;
          for (int i = 0; i < count; i++) {
            sum += (float) from.get(i);
          }
          to.set(0, sum);
        });
  }

  private List<Step> strided(Node node, int thread) {
    Placement placement = schedule.placement(node);
    if (!shares.takesPart(placement, thread)) {
      return List.of();
    }
    boolean alone = placement == Placement.SOLO;
    Tensor from = view(node.input(0), thread, alone);
    Tensor to = view(node, thread, alone);
    if (Slabs.fits(node)) {
      return Slabs.steps(kernels, node, from, to);
    }
    Runnable loop =
        node.op() instanceof Reduce reduce
            ? () -> Strided.reduce(reduce.kind(), from, to)
            : () -> Strided.broadcast(from, to);
    return List.of(new Step.Loop(loop));
  }

  /// A thread's part of a value, or the whole of it for a thread that works alone.
  private Tensor view(Node value, int thread, boolean whole) {
    Node source = Partition.source(value);
    boolean cut = !whole && schedule.placement(source) == Placement.SHARDED;
    Shape shape = cut ? value.shape().with(0, shares.rowsOf(value, thread)) : value.shape();
    return Strided.at(storage.address(value, thread), storage.storedType(source), shape);
  }

  private Stream<OneDnnProgram.Line> describe(Group group) {
    if (group.code == null) {
      return group.units.stream().map(this::describe);
    }
    String how = kernels.compilerName() + " " + group.code.label();
    return group.chunks.units().stream().map(unit -> new OneDnnProgram.Line(unit, how));
  }

  private OneDnnProgram.Line describe(Planned unit) {
    String how =
        unit.kernel != null
            ? kernels.compilerName()
                + " kernel of "
                + unit.kernel.program().body().size()
                + " steps"
            : unit.products.isEmpty() ? "slabs" : unit.products.getFirst().names();
    return new OneDnnProgram.Line(unit.unit, how);
  }
}
