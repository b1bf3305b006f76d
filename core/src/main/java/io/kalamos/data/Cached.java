package io.kalamos.data;

import java.util.List;

/// Elements that are made once and kept in memory. Below a cache there is only one pass, the first:
/// what is shuffled or drawn at random there stays as it is.
record Cached(Stage source, Cache cache) implements Stage {
  @Override
  public Pass open(long epoch) {
    return new Pass() {
      private int next;

      @Override
      public Pending next() {
        Pending kept = cache.at(next);
        next += kept == null ? 0 : 1;
        return kept;
      }
    };
  }

  @Override
  public long cardinality() {
    return source.cardinality();
  }

  @Override
  public String label() {
    return "cache";
  }

  @Override
  public List<Stage> sources() {
    return List.of(source);
  }
}
