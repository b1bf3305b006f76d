package io.kalamos.data;

import java.util.List;

/// Each element through a function, which may run on any number of threads at once.
record Mapped(Stage source, Function function) implements Stage {
  /// What becomes of an element, given the pass and its number.
  interface Function {
    Element apply(Element element, long epoch, long number);
  }

  @Override
  public Pass open(long epoch) {
    return new Onward(source.open(epoch)) {
      private long taken;

      @Override
      public Pending next() {
        Pending before = source.next();
        long number = taken++;
        return before == null ? null : () -> make(before.make(), epoch, number);
      }

      @Override
      public long skip(long count) {
        long skipped = source.skip(count);
        taken += skipped;
        return skipped;
      }

      @Override
      public void reuse(Element element) {}
    };
  }

  private Element make(Element before, long epoch, long number) {
    try {
      Element after = function.apply(before, epoch, number);
      if (after == null) {
        throw new IllegalStateException("the function gave null");
      }
      return after;
    } catch (RuntimeException e) {
      throw DatasetException.of(this, number, e);
    }
  }

  @Override
  public long cardinality() {
    return source.cardinality();
  }

  @Override
  public String label() {
    return "map";
  }

  @Override
  public List<Stage> sources() {
    return List.of(source);
  }

  @Override
  public boolean computes() {
    return true;
  }
}
