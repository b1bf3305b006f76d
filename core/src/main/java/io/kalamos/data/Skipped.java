package io.kalamos.data;

import java.util.List;

/// All but the first elements, which are not made.
record Skipped(Stage source, long count) implements Stage {
  @Override
  public Pass open(long epoch) {
    return new Onward(source.open(epoch)) {
      private boolean begun;

      @Override
      public Pending next() {
        begin();
        return source.next();
      }

      @Override
      public long skip(long count) {
        begin();
        return source.skip(count);
      }

      private void begin() {
        if (!begun) {
          begun = true;
          source.skip(count);
        }
      }
    };
  }

  @Override
  public long cardinality() {
    long all = source.cardinality();
    return all < 0 ? all : Math.max(0, all - count);
  }

  @Override
  public String label() {
    return "skip(" + count + ")";
  }

  @Override
  public List<Stage> sources() {
    return List.of(source);
  }
}
