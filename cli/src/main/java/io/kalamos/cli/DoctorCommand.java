package io.kalamos.cli;

import java.util.LinkedHashMap;
import java.util.List;

/// `./kalamos doctor`: exit code 0 where everything works at full speed, 1 where something is
/// missing.
final class DoctorCommand implements Command {
  @Override
  public String name() {
    return "doctor";
  }

  @Override
  public String summary() {
    return "Tell what this machine has, and what to do about what is missing.";
  }

  @Override
  public List<Operand> operands() {
    return List.of();
  }

  @Override
  public List<Option> options() {
    return List.of(Option.JSON);
  }

  @Override
  public int run(Arguments arguments, Console console) {
    var out = console.out();
    boolean fine = true;
    for (var finding : Findings.here()) {
      fine &= finding.advice().isEmpty();
      if (arguments.has(Option.JSON)) {
        var object = new LinkedHashMap<String, Object>();
        object.put("name", finding.name());
        object.put("found", finding.found());
        object.put("advice", finding.advice().orElse(null));
        out.println(Json.of(object));
      } else {
        out.printf(
            "%-12s %s%n", finding.name(), finding.found().replace("\n", "\n" + " ".repeat(13)));
        finding.advice().ifPresent(advice -> out.printf("%-12s -> %s%n", "", advice));
      }
    }
    return fine ? 0 : 1;
  }
}
