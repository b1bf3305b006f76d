package io.kalamos.onednn;

import io.kalamos.engine.DType;
import io.kalamos.engine.Literal;
import io.kalamos.engine.Node;
import io.kalamos.engine.Parameter;
import io.kalamos.engine.Partition;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Planner;
import io.kalamos.engine.Reduce;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Unit;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The memory of a program: one arena that holds a private part for each thread, planned by
/// lifetimes, and a part that several threads read.
///
/// A value that only its own thread reads lies in the private parts and shares their space with
/// others that are not alive at the same time. Whatever crosses threads keeps its place for the
/// whole step: a slower thread may still be reading.
final class Storage {
  private record Slot(boolean crossing, boolean perThread, int request) {}

  private final Schedule schedule;
  private final Shares shares;
  private final Map<Unit, Integer> positions = new IdentityHashMap<>();
  private final Map<Node, Slot> slots = new IdentityHashMap<>();
  private final List<Planner.Request> privateRequests = new ArrayList<>();
  private final List<Planner.Request> crossingRequests = new ArrayList<>();
  private final Set<Node> taken = Collections.newSetFromMap(new IdentityHashMap<>());
  private final int end;
  private Planner.Plan privatePlan;
  private Planner.Plan crossingPlan;
  private MemorySegment memory;

  /// Units that take turns happen at the same time: what one of them reads must outlive what the
  /// next one writes.
  Storage(Schedule schedule, Shares shares, List<Chunks> groups) {
    this.schedule = schedule;
    this.shares = shares;
    for (int position = 0; position < groups.size(); position++) {
      for (Unit unit : groups.get(position).units()) {
        positions.put(unit, position);
      }
    }
    end = groups.size();
  }

  /// The element type in memory: sums stay in float32, and whole numbers that a kernel computes are
  /// float32 there.
  static DType storedType(Schedule schedule, Node node) {
    boolean leaf = schedule.unitOf(node) == null;
    if (leaf) {
      return node.dtype();
    }
    boolean sum = node.op() instanceof Reduce || schedule.placement(node) == Placement.PARTIAL;
    boolean narrow = node.dtype() == DType.BFLOAT16 && !sum;
    return narrow ? DType.BFLOAT16 : DType.FLOAT32;
  }

  DType storedType(Node node) {
    return storedType(schedule, node);
  }

  /// Asks for memory for a value.
  ///
  /// @param output whether the caller reads it after the step
  void request(Node node, boolean output) {
    Unit producer = schedule.unitOf(node);
    int first = positions.get(producer);
    long elements = node.shape().size();
    Placement placement = schedule.placement(node);
    int last = first;
    boolean foreign = false;
    for (Unit reader : schedule.readers(node)) {
      last = Math.max(last, positions.get(reader));
      foreign |= reader.domain() != placement;
    }
    long bytes = elements * storedType(node).bytes();
    switch (placement) {
      case SHARDED -> {
        if (output || foreign) {
          slots.put(node, crossing(false, bytes));
        } else {
          long rows = shares.mostRows();
          Slot dying = dyingInput(producer, node, bytes, first);
          slots.put(
              node,
              dying == null
                  ? local(bytes / shares.batch() * rows, first, last)
                  : prolonged(dying, last));
        }
      }
      case PARTIAL -> slots.put(node, crossing(true, bytes));
      case SPLIT, SOLO -> slots.put(node, crossing(false, bytes));
      case REPLICATED ->
          slots.put(
              node,
              shares.rounds() > 1
                  ? crossing(false, bytes)
                  : local(bytes, first, output ? end : last));
      case HOST, INLINE, SHARED, WHOLE -> throw new IllegalStateException("not computed: " + node);
    }
  }

  /// The memory of an operand that nobody reads after this pass: element by element the result may
  /// take its place, which saves reading memory only to overwrite it.
  private Slot dyingInput(Unit unit, Node result, long bytes, int position) {
    if (!unit.fused() || result.shape().size() != unit.size()) {
      return null;
    }
    for (Node node : unit.nodes()) {
      for (Node input : node.inputs()) {
        Node source = Partition.source(input);
        Slot slot = slots.get(source);
        boolean dies =
            slot != null
                && !slot.crossing
                && schedule.placement(source) == Placement.SHARDED
                && schedule.unitOf(source) != unit
                && source.shape().size() * storedType(source).bytes() == bytes
                && storedType(source) == storedType(result)
                && schedule.readers(source).stream().allMatch(reader -> reader == unit)
                && privateRequests.get(slot.request).last() == position
                && taken.add(source);
        if (dies) {
          return slot;
        }
      }
    }
    return null;
  }

  private Slot prolonged(Slot slot, int last) {
    Planner.Request request = privateRequests.get(slot.request);
    privateRequests.set(
        slot.request,
        new Planner.Request(request.bytes(), request.first(), Math.max(request.last(), last)));
    return slot;
  }

  private Slot local(long bytes, int first, int last) {
    privateRequests.add(new Planner.Request(bytes, first, last));
    return new Slot(false, true, privateRequests.size() - 1);
  }

  private Slot crossing(boolean perThread, long bytes) {
    int request = crossingRequests.size();
    for (int copy = 0; copy < (perThread ? shares.parts() : 1); copy++) {
      crossingRequests.add(new Planner.Request(bytes, 0, end));
    }
    return new Slot(true, perThread, request);
  }

  /// Asks for private memory beside the values, alive from one unit to another.
  Extra extra(long bytes, Unit first, Unit last) {
    privateRequests.add(new Planner.Request(bytes, positions.get(first), positions.get(last)));
    return new Extra(privateRequests.size() - 1);
  }

  /// A private buffer of each thread.
  record Extra(int request) {}

  /// Places everything and allocates the arena.
  void allocate(Arena arena) {
    privatePlan = Planner.place(privateRequests);
    crossingPlan = Planner.place(crossingRequests);
    memory = arena.allocate(Math.max(bytes(), 1), Tensor.ALIGNMENT);
  }

  /// Bytes of the arena.
  long bytes() {
    return privatePlan.bytes() * shares.threads() + crossingPlan.bytes();
  }

  boolean holds(Node node) {
    return slots.containsKey(node);
  }

  long address(Extra extra, int thread) {
    return privateBase(thread) + privatePlan.offsets()[extra.request];
  }

  /// The rounds of a thread follow each other in the same memory.
  private long privateBase(int thread) {
    return memory.address() + privatePlan.bytes() * (thread / shares.rounds());
  }

  /// Where a value begins: for values cut by the batch where the thread's rows begin, for values
  /// with a copy per thread the thread's copy, otherwise the value itself.
  long address(Node view, int thread) {
    Node node = Partition.source(view);
    return switch (node.op()) {
      case Parameter parameter -> parameter.variable().value().memory().address();
      case Literal constant -> constant.tensor().memory().address();
      case io.kalamos.engine.Op _ -> computed(node, thread);
    };
  }

  private long computed(Node node, int thread) {
    Slot slot = slots.get(node);
    if (!slot.crossing) {
      return privateBase(thread) + privatePlan.offsets()[slot.request];
    }
    long base = memory.address() + privatePlan.bytes() * shares.threads();
    if (slot.perThread) {
      return base + crossingPlan.offsets()[slot.request + thread];
    }
    long start = base + crossingPlan.offsets()[slot.request];
    return schedule.placement(node) == Placement.SHARDED
        ? start + shares.firstElement(node, thread) * storedType(node).bytes()
        : start;
  }

  /// A view of a value for the caller.
  @SuppressWarnings("restricted")
  Tensor tensor(Node node) {
    DType type = storedType(node);
    long bytes = node.shape().size() * type.bytes();
    MemorySegment view = MemorySegment.ofAddress(address(node, 0)).reinterpret(bytes);
    return Tensor.view(type, node.shape(), view);
  }

  /// Keeps the tensors of constants reachable as long as their addresses are in use.
  static List<Tensor> constants(Collection<Node> nodes) {
    return nodes.stream()
        .filter(node -> node.op() instanceof Literal)
        .map(node -> ((Literal) node.op()).tensor())
        .toList();
  }
}
