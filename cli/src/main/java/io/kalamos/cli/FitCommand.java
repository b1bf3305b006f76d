package io.kalamos.cli;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.History;
import io.kalamos.callbacks.LambdaCallback;
import io.kalamos.data.Samples;
import io.kalamos.models.Fit;
import io.kalamos.models.Model;
import io.kalamos.models.TrainingException;
import io.kalamos.tensorboard.TensorBoard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/// `./kalamos fit`: trains a compiled file and saves it, the optimizer's state included, so that
/// the next `fit` goes on where this one ended.
///
/// Whatever ends training, Ctrl-C or a loss that is no number, what was trained is saved.
final class FitCommand implements Command {
  private static final Option EPOCHS = Option.value("--epochs", "N", "Passes over the data (1).");
  private static final Option VALIDATION_SPLIT =
      Option.value("--validation-split", "PART", "The part at the end to validate with, as 0.1.");
  private static final Option SHUFFLE =
      Option.flag("--shuffle", "An order of its own for each epoch (as without it).");
  private static final Option NO_SHUFFLE =
      Option.flag("--no-shuffle", "The order of the data in each epoch.");
  private static final Option CLASS_WEIGHT =
      Option.value("--class-weight", "WEIGHTS", "How much classes count: 0=1.0,1=2.5 (1 each).");
  private static final Option SEED =
      Option.value("--seed", "N", "Seed of shuffles and dropout (0).");
  private static final Option LOGDIR =
      Option.value("--logdir", "DIR", "Where TensorBoard finds the run: tensorboard --logdir DIR.");
  private static final Option OUTPUT =
      Option.value(
          "--output",
          "FILE",
          "Where to save, .keras or .h5. Without it FILE itself; what it was before stays beside"
              + " it.");

  @Override
  public String name() {
    return "fit";
  }

  @Override
  public String summary() {
    return "Train a compiled model and save it.";
  }

  @Override
  public List<Operand> operands() {
    return List.of(ModelFile.COMPILED);
  }

  @Override
  public List<Option> options() {
    return List.of(
        Option.INPUT,
        Option.TARGET,
        EPOCHS,
        Option.BATCH_SIZE,
        VALIDATION_SPLIT,
        SHUFFLE,
        NO_SHUFFLE,
        CLASS_WEIGHT,
        SEED,
        OUTPUT,
        LOGDIR,
        Option.JSON);
  }

  @Override
  public int run(Arguments arguments, Console console) throws Exception {
    var file = arguments.file(0);
    arguments.needed(Option.INPUT);
    int epochs = arguments.count(EPOCHS).orElse(1);
    var options = options(arguments, epochs);
    var output = arguments.path(OUTPUT);
    if (output.isPresent() || !ModelFile.isOnnx(file)) { // whose models cannot be trained at all
      ModelFile.checkOutput(file, output);
    }
    var place = new TrainedFile(output.orElse(file), output.isEmpty(), console);
    long seed = arguments.whole(SEED).orElse(0L);
    try (var model = ModelFile.compiled(name(), file, seed, console)) {
      var samples = new Examples(model, console).samples(arguments);
      var interruption = Interruption.watch();
      try {
        return train(model, samples, options, arguments, interruption, place, epochs, console);
      } finally {
        console.out().flush();
        console.err().flush();
        interruption.told();
      }
    }
  }

  private static int train(
      Model model,
      Samples samples,
      UnaryOperator<Fit> options,
      Arguments arguments,
      Interruption interruption,
      TrainedFile place,
      int epochs,
      Console console)
      throws IOException {
    boolean json = arguments.has(Option.JSON);
    var callbacks = new ArrayList<Callback>(List.of(interruption.stop()));
    arguments.path(LOGDIR).ifPresent(folder -> callbacks.add(TensorBoard.to(folder)));
    if (json) {
      callbacks.add(LambdaCallback.of().onEpochEnd(end -> line(end.epoch(), end.logs(), console)));
    }
    History history;
    try {
      history =
          model.fit(
              samples, fit -> options.apply(fit).callbacks(callbacks.toArray(Callback[]::new)));
    } catch (TrainingException noNumber) {
      var saved = place.save(model);
      console.err().println("The weights before that step are in " + saved + ".");
      throw noNumber;
    }
    var saved = place.save(model);
    boolean interrupted = interruption.stop().asked();
    report(history, saved, interrupted, json, console);
    if (interrupted) {
      console
          .err()
          .println(
              "Interrupted in epoch %d of %d; what was trained until then is in %s."
                  .formatted(Math.min(epochs, history.epochs().size() + 1), epochs, saved));
      return 130;
    }
    return 0;
  }

  private static void line(int epoch, SequencedMap<String, Double> logs, Console console) {
    var line = new LinkedHashMap<String, Object>();
    line.put("epoch", epoch + 1);
    line.putAll(logs);
    console.out().println(Json.of(line));
    console.out().flush();
  }

  private static void report(
      History history, Path saved, boolean interrupted, boolean json, Console console) {
    int epochs = history.epochs().size();
    if (json) {
      var line = new LinkedHashMap<String, Object>();
      line.put("output", saved.toString());
      line.put("epochs", epochs);
      line.put("interrupted", interrupted);
      console.out().println(Json.of(line));
      return;
    }
    console.out().print(saved + ": " + epochs + (epochs == 1 ? " epoch" : " epochs"));
    history
        .metrics()
        .forEach((name, values) -> console.out().printf(", %s %.4f", name, values.getLast()));
    console.out().println();
  }

  private UnaryOperator<Fit> options(Arguments arguments, int epochs) {
    if (arguments.has(SHUFFLE) && arguments.has(NO_SHUFFLE)) {
      throw new UsageException(
          "--shuffle: expected it or --no-shuffle, received both. Leave one of them out.");
    }
    int batchSize = arguments.count(Option.BATCH_SIZE).orElse(32);
    Optional<Double> split = arguments.part(VALIDATION_SPLIT);
    var weights =
        arguments.text(CLASS_WEIGHT).map(text -> ClassWeightOption.of(CLASS_WEIGHT, text));
    return fit -> {
      var chosen = fit.epochs(epochs).batchSize(batchSize).shuffle(!arguments.has(NO_SHUFFLE));
      chosen = split.map(chosen::validationSplit).orElse(chosen);
      return weights.map(chosen::classWeight).orElse(chosen);
    };
  }
}
