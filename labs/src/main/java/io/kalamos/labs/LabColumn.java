package io.kalamos.labs;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// A column of a lab's table: one figure or more, and beside it those of the original.
///
/// @param heading above it
/// @param label below the heading
/// @param format of each figure, `%.4f`
/// @param beside whether the original's figures stand beside ours
public record LabColumn(
    String heading, String label, String format, List<String> figures, boolean beside) {

  /// A single figure of ours.
  static LabColumn ours(String label, String format, String figure) {
    return new LabColumn("", label, format, List.of(figure), false);
  }

  /// A single figure beside the original's.
  static LabColumn beside(String label, String format, String figure) {
    return new LabColumn("", label, format, List.of(figure), true);
  }

  String ours(LabResult result) {
    return text(result::figure);
  }

  String original(LabResult result) {
    return text(name -> result.step().original().getOrDefault(name, Double.NaN));
  }

  private String text(ToDoubleFunction<String> figure) {
    return figures.stream()
        .map(name -> number(format, figure.applyAsDouble(name)))
        .collect(Collectors.joining(" / "));
  }

  static String number(String format, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }
}
