package io.kalamos.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/// All commands, and what they have in common: help, exit codes (0 fine, 1 the work failed, 2 wrong
/// usage), errors of one message on standard error.
///
/// The reading of the command line is our own: a library for it took longer to load than an epoch
/// of a small network takes to train.
final class Commands {
  private static final List<Command> ALL =
      List.of(
          new FitCommand(),
          new EvaluateCommand(),
          new PredictCommand(),
          new SummaryCommand(),
          new PlotCommand(),
          new ConvertCommand(),
          new ScanCommand(),
          new LabCommand(),
          new BenchCommand(),
          new DoctorCommand());

  private Commands() {}

  /// Runs one command line and returns its exit code.
  static int run(Console console, String... args) {
    try {
      return dispatch(console, Arrays.asList(args));
    } catch (Exception problem) {
      if (Arrays.asList(args).contains(Option.STACKTRACE.name())) {
        problem.printStackTrace(console.err());
      } else {
        var message = problem.getMessage();
        console.err().println(Printable.of(message == null ? problem.toString() : message));
      }
      return problem instanceof UsageException ? 2 : 1;
    } finally {
      console.out().flush();
      console.err().flush();
    }
  }

  private static int dispatch(Console console, List<String> args) throws Exception {
    var name = args.isEmpty() ? "none" : args.getFirst();
    switch (name) {
      case "--help", "-h", "help" -> {
        Help.print(ALL, console.out());
        return 0;
      }
      case "--version", "-V" -> {
        console.out().println("kalamos " + version() + ", Java " + Runtime.version());
        return 0;
      }
      default -> {
        var command = named(name);
        var words = args.subList(1, args.size());
        if (words.contains("--help") || words.contains("-h")) {
          Help.print(command, console.out());
          return 0;
        }
        return command.run(Arguments.of(command, words), console);
      }
    }
  }

  private static Command named(String name) {
    var names = ALL.stream().map(Command::name).toList();
    return ALL.stream()
        .filter(command -> command.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "kalamos: expected a command ("
                        + String.join(", ", names)
                        + "), received command="
                        + name
                        + ". "
                        + Suggestion.of(name, names)
                        + "See ./kalamos --help."));
  }

  private static String version() throws IOException {
    var properties = new Properties();
    try (var in = Commands.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    }
    return properties.getProperty("version");
  }
}
