package io.kalamos.data;

import java.util.List;

/// The elements of one source, then those of another.
record Concatenated(Stage first, Stage second) implements Stage {
  @Override
  public Pass open(long epoch) {
    Pass one = first.open(epoch);
    return new Pass() {
      private Pass now = one;

      @Override
      public Pending next() {
        Pending next = now.next();
        if (next == null && now == one) {
          one.close();
          now = second.open(epoch);
          next = now.next();
        }
        return next;
      }

      @Override
      public void close() {
        now.close();
      }
    };
  }

  @Override
  public long cardinality() {
    long a = first.cardinality();
    long b = second.cardinality();
    if (a == Dataset.INFINITE || b == Dataset.INFINITE) {
      return Dataset.INFINITE;
    }
    return a == Dataset.UNKNOWN || b == Dataset.UNKNOWN ? Dataset.UNKNOWN : a + b;
  }

  @Override
  public String label() {
    return "concatenate";
  }

  @Override
  public List<Stage> sources() {
    return List.of(first, second);
  }
}
