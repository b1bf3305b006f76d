package io.kalamos.data;

import java.util.function.LongFunction;

/// A pass over elements that are found by number.
final class IndexPass implements Pass {
  private final long size;
  private final LongFunction<Pending> elements;
  private long next;

  IndexPass(long size, LongFunction<Pending> elements) {
    this.size = size;
    this.elements = elements;
  }

  @Override
  public Pending next() {
    return next < size ? elements.apply(next++) : null;
  }

  @Override
  public long skip(long count) {
    long skipped = Math.min(count, size - next);
    next += skipped;
    return skipped;
  }
}
