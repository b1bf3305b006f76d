package io.kalamos.callbacks;

import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// Shows how far training is, on standard error and in Keras's words.
///
/// On a terminal one line for each epoch is written anew, at most ten times a second; elsewhere one
/// line is written at the end of each epoch.
public final class ProgressBar implements Callback {
  private static final long INTERVAL = 100_000_000;
  private static final int WIDTH = 20;

  private final PrintStream out;
  private final boolean live;
  private final LongSupplier nanoTime;
  private final String done;
  private final String open;
  private long epochBegin;
  private long lastShown;
  private int lineLength;

  ProgressBar(PrintStream out, boolean live, LongSupplier nanoTime) {
    this.out = out;
    this.live = live;
    this.nanoTime = nanoTime;
    boolean drawing = out.charset().newEncoder().canEncode('━');
    this.done = drawing ? "━" : "=";
    this.open = drawing ? "─" : ".";
    this.lastShown = nanoTime.getAsLong() - INTERVAL;
  }

  /// A bar where there is a terminal, else lines.
  public static ProgressBar of() {
    Console console = System.console();
    return console != null && console.isTerminal() ? bar() : lines();
  }

  /// A line that is written anew while the epoch runs.
  public static ProgressBar bar() {
    return new ProgressBar(System.err, true, System::nanoTime);
  }

  /// One line at the end of each epoch.
  public static ProgressBar lines() {
    return new ProgressBar(System.err, false, System::nanoTime);
  }

  @Override
  public boolean wantsBatches() {
    return live && nanoTime.getAsLong() - lastShown >= INTERVAL;
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainBegin _ -> lastShown = nanoTime.getAsLong() - INTERVAL;
      case EpochBegin begin -> begin(begin);
      case BatchEnd end when wantsBatches() -> show(running(end));
      case EpochEnd end -> end(end);
      case TrainEnd end -> end(end);
      case BatchEnd _ -> {}
    }
  }

  private void begin(EpochBegin begin) {
    epochBegin = nanoTime.getAsLong();
    if (live) {
      out.println(title(begin.training(), begin.epoch()));
    }
  }

  private void end(EpochEnd end) {
    int steps = end.training().steps();
    double seconds = seconds();
    String times = time(seconds) + (live ? " " : " - ") + perStep(seconds / Math.max(1, steps));
    if (live) {
      show(count(steps, steps) + " " + done.repeat(WIDTH) + " " + times + figures(end.logs()));
      finishLine();
    } else {
      String title = title(end.training(), end.epoch());
      out.println(title + " - " + count(steps, steps) + " - " + times + figures(end.logs()));
    }
    out.flush();
  }

  private void end(TrainEnd end) {
    finishLine();
    end.reason().ifPresent(reason -> out.println("Stopped: " + reason));
    out.flush();
  }

  private String running(BatchEnd end) {
    int steps = end.training().steps();
    int step = end.batch() + 1;
    double perSecond = step / Math.max(1e-9, seconds());
    int filled = (int) ((long) WIDTH * Math.min(step, steps) / Math.max(1, steps));
    return count(step, steps)
        + " "
        + done.repeat(filled)
        + open.repeat(WIDTH - filled)
        + " "
        + time(Math.max(0, steps - step) / perSecond)
        + " left, "
        + String.format(Locale.ROOT, perSecond < 10 ? "%.1f" : "%.0f", perSecond)
        + " steps/s"
        + figures(end.logs());
  }

  /// Replaces the current line.
  private void show(String line) {
    out.print("\r" + line + " ".repeat(Math.max(0, lineLength - line.length())));
    out.flush();
    lineLength = line.length();
    lastShown = nanoTime.getAsLong();
  }

  private void finishLine() {
    if (lineLength > 0) {
      out.println();
      lineLength = 0;
    }
  }

  private double seconds() {
    return (nanoTime.getAsLong() - epochBegin) * 1e-9;
  }

  private static String title(Training training, int epoch) {
    return "Epoch " + (epoch + 1) + "/" + training.epochs();
  }

  /// ` 7/469`: as wide for each step.
  private static String count(int step, int steps) {
    String all = Integer.toString(steps);
    return String.format(Locale.ROOT, "%" + all.length() + "d/%s", step, all);
  }

  /// `7s`, `1:07` or `1:00:07`.
  private static String time(double seconds) {
    long s = Math.round(seconds);
    if (s < 60) {
      return s + "s";
    }
    return s < 3600
        ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }

  private static String perStep(double seconds) {
    if (seconds >= 1) {
      return Math.round(seconds) + "s/step";
    }
    return seconds >= 1e-3
        ? Math.round(seconds * 1e3) + "ms/step"
        : Math.round(seconds * 1e6) + "us/step";
  }

  private static String figures(Map<String, Double> logs) {
    return logs.entrySet().stream()
        .map(log -> " - " + log.getKey() + ": " + figure(log.getValue()))
        .collect(Collectors.joining());
  }

  private static String figure(double value) {
    boolean small = value != 0 && Math.abs(value) <= 1e-3;
    return String.format(Locale.ROOT, small ? "%.4e" : "%.4f", value);
  }
}
