package io.kalamos.data;

import java.util.List;

/// The first elements.
record Taken(Stage source, long count) implements Stage {
  @Override
  public Pass open(long epoch) {
    return new Onward(source.open(epoch)) {
      private long left = count;

      @Override
      public Pending next() {
        return left-- > 0 ? source.next() : null;
      }

      @Override
      public long skip(long count) {
        long skipped = source.skip(Math.min(count, Math.max(0, left)));
        left -= skipped;
        return skipped;
      }
    };
  }

  @Override
  public long cardinality() {
    long all = source.cardinality();
    if (all == Dataset.UNKNOWN) {
      return Dataset.UNKNOWN;
    }
    return all == Dataset.INFINITE ? count : Math.min(all, count);
  }

  @Override
  public String label() {
    return "take(" + count + ")";
  }

  @Override
  public List<Stage> sources() {
    return List.of(source);
  }
}
