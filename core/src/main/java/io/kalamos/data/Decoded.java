package io.kalamos.data;

import io.kalamos.engine.Tensor;
import java.util.List;

/// The first input of each element through a [Decoding].
record Decoded(Stage source, Decoding decoding) implements Stage {
  @Override
  public Pass open(long epoch) {
    return new Onward(source.open(epoch)) {
      private long taken;

      @Override
      public Pending next() {
        Pending before = source.next();
        long number = taken++;
        return before == null ? null : pending(before, number);
      }

      @Override
      public long skip(long count) {
        long skipped = source.skip(count);
        taken += skipped;
        return skipped;
      }

      @Override
      public void reuse(Element element) {}
    };
  }

  private Pending pending(Pending before, long number) {
    return new Pending() {
      @Override
      public Element make() {
        Element element = before.make();
        Tensor into = Tensor.zeros(decoding.dtype(), decoding.shape());
        decode(element, into, number);
        return element.input(into);
      }

      @Override
      public Element makeIn(Element row) {
        Element element = before.make();
        Tensor into = row.input();
        if (into.dtype() == decoding.dtype() && into.shape().equals(decoding.shape())) {
          Element wanted = element.input(into);
          if (row.like(wanted)) {
            decode(element, into, number);
            copyRest(wanted, row);
            return row;
          }
        }
        Tensor other = Tensor.zeros(decoding.dtype(), decoding.shape());
        decode(element, other, number);
        return element.input(other);
      }
    };
  }

  private static void copyRest(Element from, Element into) {
    List<Tensor> tensors = from.tensors();
    List<Tensor> targets = into.tensors();
    for (int i = 1; i < tensors.size(); i++) {
      targets.get(i).copyFrom(tensors.get(i));
    }
  }

  private void decode(Element element, Tensor into, long number) {
    try {
      decoding.decode(element.input(), into);
    } catch (RuntimeException e) {
      throw DatasetException.of(this, number, e);
    }
  }

  @Override
  public long cardinality() {
    return source.cardinality();
  }

  @Override
  public String label() {
    return "map";
  }

  @Override
  public List<Stage> sources() {
    return List.of(source);
  }

  @Override
  public boolean computes() {
    return true;
  }
}
