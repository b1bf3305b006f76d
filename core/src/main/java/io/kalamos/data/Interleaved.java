package io.kalamos.data;

import java.util.List;
import java.util.function.Function;

/// Elements of several datasets by turns, as `tf.data` does: `cycle` of them are open, each gives
/// `block` elements in its turn, and where one ends the next dataset takes its place.
record Interleaved(Stage source, Function<Element, Dataset> datasets, int cycle, int block)
    implements Stage {
  @Override
  public Pass open(long epoch) {
    return new Onward(source.open(epoch)) {
      private final Pass[] open = new Pass[cycle];
      private int turn;
      private int given;
      private long taken;
      private boolean ended;

      @Override
      public Pending next() {
        for (int empty = 0; empty < cycle; ) {
          if (open[turn] == null && !ended) {
            begin();
          }
          Pending next = open[turn] == null ? null : open[turn].next();
          if (next != null) {
            given++;
            if (given == block) {
              advance();
            }
            return next;
          }
          if (open[turn] != null) {
            open[turn].close();
            open[turn] = null;
            empty = 0;
          } else {
            empty++;
          }
          advance();
        }
        return null;
      }

      private void advance() {
        turn = (turn + 1) % cycle;
        given = 0;
      }

      private void begin() {
        Pending pending = source.next();
        if (pending == null) {
          ended = true;
          return;
        }
        Element element = pending.make();
        long number = taken++;
        try {
          open[turn] = datasets.apply(element).stage().open(epoch);
        } catch (RuntimeException e) {
          throw DatasetException.of(Interleaved.this, number, e);
        }
      }

      @Override
      public void reuse(Element element) {}

      @Override
      public void close() {
        for (Pass pass : open) {
          if (pass != null) {
            pass.close();
          }
        }
        super.close();
      }
    };
  }

  @Override
  public long cardinality() {
    return source.cardinality() == Dataset.INFINITE ? Dataset.INFINITE : Dataset.UNKNOWN;
  }

  @Override
  public String label() {
    return "interleave(" + cycle + ", " + block + ")";
  }

  @Override
  public List<Stage> sources() {
    return List.of(source);
  }
}
