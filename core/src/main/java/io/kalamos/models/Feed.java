package io.kalamos.models;

import java.util.OptionalInt;
import java.util.function.Consumer;

/// Divides passes over data into epochs, as Keras does.
///
/// Without `stepsPerEpoch` an epoch is a pass. With it an epoch is so many steps: the next epoch
/// goes on where this one ended, a pass that ends begins anew with the next epoch, and an epoch in
/// whose middle the data end is cut short with a warning.
final class Feed implements AutoCloseable {
  private final Batches batches;
  private final OptionalInt stepsPerEpoch;
  private final Consumer<String> log;
  private int pass;
  private long taken;
  private int step;
  private int steps;
  private boolean exhausted;
  private boolean begun;
  private int beginPass;
  private long beginTaken;

  Feed(Batches batches, OptionalInt stepsPerEpoch, Consumer<String> log) {
    this.batches = batches;
    this.stepsPerEpoch = stepsPerEpoch;
    this.log = log;
    this.steps = stepsPerEpoch.orElse((int) Math.max(0, batches.steps()));
  }

  /// The batch of now.
  Batches batch() {
    return batches;
  }

  /// Steps of an epoch; as far as was seen, where data do not know their end.
  int steps() {
    return steps;
  }

  /// Whether the batch of now is known to be the epoch's last.
  boolean last() {
    return step == stepsPerEpoch.orElse(Integer.MAX_VALUE) || exhausted;
  }

  /// Goes to the begin of an epoch.
  void begin(int epoch) {
    if (stepsPerEpoch.isEmpty()) {
      open(epoch, 0);
    } else if (!begun) {
      place(epoch, stepsPerEpoch.getAsInt());
    } else if (exhausted) {
      open(pass + 1, 0);
    }
    begun = true;
    beginPass = pass;
    beginTaken = taken;
    step = 0;
  }

  /// Goes to where an epoch begins that others would have come before.
  private void place(int epoch, int asked) {
    long all = batches.steps();
    if (all == Batches.INFINITE) {
      open(0, (long) epoch * asked);
    } else if (all == Batches.UNKNOWN) {
      open(epoch, 0);
    } else {
      int epochs = (int) Math.max(1, (all + asked - 1) / asked);
      open(epoch / epochs, (long) (epoch % epochs) * asked);
    }
  }

  private void open(int pass, long taken) {
    batches.open(pass, taken);
    this.pass = pass;
    this.taken = taken;
    exhausted = false;
  }

  /// Takes the next batch; false at the end of the epoch.
  boolean next() {
    if (last() && step > 0) {
      if (stepsPerEpoch.isPresent() && step < stepsPerEpoch.getAsInt()) {
        log.accept(ranOut());
      }
      return false;
    }
    boolean more = batches.next();
    if (!more && step == 0 && taken > 0) {
      open(pass + 1, 0);
      beginPass = pass;
      beginTaken = 0;
      more = batches.next();
    }
    if (!more) {
      exhausted = true;
      if (step == 0) {
        throw new IllegalArgumentException(
            "fit: expected at least one batch, received batches=0. Give data that hold something.");
      }
      return next();
    }
    step++;
    taken++;
    exhausted = taken == batches.steps();
    steps = stepsPerEpoch.isPresent() ? steps : Math.max(steps, step);
    return true;
  }

  private String ranOut() {
    return "warning: fit: expected stepsPerEpoch="
        + stepsPerEpoch.getAsInt()
        + " batches, received "
        + step
        + " before the data ended. The epoch ends here; add .repeat() to the dataset, or lower"
        + " stepsPerEpoch.";
  }

  /// Where the data are, for [#resume].
  double[] position() {
    return new double[] {pass, taken, exhausted ? 1 : 0};
  }

  /// Goes to where another run's data were at the end of an epoch.
  void resume(double[] position) {
    if (stepsPerEpoch.isPresent()) {
      open((int) position[0], (long) position[1]);
      exhausted = position[2] != 0;
      begun = true;
    }
  }

  /// Goes back to the begin of this epoch.
  void rewind() {
    open(beginPass, beginTaken);
    step = 0;
  }

  @Override
  public void close() {
    batches.close();
  }
}
