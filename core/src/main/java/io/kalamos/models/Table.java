package io.kalamos.models;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A table with box-drawing characters and cells that wrap.
final class Table {
  private static final Pattern WORD = Pattern.compile("\\s*\\S+\\s*");

  /// Where the text of a cell stands.
  enum Side {
    LEFT,
    CENTER,
    RIGHT
  }

  /// A column.
  ///
  /// @param end where it ends, as a part of the line
  record Column(String header, Side side, double end) {
    Column end(double other) {
      return new Column(header, side, other);
    }
  }

  private final List<Column> columns;
  private final List<Integer> widths;
  private final List<List<String>> rows = new ArrayList<>();

  Table(int lineLength, List<Column> columns) {
    this.columns = List.copyOf(columns);
    this.widths = widths(lineLength, columns);
  }

  /// The room within the cells, as Keras and the table library that it prints with divide it: each
  /// column gets its part and then gives its share of what spaces and bars need.
  private static List<Integer> widths(int lineLength, List<Column> columns) {
    List<Integer> widths = new ArrayList<>();
    int begin = 0;
    for (Column column : columns) {
      int width = (int) (column.end() * lineLength) - begin;
      widths.add(width);
      begin += width;
    }
    int excess = begin + 3 * columns.size() + 1 - lineLength;
    for (int i = 0; i < columns.size() && excess > 0; i++) {
      int share = (int) Math.rint((double) excess / (columns.size() - i));
      widths.set(i, widths.get(i) - share);
      excess -= share;
    }
    return widths;
  }

  void row(List<String> cells) {
    rows.add(List.copyOf(cells));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(rule("┏", "━", "┳", "┓"))
        .append(line(columns.stream().map(Column::header).toList(), "┃"))
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
                int space = widths.get(column) - part.length();
                int left =
                    switch (columns.get(column).side()) {
                      case LEFT -> 0;
                      case CENTER -> space / 2;
                      case RIGHT -> space;
                    };
                return " " + " ".repeat(left) + part + " ".repeat(space - left) + " ";
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
    StringBuilder line = new StringBuilder();
    Matcher words = WORD.matcher(text);
    while (words.find()) {
      if (!line.isEmpty() && line.length() + words.group().stripTrailing().length() > width) {
        lines.add(cut(line.toString(), width));
        line.setLength(0);
      }
      line.append(words.group());
    }
    lines.add(cut(line.toString(), width));
    return lines;
  }

  private static String cut(String line, int width) {
    String text = line.stripTrailing();
    return text.length() > width ? text.substring(0, width - 1) + "…" : text;
  }
}
