package io.kalamos.models;

import io.kalamos.data.Samples;

/// Batches of samples that lie in memory: row numbers in the order of the pass, the last batch
/// being smaller where they do not divide. Nothing is copied.
final class RowBatches implements Batches {
  private final Samples samples;
  private final int batch;
  private final boolean shuffle;
  private final long seed;
  private final Order order;
  private int[] rows;
  private int from;
  private int size;
  private int end;

  RowBatches(Samples samples, int batchSize, boolean shuffle, long seed) {
    this.samples = samples;
    this.batch = Math.min(batchSize, samples.size());
    this.shuffle = shuffle;
    this.seed = seed;
    this.order = new Order(samples.size());
  }

  /// In the order in which they lie.
  RowBatches(Samples samples, int batchSize) {
    this(samples, batchSize, false, 0);
  }

  @Override
  public long steps() {
    return ((long) samples.size() + batch - 1) / batch;
  }

  @Override
  public void open(int pass, long step) {
    rows = shuffle ? order.shuffled(seed, pass) : order.reset();
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
