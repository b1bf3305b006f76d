package io.kalamos.plots;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.History;
import io.kalamos.callbacks.TrainingEvent;
import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import io.kalamos.options.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Small learning curves in the terminal: at the end of an epoch a line for each figure, with a
/// column for each epoch, the newest value and the best.
///
///     loss          █▅▃▂▁  0.1042
///     val_loss      ▇▄▃▃▃  0.1630, best 0.1586 in epoch 4
///
/// A figure and its validation have one scale.
public final class TerminalCurve implements Callback {
  private static final int MOST_COLUMNS = 40;
  private static final String BLOCKS = "▁▂▃▄▅▆▇█";
  private static final String LETTERS = "_.-:=+*#";

  private final Consumer<String> lines;
  private final String levels;
  private final int every;
  private final History history = History.of();
  private int shown;

  private TerminalCurve(Consumer<String> lines, String levels, int every) {
    Refusal.unlessAtLeast("TerminalCurve", "every", every, 1, "1 shows each epoch.");
    this.lines = Objects.requireNonNull(lines);
    this.levels = levels;
    this.every = every;
  }

  /// To standard error, in letters where it can't show blocks.
  public static TerminalCurve of() {
    boolean blocks = System.err.charset().newEncoder().canEncode(BLOCKS);
    return new TerminalCurve(System.err::println, blocks ? BLOCKS : LETTERS, 1);
  }

  /// To this consumer, line by line.
  public static TerminalCurve to(Consumer<String> lines) {
    return new TerminalCurve(lines, BLOCKS, 1);
  }

  /// After so many epochs each, and after the last.
  public TerminalCurve every(int epochs) {
    return new TerminalCurve(lines, levels, epochs);
  }

  @Override
  public void on(TrainingEvent event) {
    history.on(event);
    switch (event) {
      case TrainBegin _ -> shown = 0;
      case EpochEnd _ -> {
        if (history.epochs().size() >= shown + every) {
          show();
        }
      }
      case TrainEnd _ -> {
        if (history.epochs().size() > shown) {
          show();
        }
      }
      case EpochBegin _, BatchEnd _ -> {}
    }
  }

  private void show() {
    shown = history.epochs().size();
    var metrics = history.metrics();
    int width = metrics.keySet().stream().mapToInt(String::length).max().orElse(0);
    metrics.keySet().stream()
        .sorted((a, b) -> Integer.compare(place(a), place(b)))
        .forEach(
            name ->
                lines.accept(
                    String.format("  %-" + width + "s  %s", name, line(name, metrics.get(name)))));
  }

  /// A figure's validation stands under it.
  private int place(String name) {
    var names = List.copyOf(history.metrics().keySet());
    var plain = name.startsWith("val_") ? name.substring(4) : name;
    return 2 * names.indexOf(plain) + (plain.equals(name) ? 0 : 1);
  }

  private String line(String name, List<Double> values) {
    var newest = curve(name, values) + "  " + figure(values.getLast());
    OptionalInt best = name.equals("learning_rate") ? OptionalInt.empty() : history.bestEpoch(name);
    return best.isPresent() && values.size() > 1
        ? newest
            + ", best "
            + figure(values.get(history.epochs().indexOf(best.getAsInt())))
            + " in epoch "
            + (best.getAsInt() + 1)
        : newest;
  }

  private String curve(String name, List<Double> values) {
    var plain = name.startsWith("val_") ? name.substring(4) : name;
    var range =
        Stream.of(plain, "val_" + plain)
            .flatMap(other -> history.metrics().getOrDefault(other, List.of()).stream())
            .mapToDouble(value -> value)
            .filter(Double::isFinite)
            .summaryStatistics();
    return DoubleStream.of(columns(values))
        .mapToObj(value -> level(value, range.getMin(), range.getMax()))
        .collect(Collectors.joining());
  }

  /// Means of neighbouring epochs, where there are more than columns.
  private static double[] columns(List<Double> values) {
    int count = values.size();
    int columns = Math.min(count, MOST_COLUMNS);
    return IntStream.range(0, columns)
        .mapToDouble(
            c ->
                values.subList(c * count / columns, (c + 1) * count / columns).stream()
                    .mapToDouble(value -> value)
                    .average()
                    .orElseThrow())
        .toArray();
  }

  private String level(double value, double least, double most) {
    if (!Double.isFinite(value)) {
      return "?";
    }
    double part = most > least ? (value - least) / (most - least) : 0;
    int level = (int) Math.round(part * (levels.length() - 1));
    return levels.substring(level, level + 1);
  }

  private static String figure(double value) {
    boolean small = value != 0 && Math.abs(value) <= 1e-3;
    return String.format(Locale.ROOT, small ? "%.2e" : "%.4f", value);
  }
}
