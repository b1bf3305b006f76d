package io.kalamos.data;

import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Elements behind each other in one tensor of shape (size, ...); each is made in its row.
record Batched(Stage source, int size, boolean dropRemainder) implements Stage {
  @Override
  public Pass open(long epoch) {
    return new BatchPass(source.open(epoch));
  }

  @Override
  public long cardinality() {
    long all = source.cardinality();
    return all < 0 ? all : dropRemainder ? all / size : (all + size - 1) / size;
  }

  @Override
  public String label() {
    return "batch(" + size + ")";
  }

  @Override
  public List<Stage> sources() {
    return List.of(source);
  }

  /// The first element of a batch, and the batch's number.
  private record Pattern(Element element, long number) {}

  private final class BatchPass extends Onward {
    private static final int KEPT = 16;

    private final Queue<Element> free = new ConcurrentLinkedQueue<>();

    /// Batches are made side by side: only one that comes earlier may say what elements are like,
    /// or messages would depend on which one was faster.
    private volatile Pattern pattern;

    private long taken;

    BatchPass(Pass source) {
      super(source);
    }

    @Override
    public Pending next() {
      Pending[] rows = new Pending[size];
      int count = 0;
      while (count < size && (rows[count] = source.next()) != null) {
        count++;
      }
      if (count == 0 || dropRemainder && count < size) {
        return null;
      }
      Pending[] all = count == size ? rows : Arrays.copyOf(rows, count);
      long number = taken++;
      return () -> make(all, number);
    }

    @Override
    public long skip(long count) {
      long elements = source.skip(Math.multiplyExact(count, size));
      long skipped = dropRemainder ? elements / size : (elements + size - 1) / size;
      taken += skipped;
      return skipped;
    }

    @Override
    public void reuse(Element element) {
      if (free.size() < KEPT) {
        free.add(element);
      }
    }

    private Element make(Pending[] rows, long number) {
      Pattern earlier = pattern;
      Element first = null;
      Element known;
      if (earlier == null || earlier.number > number) {
        first = rows[0].make();
        known = first;
        pattern = new Pattern(first, number);
      } else {
        known = earlier.element;
      }
      Element batch = memory(known, rows.length);
      int done = 0;
      if (first != null) {
        put(first, batch, 0, number);
        done = 1;
      }
      int begin = done;
      Parallel.each(rows.length - begin, i -> row(rows[begin + i], batch, begin + i, number));
      return batch;
    }

    private void row(Pending pending, Element batch, int row, long number) {
      if (pending.copyTo(batch, row)) {
        return;
      }
      Element place = batch.row(row);
      Element made = pending.makeIn(place);
      if (made != place) {
        put(made, batch, row, number);
      }
    }

    private void put(Element made, Element batch, int row, long number) {
      Element place = batch.row(row);
      if (!place.like(made)) {
        throw new DatasetException(
            label(),
            number * size + row,
            "dataset: expected elements of the same types and shapes in a batch, received element "
                + (number * size + row)
                + "="
                + made
                + " after "
                + place
                + ". Pad or resize them before "
                + label()
                + ", or use batch(1).",
            null);
      }
      place.copyFrom(made);
    }

    private Element memory(Element row, int count) {
      for (Element kept = free.poll(); kept != null; kept = free.poll()) {
        if (kept.input().shape().dim(0) == count && kept.row(0).like(row)) {
          return kept;
        }
      }
      return row.rowsLikeThis(count);
    }
  }
}
