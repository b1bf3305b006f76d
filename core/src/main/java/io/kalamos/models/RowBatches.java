package io.kalamos.models;

import io.kalamos.data.Samples;

/// Batches of samples, or of some of them, that lie in memory: row numbers in the order of the
/// pass, the last batch being smaller where they do not divide. Nothing is copied.
final class RowBatches implements Batches {
  private final Samples samples;
  private final int[] chosen;
  private final int batch;
  private final boolean shuffle;
  private final long seed;
  private final Order order;
  private int[] rows;
  private int from;
  private int size;
  private int end;

  /// @param chosen the rows that are taken
  RowBatches(Samples samples, int[] chosen, int batchSize, boolean shuffle, long seed) {
    this.samples = samples;
    this.chosen = chosen;
    this.batch = Math.min(batchSize, chosen.length);
    this.shuffle = shuffle;
    this.seed = seed;
    this.order = new Order(chosen.length);
  }

  /// All of them.
  RowBatches(Samples samples, int batchSize, boolean shuffle, long seed) {
    this(samples, new Order(samples.size()).reset(), batchSize, shuffle, seed);
  }

  /// In the order in which they lie.
  RowBatches(Samples samples, int batchSize) {
    this(samples, batchSize, false, 0);
  }

  @Override
  public long steps() {
    return ((long) chosen.length + batch - 1) / batch;
  }

  /// The size of all batches but the last one.
  int fullSize() {
    return batch;
  }

  /// How many batches have that size.
  int full() {
    return chosen.length / batch;
  }

  /// Leaves out the next ones, all of full size.
  void skip(int count) {
    end += count * batch;
  }

  @Override
  public void open(int pass, long step) {
    rows = shuffle ? order.shuffled(seed, pass) : order.reset();
    for (int i = 0; i < rows.length; i++) {
      rows[i] = chosen[rows[i]];
    }
    end = (int) Math.min(rows.length, step * batch);
  }

  @Override
  public boolean next() {
    from = end;
    size = Math.min(batch, rows.length - from);
    end = from + size;
    return size > 0;
  }

  @Override
  public Samples samples() {
    return samples;
  }

  @Override
  public int[] rows() {
    return rows;
  }

  @Override
  public int from() {
    return from;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void close() {}
}
