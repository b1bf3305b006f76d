package io.kalamos.cli;

import io.kalamos.datasets.Mnist;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// `./kalamos lab`: lists the labs, or runs one and prints our figures beside the original's.
final class LabCommand implements Command {
  private static final Option STEP =
      Option.value("--step", "STEP", "Run one step alone, by its number or name.");
  private static final Option EPOCHS =
      Option.value("--epochs", "N", "Epochs of each step; without it 20.");
  private static final Option DROPOUT =
      Option.flag("--dropout", "Switch dropout on: with --step mlp, or alone.");
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
  public int run(Arguments arguments, Console console) throws Exception {
    if (arguments.operand().isEmpty()) {
      console.out().println(list(arguments.has(Option.JSON)));
      return 0;
    }
    var name = arguments.operand().get();
    if (!name.equals(MnistLadder.NAME)) {
      throw new UsageException(
          "kalamos lab: expected a lab ("
              + MnistLadder.NAME
              + "), received NAME="
              + name
              + ". "
              + Suggestion.of(name, List.of(MnistLadder.NAME))
              + "./kalamos lab lists them.");
    }
    int epochs = arguments.count(EPOCHS).orElse(MnistLadder.EPOCHS);
    var steps = steps(arguments);
    var out = arguments.path(OUT).orElse(Path.of("runs"));
    var runs = Runs.of(arguments, console);
    RunFolder.check(out);
    var mnist = arguments.path(DATA).map(Mnist::load).orElseGet(Mnist::load);
    var interruption = Interruption.watch();
    try {
      var ladder = new MnistLadder(mnist, epochs, out, runs, interruption);
      return climb(ladder, steps, arguments.has(Option.JSON), interruption, console);
    } finally {
      console.out().flush();
      console.err().flush();
      interruption.told();
    }
  }

  private static int climb(
      MnistLadder ladder,
      List<LadderStep> steps,
      boolean json,
      Interruption interruption,
      Console console)
      throws IOException {
    (json ? console.err() : console.out()).println(ladder.introduction());
    ladder.drawFirst();
    var results = new ArrayList<LadderResult>();
    for (var step : steps) {
      if (interruption.asked()) {
        break;
      }
      var result = ladder.run(step);
      result.ifPresent(results::add);
      if (json && result.isPresent()) {
        console.out().println(Json.of(result.get().figures()));
      }
    }
    if (!json && !results.isEmpty()) {
      console.out().println();
      console.out().print(LadderTable.of(results));
      results.forEach(
          result ->
              console
                  .out()
                  .printf(
                      "%s: %s, curves.png, curves.svg%n", result.step().text(), result.bestFile()));
    }
    if (interruption.asked()) {
      console.err().println(interrupted(steps, results, ladder.epochs()));
      return 130;
    }
    return 0;
  }

  private static String interrupted(
      List<LadderStep> steps, List<LadderResult> results, int epochs) {
    long complete = results.stream().filter(result -> result.epochs() == epochs).count();
    var text = "Interrupted: " + complete + " of " + steps.size() + " steps are complete";
    if (results.isEmpty()) {
      return text + ".";
    }
    var last = results.getLast();
    return text
        + (last.epochs() == epochs
            ? ""
            : "; "
                + last.step().text()
                + " ended after "
                + last.epochs()
                + " of "
                + epochs
                + " epochs")
        + "; its best weights are in "
        + last.bestFile()
        + ".";
  }

  private static String list(boolean json) {
    var summary = "from a linear classifier to a convolutional network, step by step";
    if (json) {
      var lab = new LinkedHashMap<String, Object>();
      lab.put("lab", MnistLadder.NAME);
      lab.put("summary", summary);
      lab.put("steps", LadderStep.names());
      return Json.of(lab);
    }
    return MnistLadder.NAME + ": " + summary + " (" + String.join(", ", LadderStep.names()) + ")";
  }

  private List<LadderStep> steps(Arguments arguments) {
    var all = List.of(LadderStep.values());
    boolean dropout = arguments.has(DROPOUT);
    if (arguments.text(STEP).isEmpty()) {
      return dropout ? List.of(LadderStep.MLP_DROPOUT) : all;
    }
    var text = arguments.text(STEP).get();
    var step =
        all.stream()
            .filter(s -> s.text().equals(text) || Integer.toString(s.ordinal() + 1).equals(text))
            .findFirst()
            .orElseThrow(
                () ->
                    new UsageException(
                        "--step: expected 1 to "
                            + all.size()
                            + " or one of "
                            + String.join(", ", LadderStep.names())
                            + ", received --step="
                            + text
                            + ". "
                            + Suggestion.of(text, LadderStep.names())
                            + Arguments.see(this)));
    if (!dropout) {
      return List.of(step);
    }
    if (step != LadderStep.MLP && step != LadderStep.MLP_DROPOUT) {
      throw new UsageException(
          "--dropout: expected --step=mlp or no --step, received --step="
              + text
              + ". Leave one of the two options out.");
    }
    return List.of(LadderStep.MLP_DROPOUT);
  }
}
