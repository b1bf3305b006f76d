package io.kalamos.metrics;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.losses.Operands;
import io.kalamos.losses.SampleWeights;
import io.kalamos.options.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// Right and wrong answers where predictions above a threshold say yes, for many thresholds at
/// once.
///
/// Thresholds that divide 0 to 1 into equal parts are compared as Keras does it, by the part that a
/// prediction falls into: the same but for rounding.
final class Thresholds {
  static final double BELOW_ALL = -1e10;
  static final double EPSILON = 1e-7;

  private final List<Double> values;
  private final OptionalInt topK;
  private final OptionalInt classId;

  /// @param topK how many of the greatest predictions of a sample may say yes
  /// @param classId the only class that is looked at
  Thresholds(List<Double> values, OptionalInt topK, OptionalInt classId) {
    this.values = values;
    this.topK = topK;
    this.classId = classId;
  }

  static Thresholds of(List<Double> values) {
    return new Thresholds(values, OptionalInt.empty(), OptionalInt.empty());
  }

  /// The thresholds asked for, else 0.5, or none where the greatest predictions say yes.
  static List<Double> chosen(Optional<List<Double>> asked, OptionalInt topK) {
    return asked.orElse(List.of(topK.isPresent() ? BELOW_ALL : 0.5));
  }

  /// From 0 to 1 in equal steps, the first and the last moved outwards by `beyond`.
  static List<Double> even(int count, double beyond) {
    if (count == 1) {
      return List.of(0.5);
    }
    return IntStream.range(0, count)
        .mapToObj(i -> i == 0 ? -beyond : i == count - 1 ? 1 + beyond : i * 1.0 / (count - 1))
        .toList();
  }

  static void check(String where, List<Double> values) {
    if (values.isEmpty()) {
      throw Refusal.of(where, "a threshold", "thresholds", values, "Keras's default is 0.5.");
    }
    for (double value : values) {
      if (!(value >= 0 && value <= 1)) {
        throw Refusal.of(
            where, "thresholds from 0 to 1", "thresholds", values, "Keras's default is 0.5.");
      }
    }
  }

  static void check(String where, OptionalInt topK, OptionalInt classId) {
    topK.ifPresent(k -> Refusal.unlessAtLeast(where, "topK", k, 1, "Leave it out for all."));
    classId.ifPresent(id -> Refusal.unlessAtLeast(where, "classId", id, 0, "Count from 0."));
  }

  /// The counts of each threshold, shape (thresholds), or (labels, thresholds) where each label of
  /// (batch, labels) is counted by itself.
  SequencedMap<String, Node> counts(
      String where, Node target, Node prediction, Optional<Node> weight, boolean byLabel) {
    Node wide = Operands.wide(prediction);
    Node yes = Operands.same(where, target, wide);
    Node scores = topK.isPresent() ? greatest(wide, topK.getAsInt()) : wide;
    if (classId.isPresent()) {
      yes = column(where, yes);
      scores = column(where, scores);
    }
    int batch = yes.shape().dim(0);
    int places = Math.toIntExact(yes.shape().rowSize());
    Shape shape = Shape.of(batch, places, 1);
    Integer[] summed = byLabel ? new Integer[] {0} : new Integer[] {0, 1};
    Node ones = reshape(notEqual(yes, like(yes, 0)), shape);
    Node zeros = subtract(1, ones);
    if (weight.isPresent()) {
      Node each = SampleWeights.fitting(weight.get(), yes);
      Node all = reshape(broadcastTo(each, yes.shape()), shape);
      ones = multiply(ones, all);
      zeros = multiply(zeros, all);
    }
    Node said = said(reshape(scores, shape));
    Node truePositives = sum(multiply(said, ones), summed);
    Node falsePositives = sum(multiply(said, zeros), summed);
    SequencedMap<String, Node> counts = new LinkedHashMap<>();
    counts.put("true_positives", truePositives);
    counts.put("false_positives", falsePositives);
    counts.put("true_negatives", subtract(sum(zeros, summed), falsePositives));
    counts.put("false_negatives", subtract(sum(ones, summed), truePositives));
    Shape result = byLabel ? Shape.of(places, values.size()) : Shape.of(values.size());
    counts.replaceAll((_, node) -> reshape(node, result));
    return counts;
  }

  /// 1 where a score (batch, places, 1) is above a threshold, (batch, places, thresholds).
  private Node said(Node scores) {
    boolean even = evenlyDistributed();
    boolean beyond = values.getFirst() < 0;
    Tensor cuts = Tensor.zeros(scores.dtype(), Shape.of(values.size()));
    cuts.fill(i -> !even ? values.get(i) : i == 0 && beyond ? -1 : i);
    Node places = even ? multiply(clip(scores, 0, 1), values.size() - 1) : scores;
    return greater(places, constant(cuts));
  }

  private boolean evenlyDistributed() {
    int count = values.size();
    return count >= 3
        && IntStream.range(0, count)
            .allMatch(
                i -> {
                  double wanted = (double) i / (count - 1);
                  return Math.abs(values.get(i) - wanted) <= EPSILON + 1e-5 * wanted;
                });
  }

  private Node column(String where, Node x) {
    int id = classId.orElseThrow();
    int classes = x.shape().dim(-1);
    if (x.shape().rank() < 2 || id >= classes) {
      throw Refusal.of(
          where, "classId below the " + classes + " classes", "classId", id, "Count from 0.");
    }
    Tensor place = Tensor.zeros(x.dtype(), Shape.of(classes));
    place.set(id, 1);
    return sumLast(multiply(x, constant(place)));
  }

  /// The k greatest of the last axis as they are, the others below all thresholds; of equal ones
  /// the first.
  private static Node greatest(Node x, int k) {
    int classes = x.shape().dim(-1);
    int rows = Math.toIntExact(x.shape().size() / classes);
    Node mine = reshape(x, Shape.of(rows, classes, 1));
    Node others = reshape(x, Shape.of(rows, 1, classes));
    Tensor earlier = Tensor.zeros(x.dtype(), Shape.of(classes, classes));
    earlier.fill(i -> i % classes < i / classes ? 1 : 0);
    Node ahead = add(greater(others, mine), multiply(equal(others, mine), constant(earlier)));
    Node place = reshape(sumLast(ahead), x.shape());
    return select(less(place, like(place, k)), x, like(x, BELOW_ALL));
  }
}
