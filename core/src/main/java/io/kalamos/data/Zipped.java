package io.kalamos.data;

import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.List;

/// Elements of two sources put together; the shorter one ends it.
///
/// @param weighing whether the second source has no data but the weights of the first one's targets
record Zipped(Stage first, Stage second, boolean weighing) implements Stage {
  @Override
  public Pass open(long epoch) {
    Pass one = first.open(epoch);
    Pass two = second.open(epoch);
    return new Pass() {
      /// What the first source gives, once it has given something.
      private volatile Element pattern;

      @Override
      public Pending next() {
        Pending left = one.next();
        Pending right = left == null ? null : two.next();
        return right == null ? null : pending(left, right);
      }

      private Pending pending(Pending left, Pending right) {
        return new Pending() {
          @Override
          public Element make() {
            Element a = left.make();
            pattern = a;
            return join(a, right.make());
          }

          @Override
          public Element makeIn(Element row) {
            Element known = pattern;
            if (known == null || !splits(known, row)) {
              return Pending.super.makeIn(row);
            }
            Element rowOne = leftOf(known, row);
            Element rowTwo = rightOf(known, row);
            Element a = left.makeIn(rowOne);
            Element b = right.makeIn(rowTwo);
            return a == rowOne && b == rowTwo ? row : join(a, b);
          }
        };
      }

      @Override
      public long skip(long count) {
        return Math.min(one.skip(count), two.skip(count));
      }

      @Override
      public void close() {
        one.close();
        two.close();
      }
    };
  }

  /// The second source's tensors are targets where nothing else is; else inputs come to inputs and
  /// targets to targets.
  private Element join(Element a, Element b) {
    if (weighing) {
      return weighed(a, b);
    }
    if (a.y().isEmpty() && b.y().isEmpty()) {
      return new Element(a.x(), b.x());
    }
    if (a.y().isEmpty() || b.y().isEmpty()) {
      throw Refusal.of(
          "dataset zip",
          "targets on both sides, or on neither",
          "elements",
          a + " and " + b,
          "Zip inputs with inputs that have targets too, or leave the targets to the second"
              + " dataset.");
    }
    if (a.weights().isEmpty() != b.weights().isEmpty()) {
      throw Refusal.of(
          "dataset zip",
          "weights on both sides, or on neither",
          "elements",
          a + " and " + b,
          "Give the other targets weights too, such as 1.");
    }
    return new Element(
        joined(a.x(), b.x()), joined(a.y(), b.y()), joined(a.weights(), b.weights()));
  }

  /// Weights for each target, or one for all of them.
  private static Element weighed(Element a, Element b) {
    boolean alone = a.weights().isEmpty() && b.y().isEmpty();
    if (!alone || b.x().size() != 1 && b.x().size() != a.y().size()) {
      throw Refusal.of(
          "dataset zip",
          "a weight, or one for each target, beside data without weights",
          "elements",
          a + " and " + b,
          "Give the weights alone, without targets, as the third dataset.");
    }
    return b.x().size() == 1 ? a.weight(b.input()) : new Element(a.x(), a.y(), b.x());
  }

  private static List<Tensor> joined(List<Tensor> some, List<Tensor> others) {
    List<Tensor> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  private boolean splits(Element first, Element row) {
    if (weighing) {
      return first.x().size() == row.x().size() && row.y().size() == 1 && !row.weights().isEmpty();
    }
    return first.y().isEmpty()
        ? first.x().size() == row.x().size() && !row.y().isEmpty()
        : first.x().size() < row.x().size() && first.y().size() < row.y().size();
  }

  private static Element leftOf(Element first, Element row) {
    return new Element(
        row.x().subList(0, first.x().size()),
        row.y().subList(0, first.y().size()),
        row.weights().subList(0, first.weights().size()));
  }

  private Element rightOf(Element first, Element row) {
    if (weighing) {
      return new Element(row.weights(), List.of());
    }
    return first.y().isEmpty()
        ? new Element(row.y(), List.of())
        : new Element(
            row.x().subList(first.x().size(), row.x().size()),
            row.y().subList(first.y().size(), row.y().size()),
            row.weights().subList(first.weights().size(), row.weights().size()));
  }

  @Override
  public long cardinality() {
    long a = first.cardinality();
    long b = second.cardinality();
    if (a == Dataset.INFINITE || b == Dataset.INFINITE) {
      return a == Dataset.INFINITE ? b : a;
    }
    return a == Dataset.UNKNOWN || b == Dataset.UNKNOWN ? Dataset.UNKNOWN : Math.min(a, b);
  }

  @Override
  public String label() {
    return "zip";
  }

  @Override
  public List<Stage> sources() {
    return List.of(first, second);
  }
}
