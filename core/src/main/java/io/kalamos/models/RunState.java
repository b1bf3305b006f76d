package io.kalamos.models;

import io.kalamos.callbacks.Callback;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import io.kalamos.options.Refusal;
import io.kalamos.schedules.ConstantRate;
import io.kalamos.schedules.LearningRateSchedule;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// All that it takes to go on with a run behind an epoch, to the same bits as if it had never been
/// left: weights, the optimizer's slots and steps, the rate, the place in the data, what callbacks
/// remember. Shuffles, dropout and other random numbers are functions of the seed, the epoch and
/// the step, so that they need no state of their own.
///
/// In the file each is a tensor: `run/epoch`, `weights/dense/kernel`,
/// `slots/dense/kernel/momentum`, `callbacks/EarlyStopping/0/best`.
final class RunState {
  private static final String WHERE = "BackupAndRestore";
  private static final String RUN = "run/";
  private static final String WEIGHTS = "weights/";
  private static final String SLOTS = "slots/";
  private static final String CALLBACKS = "callbacks/";

  private final Path file;
  private final SequencedMap<String, Tensor> tensors;

  private RunState(Path file, SequencedMap<String, Tensor> tensors) {
    this.file = file;
    this.tensors = tensors;
  }

  /// What a file holds.
  static RunState of(Path file, SequencedMap<String, Tensor> tensors) {
    return new RunState(file, tensors);
  }

  /// The state of now; `epoch` is the next one.
  static SequencedMap<String, Tensor> now(
      Model model, Compiled compiled, Fit options, Feed feed, List<Callback> all, int epoch) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    conditions(compiled, options)
        .forEach((name, value) -> tensors.put(RUN + name, numbers((double) value)));
    tensors.put(RUN + "epoch", numbers(epoch));
    tensors.put(RUN + "iterations", numbers(compiled.iterations()));
    tensors.put(RUN + "feed", numbers(feed.position()));
    if (compiled.rate() instanceof ConstantRate constant) {
      tensors.put(RUN + "learningRate", numbers(constant.at(0)));
    }
    boolean shown = compiled.averages().shown();
    compiled.averages().show(false);
    for (Variable weight : model.network().weights().all()) {
      tensors.put(WEIGHTS + weight.path(), weight.value().copy());
    }
    compiled.state().slots().forEach((path, value) -> tensors.put(SLOTS + path, value));
    compiled.averages().show(shown);
    named(all)
        .forEach(
            (name, callback) ->
                callback
                    .memory()
                    .forEach((what, value) -> tensors.put(CALLBACKS + name + "/" + what, value)));
    return tensors;
  }

  /// What must be the same when training goes on; others would give other numbers.
  private static SequencedMap<String, Long> conditions(Compiled compiled, Fit options) {
    SequencedMap<String, Long> conditions = new LinkedHashMap<>();
    conditions.put("seed (low half)", compiled.seed() & 0xffffffffL);
    conditions.put("seed (high half)", compiled.seed() >>> 32);
    conditions.put("batchSize", (long) options.batchSize());
    conditions.put("shuffle", options.shuffle() ? 1L : 0L);
    conditions.put("stepsPerEpoch", (long) options.stepsPerEpoch().orElse(0));
    conditions.put("threads", (long) compiled.compilation().execution().threads());
    return conditions;
  }

  private static Tensor numbers(double... values) {
    return Tensor.of(values, values.length);
  }

  /// Callbacks by class and number.
  private static SequencedMap<String, Callback> named(List<Callback> callbacks) {
    Map<String, Integer> seen = new HashMap<>();
    SequencedMap<String, Callback> named = new LinkedHashMap<>();
    for (Callback callback : callbacks) {
      String kind = callback.getClass().getSimpleName();
      named.put(kind + "/" + (seen.merge(kind, 1, Integer::sum) - 1), callback);
    }
    return named;
  }

  /// The next epoch.
  int epoch() {
    return (int) number("epoch");
  }

  /// Where the data are.
  double[] feed() {
    return tensor(RUN + "feed").toDoubles(0, 3);
  }

  private double number(String name) {
    return tensor(RUN + name).get(0);
  }

  private Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw other("a state with " + name, "names", tensors.size());
    }
    return tensor;
  }

  /// Gives model and optimizer what they had; nothing is changed where something does not fit.
  void restore(Model model, Compiled compiled, Fit options) {
    conditions(compiled, options)
        .forEach(
            (name, value) -> {
              if (number(name) != value && name.equals("threads")) {
                compiled.log().accept(threads(value));
              } else if (number(name) != value) {
                throw other(name + "=" + (long) number(name), name, value);
              }
            });
    Collection<Variable> weights = model.network().weights().all();
    for (Variable weight : weights) {
      Weights.fits(WHERE, weight, tensor(WEIGHTS + weight.path()).shape());
    }
    int held = below(WEIGHTS).size();
    if (held != weights.size()) {
      throw other(held + " weights", "weights", weights.size());
    }
    LearningRateSchedule rate =
        tensors.containsKey(RUN + "learningRate")
            ? LearningRateSchedule.constant(number("learningRate"))
            : compiled.rate();
    compiled.restore(new OptimizerState((long) number("iterations"), rate, below(SLOTS)));
    for (Variable weight : weights) {
      weight.value().copyFrom(tensor(WEIGHTS + weight.path()));
    }
  }

  private String threads(long now) {
    return "note: "
        + WHERE
        + ": the backup was made on threads="
        + (long) number("threads")
        + ", training goes on with threads="
        + now
        + ": sums are added up in another order, so that the last bits differ.";
  }

  /// Tells callbacks what they remembered.
  void remind(List<Callback> callbacks) {
    named(callbacks)
        .forEach(
            (name, callback) -> {
              SequencedMap<String, Tensor> memory = below(CALLBACKS + name + "/");
              if (!memory.isEmpty()) {
                callback.remember(memory);
              }
            });
  }

  private SequencedMap<String, Tensor> below(String prefix) {
    SequencedMap<String, Tensor> found = new LinkedHashMap<>();
    tensors.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), value);
          }
        });
    return found;
  }

  private IllegalArgumentException other(String expected, String name, Object value) {
    return Refusal.of(
        WHERE,
        expected + " as in the backup " + file,
        name,
        value,
        "Train with the same model and options, or delete the backup to begin anew.");
  }
}
