package io.kalamos.onednn;

import io.kalamos.engine.Conv2DInputGradient;
import io.kalamos.engine.Conv2DKernelGradient;
import io.kalamos.engine.MaxPool2D;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Unit;
import java.util.ArrayList;
import java.util.List;

/// Pictures that only pass from one unit to the next need not all exist at once: the units take
/// turns over a few pictures at a time, which stay in the cache on their way. The output of a
/// convolution before its pooling is the largest value of many networks, and never reaches memory.
///
/// @param units that take turns, in their order
/// @param passing the values that live only within a turn
/// @param bytesOfRow of the largest of these values
record Chunks(List<Unit> units, List<Node> passing, long bytesOfRow) {
  /// What may pass through at a time: most of a second-level cache of 1 MiB.
  private static final long CACHE_BYTES = 900_000;

  /// A thread's rows smaller than this are no burden.
  private static final long WORTH_BYTES = 2_000_000;

  /// Groups the units of a schedule; most groups have one unit and pass nothing.
  static List<Chunks> of(Schedule schedule, Shares shares, List<Node> kept) {
    List<Chunks> groups = new ArrayList<>();
    List<Unit> units = schedule.units();
    for (int i = 0; i < units.size(); i++) {
      Node value = units.get(i).nodes().getFirst();
      int readers = kept.contains(value) ? 0 : followers(schedule, shares, units, i);
      List<Unit> group = List.copyOf(units.subList(i, i + 1 + readers));
      long row = readers == 0 ? 0 : value.shape().rowSize() * 4;
      groups.add(new Chunks(group, readers == 0 ? List.of() : List.of(value), row));
      i += readers;
    }
    return groups;
  }

  /// How many of the units right behind unit `i` are all the readers of its value and can take it
  /// in parts; 0 where there are others.
  private static int followers(Schedule schedule, Shares shares, List<Unit> units, int i) {
    Unit unit = units.get(i);
    Node value = unit.nodes().getFirst();
    boolean large =
        !unit.fused()
            && schedule.placement(value) == Placement.SHARDED
            && value.shape().rank() == 4
            && value.shape().size() * 4 / shares.threads() > WORTH_BYTES;
    if (!large) {
      return 0;
    }
    List<Unit> readers = schedule.readers(value).stream().distinct().toList();
    int count = readers.size();
    boolean follow =
        i + count < units.size()
            && readers.containsAll(units.subList(i + 1, i + 1 + count))
            && readers.stream()
                .allMatch(reader -> reader.phase() == unit.phase() && takesParts(reader, value));
    return follow ? count : 0;
  }

  private static boolean takesParts(Unit reader, Node value) {
    if (reader.fused()) {
      return false;
    }
    Node node = reader.nodes().getFirst();
    return switch (node.op()) {
      case MaxPool2D _ -> node.input(0) == value;
      case Conv2DKernelGradient _ -> node.input(1) == value && node.input(0) != value;
      case Conv2DInputGradient _ -> node.input(0) == value;
      case Op _ -> false;
    };
  }

  boolean single() {
    return passing.isEmpty();
  }

  Unit first() {
    return units.getFirst();
  }

  Unit last() {
    return units.getLast();
  }

  /// Turns that `rows` are cut into: the fewest equal ones whose pictures fit the cache.
  int turns(int rows) {
    if (single() || rows == 0) {
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
