package io.kalamos.onednn;

import io.kalamos.engine.Node;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Unit;

/// Which part of the work each thread does: rows of the batch, or ranges of elements of weights.
record Shares(int threads, int batch) {
  /// Rows that are worth a thread of their own.
  private static final int ROWS_PER_THREAD = 16;

  /// Elements of weights that are worth a thread of their own.
  private static final long ELEMENTS_PER_THREAD = 1024;

  /// Whole cache lines, so that no two threads write to the same.
  private static final long LINE = 16;

  /// As many of `threads` as the batch is worth.
  static Shares of(int threads, int batch) {
    return new Shares(Math.max(1, Math.min(threads, batch / ROWS_PER_THREAD)), batch);
  }

  /// First row of the batch of a thread; that of thread `threads` is the end.
  int firstRow(int thread) {
    return (int) ((long) batch * thread / threads);
  }

  int rows(int thread) {
    return firstRow(thread + 1) - firstRow(thread);
  }

  /// The most rows of a thread.
  int mostRows() {
    return (batch + threads - 1) / threads;
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
      case SPLIT -> new Range(cut(unit, rows, thread), cut(unit, rows, thread + 1));
      case REPLICATED -> new Range(0, rows);
      case SOLO -> new Range(0, thread == 0 ? rows : 0);
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

  private long cut(Unit unit, long rows, int thread) {
    if (thread == 0) {
      return 0;
    }
    boolean worth = unit.size() >= ELEMENTS_PER_THREAD * threads;
    return thread == threads || !worth ? rows : rows * thread / threads / LINE * LINE;
  }

  /// Whether a thread takes part in work of this placement at all.
  boolean takesPart(Placement placement, int thread) {
    return placement != Placement.SOLO || thread == 0;
  }

  /// Rows `from` (inclusive) to `to` (exclusive).
  record Range(long from, long to) {
    long rows() {
      return to - from;
    }
  }
}
