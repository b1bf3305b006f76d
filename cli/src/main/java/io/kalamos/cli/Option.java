package io.kalamos.cli;

/// An option of a command, `--epochs N`, or a flag, `--json`.
///
/// @param label what stands for the value in the help; empty for a flag
record Option(String name, String label, String help) {
  static final Option HELP = flag("--help", "Explain the command.");
  static final Option STACKTRACE =
      flag("--stacktrace", "Print where an error came from, for developers.");
  static final Option JSON = flag("--json", "Print one JSON object a line on standard output.");
  static final Option BACKEND =
      value("--backend", "NAME", "The backend; without it the fastest that works here.");
  static final Option THREADS =
      value("--threads", "N", "Threads that share a step; without it one for each processor.");
  static final Option SEED = value("--seed", "N", "Seed of weights, shuffles and dropout (0).");

  static final Option INPUT =
      value(
          "--input",
          "DATA",
          "x.npy, data.npz (its arrays x and y), data.npz:NAME, mnist:train or mnist:test.");
  static final Option TARGET =
      value("--target", "DATA", "y.npy or data.npz:NAME; without it what comes with the input.");
  static final Option BATCH_SIZE = value("--batch-size", "N", "Samples of a step (32).");

  static Option flag(String name, String help) {
    return new Option(name, "", help);
  }

  static Option value(String name, String label, String help) {
    return new Option(name, label, help);
  }

  boolean isFlag() {
    return label.isEmpty();
  }

  /// As it is written in a usage line: `--epochs N`.
  String usage() {
    return isFlag() ? name : name + " " + label;
  }
}
