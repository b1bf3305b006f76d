package io.kalamos.labs;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.Training;
import io.kalamos.callbacks.TrainingEvent;
import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import io.kalamos.datasets.Mnist;
import io.kalamos.models.Compilation;
import io.kalamos.models.Execution;
import io.kalamos.models.Model;
import io.kalamos.plots.Picture;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// How a lab is run.
///
/// @param epochs of each step, in place of its own
/// @param seed of the first repeat; the others have the next numbers
/// @param seeds how often each step is trained; empty for as often as the lab does
/// @param out where each training makes its own folder
/// @param data a folder with the four IDX files; the MNIST of our own without it
/// @param execution backend and threads of all models
/// @param progress gets lines about what goes on
/// @param stop ends training when somebody asks for it
public record LabRun(
    OptionalInt epochs,
    long seed,
    OptionalInt seeds,
    Path out,
    Optional<Path> data,
    UnaryOperator<Execution> execution,
    Consumer<String> progress,
    Stop stop) {

  Mnist mnist() {
    return data.map(Mnist::load).orElseGet(Mnist::load);
  }

  int epochs(LabStep step) {
    return epochs.orElse(step.epochs());
  }

  /// The compilation that runs as this lab does, shuffles and dropout by this seed.
  Compilation running(Compilation compilation, long seed) {
    return compilation.running(run -> execution.apply(run).seed(seed));
  }

  /// A new folder, `<out>/<name>-<n>` with the first free n.
  Path folder(String name) throws IOException {
    for (int n = 1; ; n++) {
      try {
        return Files.createDirectory(Files.createDirectories(out).resolve(name + "-" + n));
      } catch (FileAlreadyExistsException _) {
        // Somebody has this number; the next one may be free.
      }
    }
  }

  /// Keeps the weights of a training that was interrupted in its first epoch.
  void keepLast(Model model, Path folder) throws IOException {
    var file = folder.resolve("last.weights");
    model.saveWeights(file);
    progress.accept("No epoch was finished; the weights so far are in " + file);
  }

  /// A machine without fonts trains all the same.
  void save(Supplier<Picture> drawing, Path... files) {
    try {
      var picture = drawing.get();
      for (var file : files) {
        picture.save(file);
      }
    } catch (IllegalStateException noFont) {
      progress.accept(noFont.getMessage());
    }
  }

  /// One training of a step, empty where it was interrupted before it had an epoch.
  @FunctionalInterface
  interface Trial {
    Optional<LabResult> with(long seed) throws IOException;
  }

  /// Trains with each seed; the medians where there are several.
  List<LabResult> repeat(LabStep step, Trial trial) throws IOException {
    var results = new ArrayList<LabResult>();
    int count = seeds.orElse(1);
    for (int i = 0; i < count && !stop.asked(); i++) {
      if (count > 1) {
        progress.accept(step.name() + ": seed " + (seed + i));
      }
      var result = trial.with(seed + i);
      result.ifPresent(results::add);
      if (count > 1) {
        result.ifPresent(one -> progress.accept(step.name() + ": " + one.figures()));
      }
    }
    return results.isEmpty() ? List.of() : List.of(LabResult.median(results));
  }

  /// Ends the trainings that it watches.
  public static final class Stop implements Callback {
    static final String REASON = "interrupted";

    private final List<Runnable> stops = new ArrayList<>();
    private boolean asked;

    /// Nobody has asked yet.
    public Stop() {}

    /// Ends all trainings after the steps that they are at, and those that begin later.
    public synchronized void ask() {
      asked = true;
      stops.forEach(Runnable::run);
    }

    public synchronized boolean asked() {
      return asked;
    }

    @Override
    public synchronized void on(TrainingEvent event) {
      switch (event) {
        case TrainBegin begin -> {
          stops.add(new End(begin.training()));
          if (asked) {
            begin.training().stop(REASON);
          }
        }
        case TrainEnd end -> stops.remove(new End(end.training()));
        case EpochBegin _, EpochEnd _, BatchEnd _ -> {}
      }
    }

    private record End(Training training) implements Runnable {
      @Override
      public void run() {
        training.stop(REASON);
      }
    }
  }
}
