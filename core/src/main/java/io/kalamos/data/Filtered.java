package io.kalamos.data;

import java.util.List;
import java.util.function.Predicate;

/// The elements of which something holds. They have to be made to be looked at.
record Filtered(Stage source, Predicate<Element> predicate) implements Stage {
  @Override
  public Pass open(long epoch) {
    return new Onward(source.open(epoch)) {
      private long taken;

      @Override
      public Pending next() {
        while (true) {
          Pending pending = source.next();
          if (pending == null) {
            return null;
          }
          Element element = pending.make();
          if (test(element, taken++)) {
            return () -> element;
          }
        }
      }
    };
  }

  private boolean test(Element element, long number) {
    try {
      return predicate.test(element);
    } catch (RuntimeException e) {
      throw DatasetException.of(this, number, e);
    }
  }

  @Override
  public long cardinality() {
    return source.cardinality() == Dataset.INFINITE ? Dataset.INFINITE : Dataset.UNKNOWN;
  }

  @Override
  public String label() {
    return "filter";
  }

  @Override
  public List<Stage> sources() {
    return List.of(source);
  }
}
