package io.kalamos.data;

import java.util.Iterator;
import java.util.List;
import java.util.function.LongFunction;

/// Elements of an iterator, which is made for each pass and asked by one thread at a time.
record Generated(LongFunction<Iterator<Element>> elements) implements Stage {
  @Override
  public Pass open(long epoch) {
    Iterator<Element> iterator = elements.apply(epoch);
    return new Pass() {
      private long taken;

      @Override
      public Pending next() {
        try {
          if (!iterator.hasNext()) {
            return null;
          }
          Element element = iterator.next();
          taken++;
          return () -> element;
        } catch (RuntimeException e) {
          throw DatasetException.of(Generated.this, taken, e);
        }
      }
    };
  }

  @Override
  public long cardinality() {
    return Dataset.UNKNOWN;
  }

  @Override
  public String label() {
    return "from_generator";
  }

  @Override
  public List<Stage> sources() {
    return List.of();
  }
}
