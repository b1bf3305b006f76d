package io.kalamos.labs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A lab's table: our figures beside the original's.
public final class LabTable {
  private LabTable() {}

  public static String of(Lab lab, List<LabResult> results) {
    var rows = new ArrayList<List<String>>();
    var above = new ArrayList<>(List.of("", "", ""));
    var heads = new ArrayList<>(List.of("step", "parameters", "epochs"));
    for (var column : lab.columns()) {
      above.add(column.heading());
      heads.add(column.label());
      if (column.beside()) {
        above.add("");
        heads.add("original");
      }
    }
    heads.addAll(List.of("floor", "reached"));
    above.addAll(List.of("", ""));
    if (above.stream().anyMatch(text -> !text.isEmpty())) {
      rows.add(above);
    }
    rows.add(heads);
    results.forEach(result -> rows.add(row(lab, result)));
    return text(rows);
  }

  private static List<String> row(Lab lab, LabResult result) {
    var cells = new ArrayList<String>();
    cells.add(result.step().title());
    cells.add(String.format(Locale.ROOT, "%,d", result.parameters()));
    cells.add(Integer.toString(result.epochs()));
    for (var column : lab.columns()) {
      cells.add(column.ours(result));
      if (column.beside()) {
        cells.add(column.original(result));
      }
    }
    cells.add(LabColumn.number("%.3f", result.step().floor().orElse(Double.NaN)));
    cells.add(result.reached());
    return cells;
  }

  /// Columns as wide as their widest cell, the first to the left, the others to the right.
  private static String text(List<List<String>> rows) {
    var text = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (int c = 0; c < row.size(); c++) {
        int place = c;
        int width = rows.stream().mapToInt(other -> other.get(place).length()).max().orElse(0);
        var gap = " ".repeat(width - row.get(c).length());
        line.append(c == 0 ? row.get(c) + gap : "  " + gap + row.get(c));
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }
}
