package io.kalamos.callbacks;

import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// Stops training when a figure has not improved for `patience` epochs; Keras's `EarlyStopping`.
///
/// Best weights are restored at the end whatever ended training: this callback, another one, the
/// user or the last epoch.
public final class EarlyStopping implements Callback {
  private final Monitor monitor;
  private final int patience;
  private final Optional<Double> baseline;
  private final boolean restoring;
  private final int startFromEpoch;

  private Optional<Double> best = Optional.empty();
  private Optional<List<Tensor>> bestWeights = Optional.empty();
  private OptionalInt bestEpoch = OptionalInt.empty();
  private OptionalInt stoppedEpoch = OptionalInt.empty();
  private int wait;

  private EarlyStopping(
      Monitor monitor,
      int patience,
      Optional<Double> baseline,
      boolean restoring,
      int startFromEpoch) {
    this.monitor = monitor;
    this.patience = patience;
    this.baseline = baseline;
    this.restoring = restoring;
    this.startFromEpoch = startFromEpoch;
    String where = monitor.where();
    Refusal.unlessAtLeast(where, "patience", patience, 0, "Keras's default is 0.");
    Refusal.unlessAtLeast(where, "startFromEpoch", startFromEpoch, 0, "Epochs count from 0.");
    baseline.ifPresent(
        value -> Refusal.unlessFinite(where, "baseline", value, "Leave it out for none."));
  }

  /// Follows `val_loss`.
  public static EarlyStopping of() {
    return on("val_loss");
  }

  public static EarlyStopping on(String monitor) {
    return new EarlyStopping(
        new Monitor("EarlyStopping", monitor, Mode.AUTO, 0), 0, Optional.empty(), false, 0);
  }

  /// By how much a value must be better to count as an improvement.
  public EarlyStopping minDelta(double minDelta) {
    return with(monitor.minDelta(minDelta));
  }

  public EarlyStopping mode(Mode mode) {
    return with(monitor.mode(mode));
  }

  private EarlyStopping with(Monitor other) {
    return new EarlyStopping(other, patience, baseline, restoring, startFromEpoch);
  }

  /// How many epochs without improvement are borne.
  public EarlyStopping patience(int patience) {
    return new EarlyStopping(monitor, patience, baseline, restoring, startFromEpoch);
  }

  /// Improvements that stay behind this value do not earn new patience.
  public EarlyStopping baseline(double baseline) {
    return new EarlyStopping(monitor, patience, Optional.of(baseline), restoring, startFromEpoch);
  }

  public EarlyStopping restoreBestWeights() {
    return new EarlyStopping(monitor, patience, baseline, true, startFromEpoch);
  }

  /// Epochs before this one, counted from 0, are not looked at.
  public EarlyStopping startFromEpoch(int epoch) {
    return new EarlyStopping(monitor, patience, baseline, restoring, epoch);
  }

  @Override
  public List<String> monitored() {
    return List.of(monitor.name());
  }

  /// The epoch with the best value so far, counted from 0.
  public OptionalInt bestEpoch() {
    return bestEpoch;
  }

  /// The epoch after which this callback stopped training, counted from 0.
  public OptionalInt stoppedEpoch() {
    return stoppedEpoch;
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainBegin _ -> begin();
      case EpochEnd end when end.epoch() >= startFromEpoch -> look(end);
      case TrainEnd end -> bestWeights.ifPresent(end.training()::restore);
      case EpochBegin _, BatchEnd _, EpochEnd _ -> {}
    }
  }

  @Override
  public SequencedMap<String, Tensor> memory() {
    Memory memory = new Memory();
    memory.put("best", best);
    memory.put("bestEpoch", bestEpoch.stream().boxed().map(Double::valueOf).findFirst());
    memory.put("wait", Optional.of((double) wait));
    bestWeights.ifPresent(weights -> memory.put("bestWeights", weights));
    return memory.all();
  }

  @Override
  public void remember(SequencedMap<String, Tensor> all) {
    Memory memory = new Memory(all);
    best = memory.number("best");
    bestEpoch = memory.number("bestEpoch").map(n -> OptionalInt.of(n.intValue())).orElse(bestEpoch);
    wait = memory.number("wait").orElse(0.0).intValue();
    List<Tensor> weights = memory.tensors("bestWeights");
    bestWeights = weights.isEmpty() ? Optional.empty() : Optional.of(weights);
  }

  private void begin() {
    monitor.direction();
    best = Optional.empty();
    bestWeights = Optional.empty();
    bestEpoch = OptionalInt.empty();
    stoppedEpoch = OptionalInt.empty();
    wait = 0;
  }

  private void look(EpochEnd end) {
    if (monitor.rests(end)) {
      return;
    }
    double value = monitor.of(end.logs());
    wait++;
    boolean improved = monitor.improves(value, best);
    if (improved) {
      best = Optional.of(value);
      bestEpoch = OptionalInt.of(end.epoch());
    }
    if (restoring && (improved || bestWeights.isEmpty())) {
      bestWeights = Optional.of(end.training().weights());
    }
    if (improved && baseline.map(base -> monitor.better(value, base)).orElse(true)) {
      wait = 0;
    }
    if (!improved && wait >= patience && end.epoch() > 0) {
      stoppedEpoch = OptionalInt.of(end.epoch());
      end.training().stop(reason());
    }
  }

  private String reason() {
    String record =
        best.map(value -> String.format(Locale.ROOT, "best %.4g", value)).orElse("never a number");
    return "EarlyStopping: "
        + monitor.name()
        + " has not improved for "
        + wait
        + (wait == 1 ? " epoch" : " epochs")
        + " ("
        + record
        + (bestEpoch.isPresent() ? " in epoch " + (bestEpoch.getAsInt() + 1) : "")
        + ")";
  }
}
