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
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// How often each class was taken for each, (classes, classes): rows are targets, columns
/// predictions. What confusion matrices and overlaps are made of.
///
/// Class indices that no class has do not count.
record Overlap(
    String name,
    int classes,
    OptionalInt ignoreClass,
    boolean sparseTarget,
    boolean sparsePrediction,
    int axis) {
  static final String MATRIX = "confusion_matrix";
  private static final double EPSILON = 1e-7;

  /// More classes have a matrix of more cells than a tensor's axis counts.
  private static final int MOST_CLASSES = 46_340;

  static void check(String where, int numClasses) {
    Refusal.unlessAtLeast(where, "numClasses", numClasses, 1, "Count all classes.");
    if (numClasses > MOST_CLASSES) {
      throw Refusal.of(
          where,
          "at most " + MOST_CLASSES + " classes",
          "numClasses",
          numClasses,
          "Join classes, or take SparseCategoricalAccuracy.");
    }
  }

  static void check(String where, int numClasses, List<Integer> targetClassIds) {
    check(where, numClasses);
    boolean fits = targetClassIds.stream().allMatch(id -> id >= 0 && id < numClasses);
    if (targetClassIds.isEmpty() || !fits) {
      throw Refusal.of(
          where,
          "class indices from 0 to " + (numClasses - 1),
          "targetClassIds",
          targetClassIds,
          "Name at least one of the " + numClasses + " classes.");
    }
  }

  static List<Integer> all(int classes) {
    return IntStream.range(0, classes).boxed().toList();
  }

  SequencedMap<String, Node> update(Node target, Node prediction, Optional<Node> weight) {
    Node scores = Operands.wide(prediction);
    Node truth = indices(cast(target, scores.dtype()), sparseTarget);
    Node guess = indices(scores, sparsePrediction);
    if (truth.shape().size() != guess.shape().size()) {
      throw Refusal.of(
          name,
          "a target for each of the predictions of shape " + prediction.shape(),
          "shape",
          target.shape(),
          "Say whether targets and predictions are indices: sparseYTrue, sparseYPred.");
    }
    Shape flat = Shape.of(Math.toIntExact(guess.shape().size()), 1);
    Node right = oneHot(reshape(truth, flat), classes, scores.dtype());
    if (weight.isPresent()) {
      Node each = broadcastTo(SampleWeights.fitting(weight.get(), truth), truth.shape());
      right = multiply(right, reshape(each, flat));
    }
    if (ignoreClass.isPresent()) {
      Node labels = reshape(truth, flat);
      right = multiply(right, notEqual(labels, like(labels, ignoreClass.getAsInt())));
    }
    Node said = oneHot(reshape(guess, flat), classes, scores.dtype());
    SequencedMap<String, Node> sums = new LinkedHashMap<>();
    sums.put(MATRIX, matmul(right, said, true, false));
    return sums;
  }

  /// Class indices, without a last axis of size 1.
  private Node indices(Node x, boolean sparse) {
    Node found = sparse ? x : cast(argMax(Operands.toLast(name, x, axis)), x.dtype());
    boolean column = found.shape().rank() > 1 && found.shape().dim(-1) == 1;
    return column ? reshape(found, found.shape().slice(0, found.shape().rank() - 1)) : found;
  }

  /// The mean over classes of hits / (targets + predictions - hits); classes that never occur do
  /// not count.
  static Tensor mean(Map<String, Tensor> totals, List<Integer> ids) {
    Tensor matrix = totals.get(MATRIX);
    int classes = matrix.shape().dim(0);
    double sum = 0;
    int valid = 0;
    for (int id : ids) {
      double hits = matrix.get((long) id * classes + id);
      double either = -hits;
      for (int other = 0; other < classes; other++) {
        either += matrix.get((long) id * classes + other) + matrix.get((long) other * classes + id);
      }
      if (either > 1e-9) {
        sum += hits / (either + EPSILON);
        valid++;
      }
    }
    return Results.number(sum / (valid + EPSILON));
  }
}
