package io.kalamos.data;

import io.kalamos.engine.Tensor;
import java.util.ArrayList;
import java.util.List;

/// The memory of a [Cached] stage: blocks of rows, into which elements are made at their first use.
/// Elements unlike the first one are kept beside them.
final class Cache {
  private static final long BLOCK_BYTES = 8 << 20;

  private final Stage source;
  private final List<Pending> places = new ArrayList<>();
  private final List<Element> blocks = new ArrayList<>();
  private Pass pass;
  private boolean ended;
  private volatile Element pattern;
  private int blockRows;

  Cache(Stage source) {
    this.source = source;
  }

  /// The element of this number, null behind the last.
  synchronized Pending at(int number) {
    while (places.size() <= number && !ended) {
      if (pass == null) {
        pass = source.open(0);
      }
      Pending pending = pass.next();
      if (pending == null) {
        ended = true;
        pass.close();
      } else {
        places.add(new Place(pending, places.size()));
      }
    }
    return number < places.size() ? places.get(number) : null;
  }

  private synchronized Element block(int number) {
    int block = number / blockRows;
    while (blocks.size() <= block) {
      long all = source.cardinality();
      long left = all < 0 ? blockRows : all - (long) blocks.size() * blockRows;
      blocks.add(pattern.rowsLikeThis((int) Math.min(blockRows, left)));
    }
    return blocks.get(block);
  }

  private synchronized void found(Element first) {
    if (pattern == null) {
      long bytes = 1;
      for (Tensor tensor : first.tensors()) {
        bytes += tensor.size() * tensor.dtype().bytes();
      }
      blockRows = (int) Math.max(1, BLOCK_BYTES / bytes);
      pattern = first;
    }
  }

  /// An element that was made, or will be by who needs it first. What lies in a block needs no
  /// object of its own.
  private final class Place implements Pending {
    private final int number;
    private Pending pending;
    private volatile Element block;
    private volatile Element alone;

    Place(Pending pending, int number) {
      this.pending = pending;
      this.number = number;
    }

    @Override
    public Element make() {
      Element known = kept();
      return known == null ? alone : known.row(number % blockRows);
    }

    @Override
    public boolean copyTo(Element batch, int row) {
      Element known = kept();
      return known != null && known.copyRow(number % blockRows, batch, row);
    }

    /// The block, null where the element is unlike the others.
    private Element kept() {
      Element known = block;
      if (known != null || alone != null) {
        return known;
      }
      synchronized (this) {
        if (block == null && alone == null) {
          keep();
          pending = null;
        }
        return block;
      }
    }

    private void keep() {
      Element first = null;
      if (pattern == null) {
        first = pending.make();
        found(first);
      }
      Element rows = block(number);
      Element row = rows.row(number % blockRows);
      if (first == null) {
        Element made = pending.makeIn(row);
        if (made != row) {
          alone = made;
          return;
        }
      } else if (row.like(first)) {
        row.copyFrom(first);
      } else {
        alone = first;
        return;
      }
      block = rows;
    }
  }
}
