package io.kalamos.cli;

import io.kalamos.engine.Tensor;
import io.kalamos.models.Scores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// `./kalamos evaluate`: loss and metrics of a compiled file, by their Keras names.
final class EvaluateCommand implements Command {
  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public String summary() {
    return "Compute loss and metrics of a compiled model over data.";
  }

  @Override
  public List<Operand> operands() {
    return List.of(ModelFile.COMPILED);
  }

  @Override
  public List<Option> options() {
    return List.of(Option.INPUT, Option.TARGET, Option.BATCH_SIZE, Option.JSON);
  }

  @Override
  public int run(Arguments arguments, Console console) throws Exception {
    var file = arguments.file(0);
    arguments.needed(Option.INPUT);
    int batchSize = arguments.count(Option.BATCH_SIZE).orElse(32);
    try (var model = ModelFile.compiled(name(), file, 0, console)) {
      var samples = new Examples(model, console).samples(arguments);
      var scores = model.evaluate(samples, batchSize);
      if (arguments.has(Option.JSON)) {
        console.out().println(Json.of(figures(scores)));
      } else {
        figures(scores).forEach((name, value) -> console.out().printf("%-24s %s%n", name, value));
      }
    }
    return 0;
  }

  /// Numbers, and lists of them for metrics that are more than one.
  private static SequencedMap<String, Object> figures(Scores scores) {
    var figures = new LinkedHashMap<String, Object>(scores.values());
    scores.tensors().forEach((name, tensor) -> figures.putIfAbsent(name, list(tensor, 0, 0)));
    return figures;
  }

  private static Object list(Tensor tensor, int axis, long from) {
    if (axis == tensor.shape().rank()) {
      return tensor.get(from);
    }
    long step = tensor.shape().product(axis + 1, tensor.shape().rank());
    var list = new ArrayList<Object>();
    for (int i = 0; i < tensor.shape().dim(axis); i++) {
      list.add(list(tensor, axis + 1, from + i * step));
    }
    return list;
  }
}
