package io.kalamos.cli;

import java.util.List;

/// One command of `./kalamos`.
interface Command {
  String name();

  /// One sentence for the list of commands and the head of the help.
  String summary();

  /// What stands for the arguments without names in the help, `NET`, and what they may be; a label
  /// in brackets may be left out.
  List<Operand> operands();

  List<Option> options();

  /// Does the work; the result is the exit code.
  int run(Arguments arguments, Console console) throws Exception;

  /// An argument without a name.
  record Operand(String label, String help) {}
}
