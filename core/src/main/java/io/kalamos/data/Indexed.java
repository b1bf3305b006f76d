package io.kalamos.data;

import java.util.List;
import java.util.function.IntFunction;

/// Elements that a function makes from their numbers.
record Indexed(int size, IntFunction<Element> element) implements Stage {
  @Override
  public Pass open(long epoch) {
    return new IndexPass(size, i -> () -> make((int) i));
  }

  private Element make(int i) {
    try {
      return element.apply(i);
    } catch (RuntimeException e) {
      throw DatasetException.of(this, i, e);
    }
  }

  @Override
  public long cardinality() {
    return size;
  }

  @Override
  public String label() {
    return "of(" + size + ")";
  }

  @Override
  public List<Stage> sources() {
    return List.of();
  }

  @Override
  public boolean computes() {
    return true;
  }
}
