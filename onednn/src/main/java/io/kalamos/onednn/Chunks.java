package io.kalamos.onednn;

import io.kalamos.engine.ArgMax;
import io.kalamos.engine.AveragePool2D;
import io.kalamos.engine.AveragePool2DGradient;
import io.kalamos.engine.Convolution2D;
import io.kalamos.engine.Convolution2DInputGradient;
import io.kalamos.engine.Convolution2DKernelGradient;
import io.kalamos.engine.MaxPool2D;
import io.kalamos.engine.MaxPool2DGradient;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Reduce;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Transpose;
import io.kalamos.engine.Unit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Pictures need not all go through a unit before the next unit starts: neighbouring units take
/// turns over a few pictures at a time, which stay in the cache on their way. What only passes
/// between them, such as the output of a convolution before its pooling, never reaches memory.
///
/// @param units that take turns, in their order
/// @param passing the values that live only within a turn
/// @param bytesOfRow that the largest unit reads and writes for one picture
record Chunks(List<Unit> units, Set<Node> passing, long bytesOfRow) {
  /// What a unit may read and write in a turn: most of a second-level cache of 1 MiB.
  private static final long CACHE_BYTES = 800_000;

  /// Groups the units of a schedule; a unit that cannot or need not take turns is alone. Units that
  /// one kernel computes together are a group that takes no turns.
  static List<Chunks> of(
      Schedule schedule, Shares shares, Collection<Node> kept, Map<Unit, OwnCode> own) {
    List<Chunks> groups = new ArrayList<>();
    List<Unit> units = schedule.units();
    int from = 0;
    while (from < units.size()) {
      OwnCode code = own.get(units.get(from));
      if (code != null) {
        groups.add(new Chunks(code.units(), Set.of(), 0));
        from += code.units().size();
        continue;
      }
      int to = from + 1;
      while (to < units.size()
          && units.get(to).phase() == units.get(from).phase()
          && !own.containsKey(units.get(to))
          && takesParts(units.get(from))
          && takesParts(units.get(to))) {
        to++;
      }
      groups.addAll(group(schedule, shares, units.subList(from, to), kept));
      from = to;
    }
    return groups;
  }

  private static List<Chunks> group(
      Schedule schedule, Shares shares, List<Unit> units, Collection<Node> kept) {
    long bytes = units.stream().mapToLong(unit -> bytesOfRow(unit, shares)).max().orElse(0);
    Chunks together = new Chunks(List.copyOf(units), passing(schedule, units, kept), bytes);
    boolean worth = units.size() > 1 && together.turns(shares.rows(0)) > 1;
    return worth
        ? List.of(together)
        : units.stream().map(unit -> new Chunks(List.of(unit), Set.of(), 0)).toList();
  }

  private static Set<Node> passing(Schedule schedule, List<Unit> units, Collection<Node> kept) {
    Set<Node> passing = new HashSet<>();
    for (Unit unit : units) {
      for (Node node : unit.nodes()) {
        boolean stays =
            schedule.placement(node) == Placement.SHARDED
                && !kept.contains(node)
                && units.containsAll(schedule.readers(node));
        if (stays) {
          passing.add(node);
        }
      }
    }
    return passing;
  }

  /// Whether a unit computes some pictures without the others; sums over the batch are added up.
  private static boolean takesParts(Unit unit) {
    if (unit.domain() != Placement.SHARDED) {
      return false;
    }
    if (unit.fused()) {
      return unit.nodes().stream().noneMatch(node -> addsUpEverything(unit, node));
    }
    return switch (unit.nodes().getFirst().op()) {
      case Convolution2D _,
          Convolution2DInputGradient _,
          Convolution2DKernelGradient _,
          MaxPool2D _,
          MaxPool2DGradient _,
          AveragePool2D _,
          AveragePool2DGradient _ ->
          true;
      case Transpose transpose -> transpose.order().getFirst() == 0;
      case Op _ -> false;
    };
  }

  /// Losses and metrics: a single number, or whatever looks along a row of classes.
  private static boolean addsUpEverything(Unit unit, Node node) {
    return node.op() instanceof ArgMax
        || node.op() instanceof Reduce && node.shape().size() != unit.columns();
  }

  /// The largest value read and the largest written; fused units stream through theirs.
  private static long bytesOfRow(Unit unit, Shares shares) {
    long read = 0;
    long written = 0;
    for (Node node : unit.nodes()) {
      written = Math.max(written, bytesOfRow(node, shares));
      for (Node input : node.inputs()) {
        read = Math.max(read, bytesOfRow(input, shares));
      }
    }
    return read + written;
  }

  private static long bytesOfRow(Node value, Shares shares) {
    boolean cut = value.shape().rank() > 0 && value.shape().dim(0) % shares.batch() == 0;
    return cut ? value.shape().size() / shares.batch() * 4 : 0;
  }

  Unit first() {
    return units.getFirst();
  }

  Unit last() {
    return units.getLast();
  }

  /// Turns that `rows` are cut into: the fewest equal ones whose pictures fit the cache.
  int turns(int rows) {
    if (units.size() == 1 || rows == 0) {
      return 1;
    }
    for (int turns = 1; turns < rows; turns++) {
      if (rows % turns == 0 && rows / turns * bytesOfRow <= CACHE_BYTES) {
        return turns;
      }
    }
    return rows;
  }
}
