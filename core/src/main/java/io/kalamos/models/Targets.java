package io.kalamos.models;

import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.losses.Loss;
import io.kalamos.losses.SparseCategoricalCrossentropy;
import io.kalamos.options.Refusal;

/// Whether targets are what a loss compares with.
final class Targets {
  private Targets() {}

  /// The targets themselves, where they fit.
  static Tensor checked(Loss loss, String path, Shape output, Tensor y) {
    String where = loss.name() + " at " + path;
    if (y.dtype().floating() && !Scan.finite(y)) {
      throw Refusal.of(
          where,
          "finite targets",
          "first",
          Scan.firstNotFinite(y),
          "Remove or replace the samples that hold NaN or infinity.");
    }
    switch (loss.target()) {
      case CLASS_INDEX -> indices(where, loss, output, y);
      case LABEL -> labels(where, y);
      case LABEL_SEQUENCE -> LabelSequences.check(where, output, y);
      case ONE_HOT -> oneHot(where, output, y);
      case PROBABILITY -> {
        same(where, output, y);
        range(where, y, 0, 1, "Scale the targets to 0 .. 1, or use another loss.");
      }
      case SIGN -> {
        same(where, output, y);
        signs(where, y);
      }
      case NOT_NEGATIVE -> {
        same(where, output, y);
        notNegative(where, y);
      }
      case SAME_SHAPE -> same(where, output, y);
      case ANY -> {}
    }
    return y;
  }

  private static void labels(String where, Tensor y) {
    if (y.shape().rowSize() != 1) {
      throw Refusal.of(
          where,
          "one label for each sample, shape (None,)",
          "shape",
          y.shape(),
          "Give the whole number that samples of one kind share.");
    }
    long bad = Scan.first(y, label -> label != Math.rint(label));
    if (bad >= 0) {
      throw Refusal.of(
          where, "whole numbers", "label", y.get(bad) + " in row " + bad, "Number the kinds.");
    }
  }

  private static void signs(String where, Tensor y) {
    long bad = Scan.first(y, value -> value != -1 && value != 0 && value != 1);
    boolean mixed = Scan.first(y, value -> value == -1) >= 0 && Scan.first(y, v -> v == 0) >= 0;
    if (bad >= 0 || mixed) {
      throw Refusal.of(
          where,
          "targets -1 and 1, or 0 and 1",
          "target",
          bad >= 0 ? y.get(bad) + " in row " + row(y, bad) : "-1, 0 and 1 together",
          "Write the two sides as -1 and 1.");
    }
  }

  private static void notNegative(String where, Tensor y) {
    long bad = Scan.first(y, value -> value < 0);
    if (bad >= 0) {
      throw Refusal.of(
          where,
          "numbers of 0 or more",
          "target",
          y.get(bad) + " in row " + row(y, bad),
          "Give counts, or use another loss.");
    }
  }

  private static long row(Tensor y, long element) {
    return element / y.shape().rowSize();
  }

  /// The output with the axis of the classes at its end.
  private static Shape classesLast(Loss loss, Shape output) {
    if (!(loss instanceof SparseCategoricalCrossentropy sparse) || sparse.axis() == -1) {
      return output;
    }
    int rank = output.rank();
    int axis = Math.floorMod(sparse.axis(), rank);
    Shape before = output.slice(0, axis);
    for (int i = axis + 1; i < rank; i++) {
      before = before.append(output.dim(i));
    }
    return before.append(output.dim(axis));
  }

  /// A label that does not count, as no class has it.
  private static double ignored(Loss loss) {
    return loss instanceof SparseCategoricalCrossentropy sparse && sparse.ignoreClass().isPresent()
        ? sparse.ignoreClass().getAsInt()
        : Double.NaN;
  }

  private static void indices(String where, Loss loss, Shape given, Tensor y) {
    Shape output = classesLast(loss, given);
    double ignored = ignored(loss);
    int classes = output.dim(-1);
    Shape lead = output.slice(1, output.rank() - 1);
    Shape row = y.shape().slice(1, y.shape().rank());
    if (row.equals(output.slice(1, output.rank())) && classes > 1) {
      throw Refusal.of(
          where,
          "class indices of shape " + lead.prepend(Shape.OPEN),
          "shape",
          y.shape(),
          "These look one-hot: use CATEGORICAL_CROSSENTROPY, or give the index of each class.");
    }
    if (!row.equals(lead) && !row.equals(lead.append(1))) {
      throw Refusal.of(
          where,
          "class indices of shape " + lead.prepend(Shape.OPEN),
          "shape",
          y.shape(),
          "Give one index for each prediction.");
    }
    long bad =
        Scan.first(
            y,
            label -> label != ignored && (label < 0 || label >= classes || label != (long) label));
    if (bad >= 0) {
      double label = y.get(bad);
      throw Refusal.of(
          where,
          "whole numbers from 0 to " + (classes - 1) + " for " + classes + " classes",
          "label",
          label == Math.rint(label) ? (long) label + " in row " + bad : label + " in row " + bad,
          "Count classes from 0, or give the last layer more units.");
    }
  }

  private static void oneHot(String where, Shape output, Tensor y) {
    Shape row = y.shape().slice(1, y.shape().rank());
    Shape wanted = output.slice(1, output.rank());
    boolean index = row.size() * output.dim(-1) == wanted.size() && output.dim(-1) > 1;
    if (!row.equals(wanted) && index) {
      throw Refusal.of(
          where,
          "one-hot targets of shape " + output,
          "shape",
          y.shape(),
          "These look like class indices: use SPARSE_CATEGORICAL_CROSSENTROPY, or make them"
              + " one-hot.");
    }
    same(where, output, y);
    range(where, y, 0, 1, "Make the targets one-hot, or probabilities.");
  }

  private static void same(String where, Shape output, Tensor y) {
    Shape row = y.shape().slice(1, y.shape().rank());
    Shape wanted = output.slice(1, output.rank());
    boolean fits =
        row.equals(wanted) || row.append(1).equals(wanted) || row.equals(wanted.append(1));
    if (!fits) {
      throw Refusal.of(
          where,
          "targets of shape " + output,
          "shape",
          y.shape(),
          "Give targets of the output's shape, or change the last layer.");
    }
  }

  private static void range(String where, Tensor y, double low, double high, String remedy) {
    long bad = Scan.first(y, value -> value < low || value > high);
    if (bad >= 0) {
      throw Refusal.of(where, "numbers from 0 to 1", "target", y.get(bad), remedy);
    }
  }
}
