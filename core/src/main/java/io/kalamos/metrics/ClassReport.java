package io.kalamos.metrics;

import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// What a confusion matrix tells of each class, and which classes are taken for which.
///
/// @param classes in their order
/// @param accuracy the share of right answers
public record ClassReport(List<Line> classes, double accuracy, List<Mistake> mistakes) {
  /// One class; a ratio without anything to divide by is 0.
  ///
  /// @param support how often it is right
  public record Line(String name, double precision, double recall, double f1, double support) {}

  /// How often one class was taken for another.
  public record Mistake(String truth, String guess, double count) {}

  public ClassReport {
    classes = List.copyOf(classes);
    mistakes = List.copyOf(mistakes);
  }

  /// The report of a matrix with a row for each true class, named 0, 1, ...
  public static ClassReport of(Tensor matrix) {
    return of(matrix, IntStream.range(0, matrix.shape().dim(0)).mapToObj(i -> "" + i).toList());
  }

  /// The same with the classes' names; mistakes come in the order of their counts, the most first.
  public static ClassReport of(Tensor matrix, List<String> names) {
    int classes = names.size();
    if (matrix.shape().rank() != 2 || matrix.size() != (long) classes * classes) {
      throw Refusal.of(
          "ClassReport",
          "a matrix of shape (" + classes + ", " + classes + ") for " + classes + " names",
          "shape",
          matrix.shape(),
          "Take the result of ConfusionMatrix, and one name for each class.");
    }
    List<Line> lines = new ArrayList<>();
    List<Mistake> mistakes = new ArrayList<>();
    double hits = 0;
    double all = 0;
    for (int truth = 0; truth < classes; truth++) {
      double said = 0;
      double support = 0;
      for (int other = 0; other < classes; other++) {
        double count = matrix.get((long) truth * classes + other);
        support += count;
        said += matrix.get((long) other * classes + truth);
        if (other != truth && count > 0) {
          mistakes.add(new Mistake(names.get(truth), names.get(other), count));
        }
      }
      double right = matrix.get((long) truth * classes + truth);
      hits += right;
      all += support;
      double f1 = Results.ratio(2 * right, said + support);
      lines.add(
          new Line(
              names.get(truth),
              Results.ratio(right, said),
              Results.ratio(right, support),
              f1,
              support));
    }
    mistakes.sort(Comparator.comparingDouble(Mistake::count).reversed());
    return new ClassReport(lines, Results.ratio(hits, all), mistakes);
  }

  /// The mean over the classes, each counting once.
  public Line macroAverage() {
    return average("macro avg", false);
  }

  /// The mean over the classes, each counting as often as it is right.
  public Line weightedAverage() {
    return average("weighted avg", true);
  }

  private Line average(String name, boolean weighted) {
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    double weights = 0;
    double support = 0;
    for (Line line : classes) {
      double weight = weighted ? line.support : 1;
      precision += weight * line.precision;
      recall += weight * line.recall;
      f1 += weight * line.f1;
      weights += weight;
      support += line.support;
    }
    return new Line(
        name,
        Results.ratio(precision, weights),
        Results.ratio(recall, weights),
        Results.ratio(f1, weights),
        support);
  }

  /// A table: a line for each class, then accuracy and averages.
  @Override
  public String toString() {
    int width =
        classes.stream()
            .mapToInt(line -> line.name.length())
            .reduce("weighted avg".length(), Math::max);
    StringBuilder text = new StringBuilder();
    String head = "%" + width + "s  %9s  %6s  %6s  %7s%n";
    text.append(String.format(Locale.ROOT, head, "", "precision", "recall", "f1", "support"));
    classes.forEach(line -> text.append(line(width, line)));
    text.append(
        String.format(
            Locale.ROOT, "%" + width + "s  %9s  %6s  %6.4f%n", "accuracy", "", "", accuracy));
    text.append(line(width, macroAverage())).append(line(width, weightedAverage()));
    return text.toString();
  }

  private static String line(int width, Line line) {
    return String.format(
        Locale.ROOT,
        "%" + width + "s  %9.4f  %6.4f  %6.4f  %7.0f%n",
        line.name,
        line.precision,
        line.recall,
        line.f1,
        line.support);
  }
}
