package io.kalamos.data;

/// One pass over a dataset. Taking elements is cheap and is done by one thread at a time, in order;
/// making them is what costs.
interface Pass extends AutoCloseable {
  /// The next element, null at the end.
  Pending next();

  /// Leaves elements out without making them; less than `count` where the end comes first.
  default long skip(long count) {
    long skipped = 0;
    while (skipped < count && next() != null) {
      skipped++;
    }
    return skipped;
  }

  /// Takes the memory of an element back that came from here and that nobody reads any more.
  default void reuse(Element element) {}

  /// Ends what still runs for this pass.
  @Override
  default void close() {}
}
