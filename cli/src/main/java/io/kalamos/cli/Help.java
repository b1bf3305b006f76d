package io.kalamos.cli;

import java.io.PrintWriter;
import java.util.List;

/// What `--help` prints.
final class Help {
  /// Of the column of options.
  private static final int WIDTH = 24;

  private Help() {}

  /// The list of commands.
  static void print(List<Command> commands, PrintWriter out) {
    out.println("Kalamos: deep learning for the JVM with Keras's clarity.");
    out.println();
    out.println("Usage: ./kalamos COMMAND [OPTIONS]");
    out.println();
    for (var command : commands) {
      row(command.name(), 12, command.summary(), out);
    }
    out.println();
    out.println("  --help       Explain this, or a command: ./kalamos COMMAND --help");
    out.println("  --version    Print the versions of Kalamos and Java.");
    out.println();
    out.println("Results go to standard output, progress and errors to standard error.");
    out.println("Exit codes: 0 fine, 1 the work failed, 2 wrong usage, 130 interrupted.");
  }

  /// One command with its options.
  static void print(Command command, PrintWriter out) {
    out.println(command.summary());
    out.println();
    out.print("Usage: ./kalamos " + command.name());
    command.operands().forEach(operand -> out.print(" " + operand.label()));
    out.println(" [OPTIONS]");
    out.println();
    command.operands().forEach(operand -> row(operand.label(), WIDTH, operand.help(), out));
    Arguments.options(command).forEach(option -> row(option.usage(), WIDTH, option.help(), out));
  }

  // Without formats, whose classes would be half of what this loads.
  private static void row(String name, int width, String help, PrintWriter out) {
    out.print("  ");
    out.print(name);
    out.print(" ".repeat(Math.max(1, width + 1 - name.length())));
    out.println(help);
  }
}
