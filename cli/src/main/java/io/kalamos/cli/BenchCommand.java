package io.kalamos.cli;

import io.kalamos.models.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// `./kalamos bench`: seconds per epoch of a standard network on the full MNIST.
final class BenchCommand implements Command {
  private static final String PREDICT = "predict";
  private static final Option EPOCHS = Option.value("--epochs", "N", "Epochs to train (3).");
  private static final Option CALLS =
      Option.value("--calls", "N", "Single predictions of `predict` (1000000).");
  private static final Option PRECISION =
      Option.value("--precision", "P", "float32 (as without it) or mixed_bfloat16.");
  private static final Option PROFILE =
      Option.flag("--profile", "Print the graph and the plan too, on standard error.");

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public String summary() {
    return "Time a standard network on the full MNIST, or single predictions.";
  }

  @Override
  public List<Operand> operands() {
    return List.of(
        new Operand(
            "NET",
            "linear, mlp, cnn, cnn-weights, cnn-bn, lstm or attention; predict for one sample at a"
                + " time."));
  }

  @Override
  public List<Option> options() {
    return List.of(
        EPOCHS,
        CALLS,
        PRECISION,
        Option.BACKEND,
        Option.THREADS,
        Option.SEED,
        PROFILE,
        Option.JSON);
  }

  @Override
  public int run(Arguments arguments, Console console) throws Exception {
    var net = arguments.operand().orElse("none");
    var known = new ArrayList<>(StandardNetwork.names());
    known.add(PREDICT);
    if (!known.contains(net)) {
      throw new UsageException(
          "kalamos bench: expected a network ("
              + String.join(", ", known)
              + "), received NET="
              + net
              + ". "
              + Suggestion.of(net, known)
              + Arguments.see(this));
    }
    int epochs = arguments.count(EPOCHS).orElse(3);
    var precision = precision(arguments);
    var runs = Runs.of(arguments, console);
    if (net.equals(PREDICT)) {
      int calls = arguments.count(CALLS).orElse(1_000_000);
      for (int threads : new int[] {1, 8}) {
        print(new PredictBench(runs, calls).run(threads), arguments, console);
      }
    } else {
      var bench = new TrainingBench(StandardNetwork.named(net), epochs, precision, runs);
      print(bench.run(arguments.has(PROFILE)), arguments, console);
    }
    return 0;
  }

  private Precision precision(Arguments arguments) {
    var name = arguments.text(PRECISION).orElse(Precision.FLOAT32.toString());
    var known = Arrays.stream(Precision.values()).map(Precision::toString).toList();
    if (!known.contains(name)) {
      throw new UsageException(
          "--precision: expected one of "
              + String.join(", ", known)
              + ", received --precision="
              + name
              + ". "
              + Suggestion.of(name, known)
              + Arguments.see(this));
    }
    return Precision.named(name);
  }

  private static void print(Map<String, Object> figures, Arguments arguments, Console console) {
    if (arguments.has(Option.JSON)) {
      console.out().println(Json.of(figures));
    } else {
      figures.forEach((name, value) -> console.out().printf("%-14s %s%n", name, value));
    }
  }
}
