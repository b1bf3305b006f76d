package io.kalamos.plots;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.History;
import io.kalamos.callbacks.TrainingEvent;
import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import java.awt.AWTError;
import java.awt.GraphicsEnvironment;
import java.awt.HeadlessException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Learning curves while training: in a window where there is a display, else in a file that is
/// rewritten at the end of an epoch, whole at any moment.
///
/// Drawing takes a tenth of the time at most: where epochs are shorter than that allows, some are
/// skipped, but never the last. A picture that can't be drawn is said once and never ends training.
public final class LiveCurves implements Callback {
  /// Where the pictures go.
  @FunctionalInterface
  interface Screen {
    void show(Picture picture);
  }

  private static final int PART = 10;

  private final Screen screen;
  private final Consumer<String> warnings;
  private final LongSupplier nanoTime;
  private final History history = History.of();
  private boolean broken;
  private long next;

  LiveCurves(Screen screen, Consumer<String> warnings, LongSupplier nanoTime) {
    this.screen = screen;
    this.warnings = Objects.requireNonNull(warnings);
    this.nanoTime = nanoTime;
  }

  /// A window where there is a display, else this file, `.png` or `.svg`.
  public static LiveCurves to(Path file) {
    Picture.format(file);
    return new LiveCurves(screen(file), System.err::println, System::nanoTime);
  }

  /// The same for a file name.
  public static LiveCurves to(String file) {
    return to(Path.of(file));
  }

  /// This file, also where there is a display.
  public static LiveCurves toFile(Path file) {
    Picture.format(file);
    return new LiveCurves(picture -> picture.save(file), System.err::println, System::nanoTime);
  }

  /// Says there, in place of standard error, when a picture could not be drawn.
  public LiveCurves warnings(Consumer<String> warnings) {
    return new LiveCurves(screen, warnings, nanoTime);
  }

  private static Screen screen(Path file) {
    if (!GraphicsEnvironment.isHeadless()) {
      try {
        return CurveWindow.open();
      } catch (HeadlessException | AWTError e) {
        // a display is named that can't be reached
      }
    }
    return picture -> picture.save(file);
  }

  @Override
  public void on(TrainingEvent event) {
    history.on(event);
    switch (event) {
      case TrainBegin _ -> next = nanoTime.getAsLong();
      case EpochEnd _ -> {
        if (nanoTime.getAsLong() - next >= 0) {
          draw();
        }
      }
      case TrainEnd _ -> draw();
      case EpochBegin _, BatchEnd _ -> {}
    }
  }

  private void draw() {
    if (broken || history.epochs().isEmpty()) {
      return;
    }
    long begin = nanoTime.getAsLong();
    try {
      screen.show(Plots.learningCurves(history));
    } catch (RuntimeException | Error problem) {
      broken = true;
      warnings.accept(
          "LiveCurves: expected to draw the curves, received problem="
              + (problem.getMessage() == null ? problem : problem.getMessage())
              + " Training goes on without them.");
    }
    long end = nanoTime.getAsLong();
    next = end + (PART - 1) * (end - begin);
  }
}
