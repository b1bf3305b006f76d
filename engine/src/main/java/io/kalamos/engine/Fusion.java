package io.kalamos.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Gathers the nodes of a graph into units, the steps of a plan.
///
/// Element-wise ops and reductions join the units of their inputs where all of them walk over the
/// same elements, in the same threads, between the same barriers, and where joining makes no unit
/// wait for itself. Then units that read the same memory but do not feed each other are joined too,
/// so that the data goes through once: the two channel sums of a batch normalisation, say.
final class Fusion {
  private final Partition partition;
  private final Map<Node, Unit> units = new IdentityHashMap<>();
  private final Map<Node, Integer> phases;
  private final List<Unit> made = new ArrayList<>();
  private final Map<Node, Integer> positions = new IdentityHashMap<>();

  private final UnitOrder order = new UnitOrder(this::producers);

  private Fusion(Partition partition, Map<Node, Integer> phases, List<Node> order) {
    this.partition = partition;
    this.phases = phases;
    order.forEach(node -> positions.put(node, positions.size()));
  }

  /// Units in the order in which their first nodes appear, and the unit of each node.
  record Result(List<Unit> units, Map<Node, Unit> unitOf) {}

  static Result of(List<Node> order, Partition partition, Map<Node, Integer> phases) {
    Fusion fusion = new Fusion(partition, phases, order);
    for (Node node : order) {
      switch (partition.placement(node)) {
        case HOST, INLINE, SHARED, WHOLE -> {}
        case SHARDED, PARTIAL, REPLICATED, SPLIT, SOLO -> {
          if (!(node.op() instanceof Reshaping)) {
            fusion.add(node);
          }
        }
      }
    }
    fusion.joinSiblings();
    fusion.sortMembers();
    return new Result(List.copyOf(fusion.made), fusion.units);
  }

  private void add(Node node) {
    Layout layout = Layout.of(node);
    if (layout == null) {
      put(node, make(false, node, node.shape().size(), 0));
      return;
    }
    Unit joined = null;
    for (Node input : node.inputs()) {
      Unit candidate = units.get(Partition.source(input));
      if (candidate != null && candidate != joined && admits(candidate, node, layout)) {
        joined = join(joined, candidate, node, layout);
      }
    }
    if (joined == null) {
      joined = make(true, node, layout.size(), layout.columns());
    } else if (layout.size() == joined.size()) {
      joined.require(layout.columns());
    }
    put(node, joined);
  }

  private Unit make(boolean fused, Node node, long size, long columns) {
    Unit unit = new Unit(fused, partition.domain(node), phases.get(node), size, columns);
    made.add(unit);
    order.append(unit);
    return unit;
  }

  private void put(Node node, Unit unit) {
    unit.nodes().add(node);
    units.put(node, unit);
    order.settle(unit);
  }

  private boolean admits(Unit unit, Node node, Layout layout) {
    if (!unit.fused()
        || unit.domain() != partition.domain(node)
        || unit.phase() != phases.get(node)
        || readsLater(node, Set.of(unit))) {
      return false;
    }
    if (layout.size() == unit.size()) {
      return compatible(unit.requiredColumns(), layout.columns());
    }
    // one value per row of the unit; random numbers belong to elements
    return unit.requiredColumns() > 1
        && node.inputs().stream().noneMatch(partition::drawn)
        && layout.columns() == 0
        && layout.size() * unit.requiredColumns() == unit.size()
        && node.inputs().stream()
            .allMatch(input -> input.shape().size() == layout.size() || input.shape().size() == 1);
  }

  /// A sum over rows is complete only after the pass, and so are the values of all rows, which a
  /// square matrix may read along its columns: their readers come in a later pass.
  private boolean readsLater(Node node, Set<Unit> of) {
    for (Node input : node.inputs()) {
      Node source = Partition.source(input);
      Unit unit = units.get(source);
      if (unit == null || !of.contains(unit)) {
        continue;
      }
      boolean across =
          unit.perRow(source.shape())
              && node.shape().size() == unit.size()
              && Layout.alongColumns(input.shape(), node.shape());
      if (sumsRows(source) || across) {
        return true;
      }
    }
    return false;
  }

  /// Whether a reduction goes over the rows of its unit, as opposed to within each row.
  static boolean sumsRows(Node node) {
    return node.op() instanceof Reduce reduce
        && reduce.kind() == Reduce.Kind.SUM
        && (reduce.axes().contains(0) || node.shape().rank() == 0);
  }

  private static boolean compatible(long a, long b) {
    return a == 0 || b == 0 || a == b;
  }

  /// The union of what was joined so far, a further candidate and the new node, or `joined` where
  /// the union would wait for itself.
  private Unit join(Unit joined, Unit candidate, Node node, Layout layout) {
    if (joined != null
        && (joined.size() != candidate.size()
            || !compatible(joined.requiredColumns(), candidate.requiredColumns()))) {
      return joined;
    }
    Set<Unit> union = new LinkedHashSet<>();
    union.add(candidate);
    if (joined != null) {
      union.add(joined);
    }
    if (waitsForItself(union, List.of(node))) {
      return joined;
    }
    return joined == null ? candidate : merge(joined, candidate);
  }

  private Unit merge(Unit into, Unit other) {
    into.require(other.requiredColumns());
    for (Node member : other.nodes()) {
      into.nodes().add(member);
      units.put(member, into);
    }
    made.remove(other);
    order.join(into, other);
    return into;
  }

  /// Whether an input from outside of the union depends on the union, or a member needs a sum that
  /// another member completes.
  private boolean waitsForItself(Set<Unit> union, List<Node> further) {
    Set<Unit> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    int start = union.stream().mapToInt(order::place).min().orElseThrow();
    for (Unit unit : union) {
      boolean sums = unit.nodes().stream().anyMatch(node -> readsLater(node, union));
      if (sums || reaches(unit.nodes(), union, start, seen)) {
        return true;
      }
    }
    return reaches(further, union, start, seen);
  }

  private boolean reaches(List<Node> nodes, Set<Unit> union, int start, Set<Unit> seen) {
    for (Node node : nodes) {
      for (Unit producer : producers(node)) {
        boolean outside = !union.contains(producer);
        if (outside && seen.add(producer) && dependsOn(producer, union, start, seen)) {
          return true;
        }
      }
    }
    return false;
  }

  /// @param start the first place in the union
  private boolean dependsOn(Unit unit, Set<Unit> union, int start, Set<Unit> seen) {
    if (order.place(unit) < start) {
      return false;
    }
    for (Node node : unit.nodes()) {
      for (Unit producer : producers(node)) {
        if (union.contains(producer)) {
          return true;
        }
        if (producer != unit && seen.add(producer) && dependsOn(producer, union, start, seen)) {
          return true;
        }
      }
    }
    return false;
  }

  /// The units that a node waits for, looking through what is computed inline.
  private List<Unit> producers(Node node) {
    List<Unit> producers = new ArrayList<>();
    for (Node input : node.inputs()) {
      Node source = Partition.source(input);
      Unit unit = units.get(source);
      if (unit != null) {
        producers.add(unit);
      } else if (partition.placement(source) == Placement.INLINE) {
        producers.addAll(producers(source));
      }
    }
    return producers;
  }

  private void joinSiblings() {
    Map<Unit, Integer> appearances = new IdentityHashMap<>();
    Map<Node, List<Unit>> readers = new IdentityHashMap<>();
    for (Unit unit : made) {
      appearances.put(unit, appearances.size());
      if (unit.fused()) {
        reads(unit)
            .forEach(node -> readers.computeIfAbsent(node, n -> new ArrayList<>()).add(unit));
      }
    }
    for (int i = 0; i < made.size(); i++) {
      Unit first = made.get(i);
      Unit sibling = sibling(first, readers, appearances);
      while (sibling != null) {
        Unit joined = sibling;
        Set<Node> reads = reads(joined);
        merge(first, joined);
        reads.forEach(node -> readers.get(node).remove(joined));
        for (Node node : reads(first)) {
          List<Unit> others = readers.computeIfAbsent(node, n -> new ArrayList<>());
          if (!others.contains(first)) {
            others.add(first);
          }
        }
        sibling = sibling(first, readers, appearances);
      }
    }
  }

  /// The next unit behind `first` that reads the same memory and can join it, or `null`.
  private Unit sibling(Unit first, Map<Node, List<Unit>> readers, Map<Unit, Integer> appearances) {
    if (!first.fused()) {
      return null;
    }
    return reads(first).stream()
        .flatMap(node -> readers.getOrDefault(node, List.of()).stream())
        .filter(unit -> appearances.get(unit) > appearances.get(first))
        .distinct()
        .sorted(java.util.Comparator.comparing(appearances::get))
        .filter(unit -> siblings(first, unit))
        .filter(unit -> !waitsForItself(Set.of(first, unit), List.of()))
        .findFirst()
        .orElse(null);
  }

  private boolean siblings(Unit a, Unit b) {
    return a.fused()
        && b.fused()
        && a.size() == b.size()
        && a.domain() == b.domain()
        && a.phase() == b.phase()
        && compatible(a.requiredColumns(), b.requiredColumns());
  }

  /// What a unit reads element by element from memory or from other units.
  private Set<Node> reads(Unit unit) {
    Set<Node> reads = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Node node : unit.nodes()) {
      for (Node input : node.inputs()) {
        Node source = Partition.source(input);
        if (source.shape().size() == unit.size() && units.get(source) != unit) {
          reads.add(source);
        }
      }
    }
    return reads;
  }

  private void sortMembers() {
    made.forEach(unit -> unit.nodes().sort(java.util.Comparator.comparing(positions::get)));
  }

  /// Over how many elements a node walks and in rows of how many columns (0: any), or `null` where
  /// it is not one pass over elements.
  record Layout(long size, long columns) {
    static Layout of(Node node) {
      return switch (node.op()) {
        case Batch input -> new Layout(input.shape().size(), input.shape().rowSize());
        case Unary _, Binary _, Select _, Cast _, BroadcastTo _ -> elementwise(node);
        case Slice slice when slice.stride(node.input(0).shape()) > 0 ->
            new Layout(node.shape().size(), slice.columns(node.input(0).shape()));
        case Slice _ -> null;
        case UniformRandom _ -> new Layout(node.shape().size(), 0);
        case Reduce reduce -> reduction(node.input(0).shape(), reduce);
        case ArgMax _ -> new Layout(node.input(0).shape().size(), node.input(0).shape().dim(-1));
        case Scalar _,
            Fill _,
            Literal _,
            Parameter _,
            RowSoftmax _,
            RowLogSoftmax _,
            MatMul _,
            Convolution2D _,
            Convolution2DInputGradient _,
            Convolution2DKernelGradient _,
            MaxPool2D _,
            MaxPool2DGradient _,
            AveragePool2D _,
            AveragePool2DGradient _,
            Reshaping _,
            Transpose _,
            Pad _,
            Concatenation _,
            Gather _,
            GatherGradient _ ->
            null;
      };
    }

    private static Layout elementwise(Node node) {
      long size = node.shape().size();
      long columns = 0;
      for (Node input : node.inputs()) {
        long required = requiredColumns(input.shape(), node.shape());
        if (required < 0 || !compatible(columns, required)) {
          return null;
        }
        columns = Math.max(columns, required);
      }
      return new Layout(size, columns);
    }

    /// Columns under which an operand is one value per element (0: any), column or row; -1 where it
    /// is none of these.
    private static long requiredColumns(Shape operand, Shape result) {
      if (operand.size() == result.size() || operand.size() == 1) {
        return 0;
      }
      if (alongColumns(operand, result)) {
        return operand.size();
      }
      int missing = result.rank() - operand.rank();
      int last = operand.rank();
      while (last > 0 && operand.dim(last - 1) == 1) {
        last--;
      }
      boolean prefix = missing == 0;
      for (int axis = 0; axis < last && prefix; axis++) {
        prefix = operand.dim(axis) == result.dim(axis);
      }
      return prefix ? result.size() / operand.size() : -1;
    }

    /// Whether an operand repeats over leading axes alone.
    static boolean alongColumns(Shape operand, Shape result) {
      int missing = result.rank() - operand.rank();
      int first = 0;
      while (first < operand.rank() && operand.dim(first) == 1) {
        first++;
      }
      boolean suffix = operand.size() < result.size();
      for (int axis = first; axis < operand.rank(); axis++) {
        suffix &= operand.dim(axis) == result.dim(axis + missing);
      }
      return suffix;
    }

    /// Sums over everything or over leading axes, and anything over trailing axes, are one pass;
    /// axes of size 1 behind the first do not matter.
    private static Layout reduction(Shape input, Reduce reduce) {
      int rank = input.rank();
      int firstReduced = rank;
      int lastReduced = -1;
      int firstKept = rank;
      int lastKept = -1;
      for (int axis = 0; axis < rank; axis++) {
        if (axis > 0 && input.dim(axis) == 1) {
          continue;
        }
        if (reduce.axes().contains(axis)) {
          firstReduced = Math.min(firstReduced, axis);
          lastReduced = axis;
        } else {
          firstKept = Math.min(firstKept, axis);
          lastKept = axis;
        }
      }
      boolean sum = reduce.kind() == Reduce.Kind.SUM;
      if (lastReduced < 0) {
        return null;
      }
      if (sum && lastReduced < firstKept) {
        return new Layout(input.size(), lastKept < 0 ? 0 : input.product(lastReduced + 1, rank));
      }
      return lastKept < firstReduced
          ? new Layout(input.size(), input.product(firstReduced, rank))
          : null;
    }
  }
}
