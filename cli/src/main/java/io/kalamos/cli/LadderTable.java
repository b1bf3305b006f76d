package io.kalamos.cli;

import java.util.List;
import java.util.Locale;

/// Lab 1's table: our figures on the test images beside the original's.
final class LadderTable {
  private static final String ROW = "%-26s %10s  %6s  %15s %15s  %15s %15s  %6s %7s";

  private LadderTable() {}

  static String of(List<LadderResult> results) {
    var text = new StringBuilder();
    text.append(line("", "", "", "loss", "", "accuracy", "", "", ""));
    text.append(
        line(
            "step",
            "parameters",
            "epochs",
            "last / best",
            "original",
            "last / best",
            "original",
            "floor",
            "reached"));
    for (var result : results) {
      var original = result.step().original();
      text.append(
          line(
              result.step().title(),
              String.format(Locale.ROOT, "%,d", result.parameters()),
              Integer.toString(result.epochs()),
              pair("%.3f", result.last().loss(), result.best().loss()),
              pair("%.3f", original.lastLoss(), original.bestLoss()),
              pair("%.4f", result.last().accuracy(), result.best().accuracy()),
              pair("%.4f", original.lastAccuracy(), original.bestAccuracy()),
              number("%.3f", result.step().floor().orElse(Double.NaN)),
              result.reached()));
    }
    return text.toString();
  }

  private static String line(Object... cells) {
    return String.format(Locale.ROOT, ROW, cells).stripTrailing() + System.lineSeparator();
  }

  private static String pair(String format, double last, double best) {
    return number(format, last) + " / " + number(format, best);
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }
}
