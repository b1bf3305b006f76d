package io.kalamos.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The order of a step: units sorted by phase, the barriers between the phases implied.
///
/// Updates of variables come in the last phase, after every other thread has read the old value.
public final class Schedule {
  private final Partition partition;
  private final Fusion.Result fusion;
  private final List<Unit> order = new ArrayList<>();
  private final Map<Node, List<Unit>> readers = new IdentityHashMap<>();
  private final Set<Variable> written;

  /// Whether one thread computes everything and every variable stays as it is: then the order is
  /// enough for what threads would share.
  private final boolean alone;

  private Schedule(Graph graph, int threads) {
    List<Node> nodes = graph.order();
    alone = threads == 1 && graph.assigns().isEmpty();
    partition = Partition.of(graph);
    written = Collections.newSetFromMap(new IdentityHashMap<>());
    graph.assigns().forEach(assign -> written.add(assign.variable()));
    fusion = Fusion.of(nodes, partition, phases(graph, nodes));
    Set<Unit> done = Collections.newSetFromMap(new IdentityHashMap<>());
    int last = fusion.units().stream().mapToInt(Unit::phase).max().orElse(0);
    Map<Unit, Boolean> early = new IdentityHashMap<>();
    for (int phase = 0; phase <= last; phase++) {
      for (boolean first : List.of(true, false)) {
        for (Unit unit : fusion.units()) {
          if (unit.phase() == phase && (!first || isEarly(unit, early))) {
            visit(unit, done);
          }
        }
      }
    }
    for (Unit unit : order) {
      for (Node node : unit.nodes()) {
        node.inputs().forEach(input -> read(input, unit));
      }
    }
  }

  /// @param threads that share a step
  public static Schedule of(Graph graph, int threads) {
    return new Schedule(graph, threads);
  }

  /// Whether a node is one pass over elements, as opposed to a product or an odd repetition.
  public static boolean onePass(Node node) {
    return !(node.op() instanceof Slice) && Fusion.Layout.of(node) != null;
  }

  /// Whether a reader takes an operand as one value per column, not per row.
  public static boolean alongColumns(Shape operand, Shape reader) {
    return Fusion.Layout.alongColumns(operand, reader);
  }

  /// Whether a node sums over the rows of its unit, which is complete only after the pass.
  public static boolean sumsRows(Node node) {
    return Fusion.sumsRows(node);
  }

  /// The units in the order in which every thread runs its share of them.
  public List<Unit> units() {
    return order;
  }

  public Placement placement(Node node) {
    return partition.placement(node);
  }

  /// The unit that computes a node's memory, or `null` for what lies ready or is computed inline.
  public Unit unitOf(Node node) {
    return fusion.unitOf().get(Partition.source(node));
  }

  /// The units that read a node, including through inline arithmetic.
  public List<Unit> readers(Node node) {
    return readers.getOrDefault(Partition.source(node), List.of());
  }

  private void read(Node input, Unit reader) {
    Node source = Partition.source(input);
    readers.computeIfAbsent(source, key -> new ArrayList<>()).add(reader);
    if (placement(source) == Placement.INLINE) {
      source.inputs().forEach(further -> read(further, reader));
    }
  }

  /// Whether a unit depends on no rows of the batch. Such units come first, so that those that do
  /// follow each other: then they may take turns over some rows at a time.
  private boolean isEarly(Unit unit, Map<Unit, Boolean> known) {
    Boolean early = known.get(unit);
    if (early == null) {
      early =
          unit.domain() != Placement.SHARDED
              && unit.nodes().stream()
                  .flatMap(node -> producers(node).stream())
                  .allMatch(producer -> producer == unit || isEarly(producer, known));
      known.put(unit, early);
    }
    return early;
  }

  private void visit(Unit unit, Set<Unit> done) {
    if (!done.add(unit)) {
      return;
    }
    unit.nodes().forEach(node -> producers(node).forEach(producer -> visit(producer, done)));
    order.add(unit);
  }

  /// The units that a node waits for, looking through what is computed inline.
  private List<Unit> producers(Node node) {
    List<Unit> producers = new ArrayList<>();
    for (Node input : node.inputs()) {
      Node source = Partition.source(input);
      Unit producer = unitOf(source);
      if (producer != null) {
        producers.add(producer);
      } else if (placement(source) == Placement.INLINE) {
        producers.addAll(producers(source));
      }
    }
    return producers;
  }

  /// Barriers before each node: one more than an input's where that has to be complete in all
  /// threads; updates of variables, and what only leads to them, last.
  private Map<Node, Integer> phases(Graph graph, List<Node> nodes) {
    Set<Node> updates = updatesOnly(graph, nodes);
    Map<Node, Integer> phases = new IdentityHashMap<>();
    int last = 0;
    for (Node node : nodes) {
      if (!updates.contains(node)) {
        phases.put(node, phase(node, phases));
        boolean computed = placement(node) != Placement.HOST;
        last = Math.max(last, computed ? phases.get(node) : 0);
      }
    }
    for (Node node : nodes) {
      if (updates.contains(node)) {
        phases.put(node, Math.max(last + 1, phase(node, phases)));
      }
    }
    return mergeLastReaders(graph, nodes, updates, phases, last);
  }

  /// Where nothing but the reading of the addends keeps updates apart from the last phase, they
  /// join it: losses and metrics are summed there too.
  private Map<Node, Integer> mergeLastReaders(
      Graph graph, List<Node> nodes, Set<Node> updates, Map<Node, Integer> phases, int last) {
    if (last == 0) {
      return phases;
    }
    for (Node node : nodes) {
      boolean readsVariable =
          !updates.contains(node)
              && phases.get(node) == last
              && node.inputs().stream().anyMatch(this::readsWritten);
      boolean needsLast = updates.contains(node) && phase(node, phases, updates) > last;
      if (readsVariable || needsLast) {
        return phases;
      }
    }
    for (Node node : nodes) {
      if (updates.contains(node)) {
        phases.put(node, phases.get(node) - 1);
      }
    }
    return phases;
  }

  private boolean readsWritten(Node input) {
    Node source = Partition.source(input);
    return source.op() instanceof Parameter parameter && written.contains(parameter.variable());
  }

  private int phase(Node node, Map<Node, Integer> phases, Set<Node> updates) {
    int phase = 0;
    for (Node input : node.inputs()) {
      if (!updates.contains(input)) {
        boolean wait = partition.placement(input).needsBarrier(partition.domain(node));
        phase = Math.max(phase, phases.get(input) + (wait ? 1 : 0));
      }
    }
    return phase;
  }

  private int phase(Node node, Map<Node, Integer> phases) {
    int phase = 0;
    for (Node input : node.inputs()) {
      boolean wait =
          !(node.op() instanceof Reshaping)
              && placement(node) != Placement.INLINE
              && needsBarrier(input, node)
              && !sameRange(input, node);
      phase = Math.max(phase, phases.get(input) + (wait ? 1 : 0));
    }
    return phase;
  }

  /// Of what is computed inline the inputs have to be complete.
  private boolean needsBarrier(Node input, Node node) {
    return placement(input) == Placement.INLINE
        ? Partition.source(input).inputs().stream().anyMatch(read -> needsBarrier(read, node))
        : needsBarrier(placement(input), partition.domain(node));
  }

  private boolean needsBarrier(Placement placement, Placement consumer) {
    boolean ordered = alone && (placement == Placement.SPLIT || placement == Placement.SOLO);
    return !ordered && placement.needsBarrier(consumer);
  }

  /// Element i of a cut value feeds element i of another one in the same thread.
  private boolean sameRange(Node input, Node node) {
    return placement(input) == Placement.SPLIT
        && partition.domain(node) == Placement.SPLIT
        && input.shape().size() == (node.op() instanceof Reduce ? input : node).shape().size();
  }

  /// The nodes from which every way leads to an update of a variable.
  private Set<Node> updatesOnly(Graph graph, List<Node> nodes) {
    Set<Node> others = Collections.newSetFromMap(new IdentityHashMap<>());
    others.addAll(graph.outputs().values());
    for (Node node : nodes.reversed()) {
      boolean update = placement(node) == Placement.SPLIT && !others.contains(node);
      if (!update) {
        others.addAll(node.inputs());
      }
    }
    Set<Node> updates = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Node node : nodes) {
      if (placement(node) == Placement.SPLIT && !others.contains(node)) {
        updates.add(node);
      }
    }
    return updates;
  }
}
