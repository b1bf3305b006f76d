package io.kalamos.onednn;

import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Partition;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Unit;
import io.kalamos.kernels.KernelCompiler;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/// A thread that works alone need not take all rows of the batch through a unit before the next one
/// starts: in rounds over some rows at a time what passes from unit to unit stays in the last-level
/// cache, and takes the memory of one round. [Chunks] do the same in smaller steps for units that
/// need little of the weights; here weights are read again in each round.
final class Rounds {
  /// What units may hand over in a round, and read of weights: a part of a last-level cache, where
  /// other threads want theirs.
  private static final long CACHE_BYTES = 8_000_000;

  /// With fewer rows the weights would be read again too often.
  private static final int FEWEST_ROWS = 64;

  /// Numbers of a sum over the batch: each round has an addend of its own.
  private static final long LARGEST_SUM = 4096;

  private final Schedule schedule;
  private final Shares shares;

  private Rounds(Schedule schedule, Shares shares) {
    this.schedule = schedule;
    this.shares = shares;
  }

  /// The same shares, in as many rounds as are worth it.
  ///
  /// @param kept values that the caller reads
  static Shares cut(
      Graph graph,
      Schedule schedule,
      Shares shares,
      KernelCompiler compiler,
      Collection<Node> kept) {
    boolean reads = shares.threads() == 1 && graph.assigns().isEmpty();
    Rounds rounds = new Rounds(schedule, shares);
    if (!reads || shares.batch() < 2 * FEWEST_ROWS || !rounds.arePossible()) {
      return shares;
    }
    var own = OwnCode.of(schedule, shares, compiler, kept);
    List<Chunks> groups = Chunks.of(schedule, shares, kept, own);
    return shares.inRounds(rounds.count(rounds.bytesOfRow(groups)));
  }

  /// What a round computes of its rows it has to use up: all units that work on rows of the batch
  /// follow each other, and only small sums are left of them.
  private boolean arePossible() {
    long phases = rowUnits().map(Unit::phase).distinct().count();
    return phases == 1
        && rowUnits().flatMap(unit -> unit.nodes().stream()).allMatch(this::leavesLittle)
        && rowUnits().flatMap(Rounds::read).allMatch(this::isSmallWhereShared);
  }

  private Stream<Unit> rowUnits() {
    return schedule.units().stream().filter(unit -> unit.domain() == Placement.SHARDED);
  }

  private boolean leavesLittle(Node node) {
    return schedule.placement(node) != Placement.PARTIAL || node.shape().size() <= LARGEST_SUM;
  }

  private static Stream<Node> read(Unit unit) {
    return unit.nodes().stream().flatMap(node -> node.inputs().stream());
  }

  private boolean isSmallWhereShared(Node input) {
    Node source = Partition.source(input);
    return switch (schedule.placement(source)) {
      case SHARED, SPLIT, SOLO, REPLICATED ->
          source.shape().size() * source.dtype().bytes() <= CACHE_BYTES;
      case HOST, INLINE, SHARDED, WHOLE, PARTIAL -> true;
    };
  }

  /// The largest value that one group of units writes and another one reads.
  private long bytesOfRow(List<Chunks> groups) {
    long most = 0;
    for (Chunks group : groups) {
      for (Unit unit : group.units()) {
        for (Node node : unit.nodes()) {
          boolean handedOver =
              schedule.placement(node) == Placement.SHARDED
                  && !group.units().containsAll(schedule.readers(node));
          if (handedOver) {
            long bytes = node.shape().size() * Storage.storedType(schedule, node).bytes();
            most = Math.max(most, bytes / shares.batch());
          }
        }
      }
    }
    return most;
  }

  /// The fewest equal rounds whose rows fit the cache; one if there are none.
  private int count(long bytesOfRow) {
    int batch = shares.batch();
    for (int rounds = 1; batch / rounds >= FEWEST_ROWS; rounds++) {
      if (batch % rounds == 0 && batch / rounds * bytesOfRow <= CACHE_BYTES) {
        return rounds;
      }
    }
    return 1;
  }
}
