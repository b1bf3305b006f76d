package io.kalamos.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What the user gave to a command, checked against its options.
final class Arguments {
  private final Command command;
  private final Map<String, String> values = new HashMap<>();
  private final List<String> operands = new ArrayList<>();

  private Arguments(Command command) {
    this.command = command;
  }

  /// Reads `--name value`, `--name=value`, flags and arguments without names.
  static Arguments of(Command command, List<String> words) {
    var arguments = new Arguments(command);
    var rest = words.iterator();
    while (rest.hasNext()) {
      var word = rest.next();
      if (!word.startsWith("-")) {
        arguments.operand(word);
        continue;
      }
      int equals = word.indexOf('=');
      var name = equals < 0 ? word : word.substring(0, equals);
      var option = arguments.option(name);
      if (option.isFlag()) {
        if (equals >= 0) {
          throw arguments.misuse(name, "no value", word, "Write " + name + ".");
        }
        arguments.values.put(name, "");
      } else if (equals >= 0) {
        arguments.values.put(name, word.substring(equals + 1));
      } else if (rest.hasNext()) {
        arguments.values.put(name, rest.next());
      } else {
        throw arguments.misuse(name, "a value", "none", "Write " + option.usage() + ".");
      }
    }
    return arguments;
  }

  static Stream<Option> options(Command command) {
    return Stream.concat(command.options().stream(), Stream.of(Option.STACKTRACE, Option.HELP));
  }

  boolean has(Option flag) {
    return values.containsKey(flag.name());
  }

  Optional<String> text(Option option) {
    return Optional.ofNullable(values.get(option.name()));
  }

  Optional<Path> path(Option option) {
    return text(option).map(text -> path(option.name(), text));
  }

  /// The first argument without a name.
  Optional<String> operand() {
    return operands.stream().findFirst();
  }

  /// A file that the command cannot do without, by its place among the arguments without names.
  Path file(int place) {
    if (place < operands.size()) {
      return path(command.operands().get(place).label(), operands.get(place));
    }
    var label = command.operands().get(place).label();
    throw misuse("kalamos " + command.name(), label, "none", see(command));
  }

  /// The value of an option that the command cannot do without.
  String needed(Option option) {
    return text(option)
        .orElseThrow(
            () -> misuse(option.name(), "a value", "none", "Write " + option.usage() + "."));
  }

  /// A whole number, 1 or more.
  Optional<Integer> count(Option option) {
    return text(option).map(text -> count(option, text));
  }

  /// A whole number of up to 64 bits.
  Optional<Long> whole(Option option) {
    return text(option)
        .map(
            text -> {
              try {
                return Long.parseLong(text);
              } catch (NumberFormatException _) {
                throw misuse(option.name(), "a whole number", option, text);
              }
            });
  }

  private Path path(String where, String text) {
    try {
      if (!text.isBlank()) {
        return Path.of(text);
      }
    } catch (InvalidPathException _) {
      // Told below, as an empty name is.
    }
    throw misuse(where, "the name of a file or folder", where + "=" + text, see(command));
  }

  /// A part of a whole, above 0 and below 1.
  Optional<Double> part(Option option) {
    return text(option)
        .map(
            text -> {
              try {
                double part = Double.parseDouble(text);
                if (part > 0 && part < 1) {
                  return part;
                }
              } catch (NumberFormatException _) {
                // Told below, as other wrong numbers are.
              }
              throw misuse(option.name(), "a number above 0 and below 1", option, text);
            });
  }

  private int count(Option option, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below, as other wrong numbers are.
    }
    throw misuse(option.name(), "a whole number, 1 or more", option, text);
  }

  private void operand(String word) {
    if (operands.size() == command.operands().size()) {
      throw misuse(
          "kalamos " + command.name(), "no further argument", "argument=" + word, see(command));
    }
    operands.add(word);
  }

  private Option option(String name) {
    return options(command)
        .filter(option -> option.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                misuse(
                    "kalamos " + command.name(),
                    "one of its options",
                    "option=" + name,
                    Suggestion.of(name, options(command).map(Option::name).toList())
                        + see(command)));
  }

  private UsageException misuse(String where, String expected, Option option, String text) {
    return misuse(where, expected, option.name() + "=" + text, see(command));
  }

  private UsageException misuse(String where, String expected, String received, String advice) {
    return new UsageException(
        where + ": expected " + expected + ", received " + received + ". " + advice);
  }

  static String see(Command command) {
    return "See ./kalamos " + command.name() + " --help.";
  }
}
