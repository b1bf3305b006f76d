package io.kalamos.cli;

import io.kalamos.labs.Lab;
import io.kalamos.labs.LabResult;
import io.kalamos.labs.LabRun;
import io.kalamos.labs.LabStep;
import io.kalamos.labs.LabTable;
import io.kalamos.labs.Labs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;

/// `./kalamos lab`: lists the labs, or runs one and prints our figures beside the original's.
final class LabCommand implements Command {
  private static final Option STEP =
      Option.value("--step", "STEP", "Run one step alone, by its number or name.");
  private static final Option EPOCHS =
      Option.value("--epochs", "N", "Epochs of each step; without it as many as the lab says.");
  private static final Option SEEDS =
      Option.value("--seeds", "N", "Train each step with so many seeds, and print medians.");
  private static final Option DROPOUT =
      Option.flag("--dropout", "mnist-ladder: switch dropout on, with --step mlp, or alone.");
  private static final List<String> PICTURES =
      List.of(
          "curves.png",
          "curves.svg",
          "learning-rate.png",
          "parameters.png",
          "predictions.png",
          "fonts.png",
          "confusion.png",
          "sweep.png");
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
  public List<Operand> operands() {
    return List.of(new Operand("[NAME]", "The lab to run; without it all are listed."));
  }

  @Override
  public List<Option> options() {
    return List.of(
        STEP,
        EPOCHS,
        SEEDS,
        DROPOUT,
        Option.SEED,
        OUT,
        DATA,
        Option.BACKEND,
        Option.THREADS,
        Option.JSON);
  }

  @Override
  public int run(Arguments arguments, Console console) throws Exception {
    boolean json = arguments.has(Option.JSON);
    if (arguments.operand().isEmpty()) {
      Labs.all().forEach(lab -> console.out().println(listed(lab, json)));
      return 0;
    }
    var lab = lab(arguments.operand().get());
    var epochs = arguments.count(EPOCHS).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    var seeds = arguments.count(SEEDS).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    var steps = steps(lab, arguments);
    var out = arguments.path(OUT).orElse(Path.of("runs"));
    var runs = Runs.of(arguments, console);
    check(out);
    var interruption = Interruption.watch();
    try {
      var run =
          new LabRun(
              epochs,
              runs.seed(),
              seeds,
              out,
              arguments.path(DATA),
              runs::apply,
              line -> console.err().println(line),
              interruption.stop());
      return run(lab, run, steps, json, console);
    } finally {
      console.out().flush();
      console.err().flush();
      interruption.told();
    }
  }

  private static int run(Lab lab, LabRun run, List<LabStep> steps, boolean json, Console console)
      throws IOException {
    var session = lab.open(run);
    (json ? console.err() : console.out()).println(session.introduction());
    session.drawIntroduction();
    var results = new ArrayList<LabResult>();
    int complete = 0;
    for (var step : steps) {
      if (run.stop().asked()) {
        break;
      }
      var found = session.run(step);
      results.addAll(found);
      complete += !found.isEmpty() && found.stream().allMatch(LabResult::complete) ? 1 : 0;
      if (json) {
        found.forEach(result -> console.out().println(Json.of(result.asMap())));
        console.out().flush();
      }
    }
    if (!json && !results.isEmpty()) {
      console.out().println();
      console.out().print(LabTable.of(lab, results));
      results.stream().map(LabCommand::files).distinct().forEach(console.out()::println);
    }
    if (run.stop().asked()) {
      console.err().println(interrupted(steps.size(), complete, results));
      return 130;
    }
    return 0;
  }

  private static String files(LabResult result) {
    var files = new StringBuilder(result.step().name() + ": " + result.bestFile());
    for (var picture : PICTURES) {
      files.append(Files.exists(result.folder().resolve(picture)) ? ", " + picture : "");
    }
    return files.toString();
  }

  private static String interrupted(int steps, int complete, List<LabResult> results) {
    var text = "Interrupted: " + complete + " of " + steps + " steps are complete";
    if (results.isEmpty()) {
      return text + ".";
    }
    var last = results.getLast();
    return text
        + (last.complete()
            ? ""
            : "; "
                + last.step().name()
                + " ended after "
                + last.epochs()
                + " of "
                + last.planned()
                + " epochs")
        + "; its best weights are in "
        + last.bestFile()
        + ".";
  }

  private static String listed(Lab lab, boolean json) {
    var steps = names(lab);
    if (json) {
      var map = new LinkedHashMap<String, Object>();
      map.put("lab", lab.name());
      map.put("summary", lab.summary());
      map.put("steps", steps);
      return Json.of(map);
    }
    return lab.name() + ": " + lab.summary() + " (" + String.join(", ", steps) + ")";
  }

  private static List<String> names(Lab lab) {
    return lab.steps().stream().map(LabStep::name).toList();
  }

  private static Lab lab(String name) {
    var names = Labs.all().stream().map(Lab::name).toList();
    return Labs.all().stream()
        .filter(lab -> lab.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "kalamos lab: expected a lab ("
                        + String.join(", ", names)
                        + "), received NAME="
                        + name
                        + ". "
                        + Suggestion.of(name, names)
                        + "./kalamos lab lists them."));
  }

  /// Makes sure that folders can be made in `out`, before anything is trained.
  private static void check(Path out) {
    try {
      Files.createDirectories(out);
      Files.delete(Files.createTempFile(out, "kalamos", ".part"));
    } catch (IOException e) {
      throw new UsageException(
          "--out: expected a folder that can be written, received --out="
              + out
              + " ("
              + e.getClass().getSimpleName()
              + "). Choose another folder.");
    }
  }

  private List<LabStep> steps(Lab lab, Arguments arguments) {
    boolean dropout = arguments.has(DROPOUT);
    if (dropout && !lab.name().equals("mnist-ladder")) {
      throw new UsageException(
          "--dropout: expected the lab mnist-ladder, received NAME="
              + lab.name()
              + ". Leave the option out.");
    }
    if (arguments.text(STEP).isEmpty()) {
      return dropout ? List.of(step(lab, "mlp-dropout")) : lab.steps();
    }
    var text = arguments.text(STEP).get();
    var step = step(lab, text);
    if (!dropout) {
      return List.of(step);
    }
    if (!step.name().equals("mlp") && !step.name().equals("mlp-dropout")) {
      throw new UsageException(
          "--dropout: expected --step=mlp or no --step, received --step="
              + text
              + ". Leave one of the two options out.");
    }
    return List.of(step(lab, "mlp-dropout"));
  }

  private LabStep step(Lab lab, String text) {
    var names = names(lab);
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(text) || Integer.toString(i + 1).equals(text)) {
        return lab.steps().get(i);
      }
    }
    throw new UsageException(
        "--step: expected 1 to "
            + names.size()
            + " or one of "
            + String.join(", ", names)
            + ", received --step="
            + text
            + ". "
            + Suggestion.of(text, names)
            + Arguments.see(this));
  }
}
