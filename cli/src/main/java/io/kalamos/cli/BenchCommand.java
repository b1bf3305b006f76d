package io.kalamos.cli;

import java.util.List;

/// `./kalamos bench`: seconds per epoch of a standard network on the full MNIST.
final class BenchCommand implements Command {
  private static final Option EPOCHS = Option.value("--epochs", "N", "Epochs to train (3).");
  private static final Option PRECISION =
      Option.value("--precision", "P", "float32 (as without it) or mixed_bfloat16.");
  private static final Option PROFILE =
      Option.flag("--profile", "Print the plan with the time of each kernel.");

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public String summary() {
    return "Time a standard network on the full MNIST, or single predictions.";
  }

  @Override
  public Operand operand() {
    return new Operand(
        "NET", "linear, mlp, cnn, cnn-weights or cnn-bn; predict for one sample at a time.");
  }

  @Override
  public List<Option> options() {
    return List.of(
        EPOCHS, PRECISION, Option.BACKEND, Option.THREADS, Option.SEED, PROFILE, Option.JSON);
  }

  @Override
  public int run(Arguments arguments, Console console) {
    return 0;
  }
}
