package io.kalamos.models;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A table with box-drawing characters and cells that wrap.
final class Table {
  private final List<Integer> widths;
  private final int rightAligned;
  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  Table(List<Integer> widths, int rightAligned, String... header) {
    this.widths = widths;
    this.rightAligned = rightAligned;
    this.header = List.of(header);
  }

  void row(List<String> cells) {
    rows.add(List.copyOf(cells));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(rule("┏", "━", "┳", "┓"))
        .append(line(header, "┃"))
        .append(rule("┡", "━", "╇", "┩"));
    for (int i = 0; i < rows.size(); i++) {
      text.append(i == 0 ? "" : rule("├", "─", "┼", "┤")).append(line(rows.get(i), "│"));
    }
    return text.append(rule("└", "─", "┴", "┘")).toString();
  }

  private String rule(String left, String line, String cross, String right) {
    return joined(left, cross, right, column -> line.repeat(widths.get(column) + 2));
  }

  private String line(List<String> cells, String bar) {
    List<List<String>> wrapped = new ArrayList<>();
    for (int column = 0; column < cells.size(); column++) {
      wrapped.add(wrap(cells.get(column), widths.get(column)));
    }
    int height = wrapped.stream().mapToInt(List::size).max().orElse(1);
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < height; line++) {
      int at = line;
      text.append(
          joined(
              bar,
              bar,
              bar,
              column -> {
                List<String> cell = wrapped.get(column);
                String part = at < cell.size() ? cell.get(at) : "";
                String space = " ".repeat(widths.get(column) - part.length());
                return " " + (column == rightAligned ? space + part : part + space) + " ";
              }));
    }
    return text.toString();
  }

  private String joined(String left, String between, String right, IntFunction<String> column) {
    return IntStream.range(0, widths.size())
        .mapToObj(column)
        .collect(Collectors.joining(between, left, right + "\n"));
  }

  /// Breaks at spaces; a word that is too long ends with an ellipsis.
  private static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : text.split(" ")) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (longer.length() > width && !line.isEmpty()) {
        lines.add(line);
        longer = word;
      }
      line = longer.length() > width ? longer.substring(0, width - 1) + "…" : longer;
    }
    lines.add(line);
    return lines;
  }
}
