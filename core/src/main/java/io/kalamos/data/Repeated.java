package io.kalamos.data;

import java.util.List;

/// Pass after pass over the source, each with a number of its own.
///
/// @param count how often; [Dataset#INFINITE] for ever
record Repeated(Stage source, long count) implements Stage {
  /// How many passes of the source an endless pass has before the next one's numbers begin.
  private static final long PASSES = 1L << 24;

  @Override
  public Pass open(long epoch) {
    long first = epoch * (count == Dataset.INFINITE ? PASSES : count);
    return new Pass() {
      private Pass now;
      private long done;
      private long given;

      @Override
      public Pending next() {
        while (count == Dataset.INFINITE || done < count) {
          if (now == null) {
            now = source.open(first + done);
            given = 0;
          }
          Pending next = now.next();
          if (next != null) {
            given++;
            return next;
          }
          now.close();
          now = null;
          done++;
          if (given == 0) {
            return null;
          }
        }
        return null;
      }

      @Override
      public long skip(long count) {
        long skipped = 0;
        while (skipped < count && next() != null) {
          long more = now.skip(count - ++skipped);
          given += more;
          skipped += more;
        }
        return skipped;
      }

      @Override
      public void reuse(Element element) {
        if (now != null) {
          now.reuse(element);
        }
      }

      @Override
      public void close() {
        if (now != null) {
          now.close();
        }
      }
    };
  }

  @Override
  public long cardinality() {
    long once = source.cardinality();
    if (once == 0 || count == 0) {
      return 0;
    }
    if (count == Dataset.INFINITE) {
      return Dataset.INFINITE;
    }
    return once < 0 ? once : Math.multiplyExact(once, count);
  }

  @Override
  public String label() {
    return count == Dataset.INFINITE ? "repeat" : "repeat(" + count + ")";
  }

  @Override
  public List<Stage> sources() {
    return List.of(source);
  }
}
