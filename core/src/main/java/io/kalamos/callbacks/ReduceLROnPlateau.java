package io.kalamos.callbacks;

import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Lowers the learning rate where a figure no longer improves; the logs show the rate of each epoch
/// as `learning_rate`. Keras's `ReduceLROnPlateau`.
///
/// An optimizer that follows a schedule is refused before the first epoch.
public final class ReduceLROnPlateau implements Callback {
  private static final String NAME = "ReduceLROnPlateau";

  private final Monitor monitor;
  private final double factor;
  private final int patience;
  private final int cooldown;
  private final double minLr;

  private Optional<Double> best = Optional.empty();
  private int wait;
  private int cooling;

  private ReduceLROnPlateau(
      Monitor monitor, double factor, int patience, int cooldown, double minLr) {
    this.monitor = monitor;
    this.factor = factor;
    this.patience = patience;
    this.cooldown = cooldown;
    this.minLr = minLr;
    if (!(factor > 0 && factor < 1)) {
      throw Refusal.of(
          NAME, "factor above 0 and below 1", "factor", factor, "Keras's default is 0.1.");
    }
    Refusal.unlessAtLeast(NAME, "patience", patience, 0, "Keras's default is 10.");
    Refusal.unlessAtLeast(NAME, "cooldown", cooldown, 0, "Keras's default is 0.");
    Refusal.unlessNotNegative(NAME, "minLr", minLr, "Keras's default is 0.");
  }

  /// Watches `val_loss`: a tenth of the rate after 10 epochs without improvement.
  public static ReduceLROnPlateau of() {
    return on("val_loss");
  }

  /// Watches a figure of the logs.
  public static ReduceLROnPlateau on(String monitor) {
    return new ReduceLROnPlateau(new Monitor(NAME, monitor, Mode.AUTO, 1e-4), 0.1, 10, 0, 0);
  }

  /// What the rate is multiplied by.
  public ReduceLROnPlateau factor(double factor) {
    return new ReduceLROnPlateau(monitor, factor, patience, cooldown, minLr);
  }

  /// Epochs without improvement after which the rate is lowered.
  public ReduceLROnPlateau patience(int epochs) {
    return new ReduceLROnPlateau(monitor, factor, epochs, cooldown, minLr);
  }

  public ReduceLROnPlateau mode(Mode mode) {
    return new ReduceLROnPlateau(monitor.mode(mode), factor, patience, cooldown, minLr);
  }

  /// By how much a value must be better to count; 0.0001 where nothing is said.
  public ReduceLROnPlateau minDelta(double delta) {
    return new ReduceLROnPlateau(monitor.minDelta(delta), factor, patience, cooldown, minLr);
  }

  /// Epochs after a change in which nothing is counted.
  public ReduceLROnPlateau cooldown(int epochs) {
    return new ReduceLROnPlateau(monitor, factor, patience, epochs, minLr);
  }

  /// The lowest rate.
  public ReduceLROnPlateau minLr(double rate) {
    return new ReduceLROnPlateau(monitor, factor, patience, cooldown, rate);
  }

  @Override
  public List<String> monitored() {
    return List.of(monitor.name());
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainBegin begin -> begin(begin.training());
      case EpochEnd end -> look(end);
      case EpochBegin _, BatchEnd _, TrainEnd _ -> {}
    }
  }

  @Override
  public SequencedMap<String, Tensor> memory() {
    Memory memory = new Memory();
    memory.put("best", best);
    memory.put("wait", Optional.of((double) wait));
    memory.put("cooling", Optional.of((double) cooling));
    return memory.all();
  }

  @Override
  public void remember(SequencedMap<String, Tensor> all) {
    Memory memory = new Memory(all);
    best = memory.number("best");
    wait = memory.number("wait").orElse(0.0).intValue();
    cooling = memory.number("cooling").orElse(0.0).intValue();
  }

  private void begin(Training training) {
    monitor.direction();
    training.learningRate(training.learningRate());
    best = Optional.empty();
    wait = 0;
    cooling = 0;
  }

  private void look(EpochEnd end) {
    double rate = end.training().learningRate();
    double value = monitor.of(end.logs());
    end.training().log("learning_rate", rate);
    if (cooling > 0) {
      cooling--;
      wait = 0;
    }
    if (monitor.improves(value, best)) {
      best = Optional.of(value);
      wait = 0;
    } else if (cooling == 0) {
      wait++;
      if (wait >= patience && rate > minLr) {
        end.training().learningRate(Math.max(rate * factor, minLr));
        cooling = cooldown;
        wait = 0;
      }
    }
  }
}
