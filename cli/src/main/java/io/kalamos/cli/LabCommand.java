package io.kalamos.cli;

import java.util.List;

/// `./kalamos lab`: lists the labs, or runs one and prints our figures beside the original's.
final class LabCommand implements Command {
  private static final Option STEP =
      Option.value("--step", "STEP", "Run one step alone, by its number or name.");
  private static final Option EPOCHS =
      Option.value("--epochs", "N", "Epochs of each step; without it as many as the original's.");
  private static final Option DROPOUT =
      Option.flag("--dropout", "Run the step with dropout too, which is left out otherwise.");
  private static final Option OUT =
      Option.value("--out", "DIR", "Where each run makes its own folder (runs).");
  private static final Option DATA =
      Option.value("--data", "DIR", "A folder with the four IDX files instead of the own MNIST.");

  @Override
  public String name() {
    return "lab";
  }

  @Override
  public String summary() {
    return "List the labs, or run one: our figures beside the original's.";
  }

  @Override
  public Operand operand() {
    return new Operand("[NAME]", "The lab to run; without it all are listed.");
  }

  @Override
  public List<Option> options() {
    return List.of(
        STEP, EPOCHS, DROPOUT, Option.SEED, OUT, DATA, Option.BACKEND, Option.THREADS, Option.JSON);
  }

  @Override
  public int run(Arguments arguments, Console console) {
    return 0;
  }
}
