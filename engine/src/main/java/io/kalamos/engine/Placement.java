package io.kalamos.engine;

/// Where a value lives when several threads share a step.
public enum Placement {
  /// A single number that the host computes before the step.
  HOST,
  /// Cheap and without memory: every consumer computes it anew (constants, random numbers, data
  /// that products read in place).
  INLINE,
  /// Memory that lies ready before the step: variables and constants.
  SHARED,
  /// Each thread holds the rows of its part of the batch, one behind the other in one buffer.
  SHARDED,
  /// All rows of such a value under a shape whose first axis is not the batch: the first thread
  /// reads it alone, once every thread has written its rows.
  WHOLE,
  /// Each thread holds an addend; the value is their sum in the threads' order.
  PARTIAL,
  /// Each thread computes its own copy: small things that are not worth waiting for.
  REPLICATED,
  /// Each thread computes a range of the elements of one copy: updates of weights.
  SPLIT,
  /// The first thread computes it alone: whatever fits nothing else.
  SOLO;

  /// Whether a consumer placed at `consumer` has to wait for all threads before it reads a value
  /// placed here.
  boolean needsBarrier(Placement consumer) {
    return switch (this) {
      case HOST, INLINE, SHARED, REPLICATED -> false;
      case WHOLE, PARTIAL, SPLIT -> true;
      case SHARDED -> consumer != SHARDED;
      case SOLO -> consumer != SOLO;
    };
  }
}
