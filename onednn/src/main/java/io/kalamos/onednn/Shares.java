package io.kalamos.onednn;

import io.kalamos.engine.MatMul;
import io.kalamos.engine.Node;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Unit;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/// Which part of the work each thread does: rows of the batch, or ranges of elements of weights.
///
/// A thread that works alone may go over the batch in rounds ([Rounds]). Then each round does what
/// one of as many threads would do, and wherever a thread is spoken of the round with that number
/// is meant. What is not cut by the batch the first round computes for all.
///
/// @param rounds of the only thread; 1 where there are several
/// @param grains sizes of weights that are cut in whole rows, and the elements of such a row
record Shares(int threads, int rounds, int batch, Map<Long, Long> grains) {
  /// Rows that are worth a thread of their own.
  private static final int ROWS_PER_THREAD = 16;

  /// Elements of weights that are worth a thread of their own.
  private static final long ELEMENTS_PER_THREAD = 1024;

  /// Whole cache lines, so that no two threads write to the same.
  private static final long LINE = 16;

  /// As many of `threads` as the batch is worth.
  static Shares of(int threads, int batch) {
    int worth = Math.max(1, Math.min(threads, batch / ROWS_PER_THREAD));
    return new Shares(worth, 1, batch, Map.of());
  }

  /// The same, with weights cut so that each unit finds whole rows: whatever works on weights of
  /// one size cuts them alike, since a thread goes on with what it made itself.
  Shares along(Schedule schedule) {
    Map<Long, Long> found = new HashMap<>();
    for (Unit unit : schedule.units()) {
      Node node = unit.nodes().getFirst();
      if (unit.fused() && unit.domain() == Placement.SPLIT && unit.columns() > 1) {
        found.merge(unit.size(), unit.columns(), Shares::multiple);
      } else if (node.op() instanceof MatMul product
          && product.byWeights()
          && product.transposeA()) {
        found.merge(node.shape().size(), (long) node.shape().dim(1), Shares::multiple);
      }
    }
    return new Shares(threads, rounds, batch, Map.copyOf(found));
  }

  /// The same for a thread that goes over the batch in rounds of as many rows each.
  Shares inRounds(int count) {
    return new Shares(threads, count, batch, grains);
  }

  /// Parts of the batch: of each thread, or of each round of the only one.
  int parts() {
    return threads * rounds;
  }

  /// The least common one.
  private static long multiple(long a, long b) {
    return a / BigInteger.valueOf(a).gcd(BigInteger.valueOf(b)).longValue() * b;
  }

  /// First row of the batch of a thread; that of thread `parts` is the end.
  int firstRow(int thread) {
    return (int) ((long) batch * thread / parts());
  }

  int rows(int thread) {
    return firstRow(thread + 1) - firstRow(thread);
  }

  /// The most rows of a thread.
  int mostRows() {
    return (batch + parts() - 1) / parts();
  }

  /// First element of a thread's rows in a value whose first axis is the batch or a multiple of it.
  long firstElement(Node node, int thread) {
    return node.shape().size() / batch * firstRow(thread);
  }

  /// Size of a product's first axis in one thread.
  int rowsOf(Node node, int thread) {
    return node.shape().dim(0) / batch * rows(thread);
  }

  /// The rows of a fused unit that a thread works on, in units of the unit's own rows.
  Range range(Unit unit, int thread) {
    long rows = unit.size() / unit.columns();
    return switch (unit.domain()) {
      case SHARDED ->
          new Range(rows / batch * firstRow(thread), rows / batch * firstRow(thread + 1));
      case SPLIT -> rowsOfWeights(unit.size(), unit.columns(), thread);
      case REPLICATED, SOLO -> new Range(0, takesPart(unit.domain(), thread) ? rows : 0);
      case HOST, INLINE, SHARED, WHOLE, PARTIAL ->
          throw new IllegalStateException("no domain: " + unit.domain());
    };
  }

  /// A turn's part of a thread's rows of a fused unit.
  Range range(Unit unit, int thread, int turn, int turns) {
    Range whole = range(unit, thread);
    long rows = whole.rows() / turns;
    return turns == 1 ? whole : new Range(whole.from + turn * rows, whole.from + (turn + 1) * rows);
  }

  /// A thread's rows of weights of that size.
  Range rowsOfWeights(long size, long columns, int thread) {
    return new Range(cut(size, thread) / columns, cut(size, thread + 1) / columns);
  }

  private long cut(long size, int thread) {
    if (thread == 0) {
      return 0;
    }
    boolean worth = size >= ELEMENTS_PER_THREAD * threads;
    long grain = grains.getOrDefault(size, LINE);
    return thread >= threads || !worth ? size : size / grain * thread / threads * grain;
  }

  /// Whether a thread takes part in work of this placement at all.
  boolean takesPart(Placement placement, int thread) {
    return switch (placement) {
      case SHARDED, PARTIAL -> true;
      case REPLICATED, SPLIT -> thread < threads;
      case SOLO -> thread == 0;
      case HOST, INLINE, SHARED, WHOLE -> throw new IllegalStateException("no work: " + placement);
    };
  }

  /// Rows `from` (inclusive) to `to` (exclusive).
  record Range(long from, long to) {
    long rows() {
      return to - from;
    }
  }
}
