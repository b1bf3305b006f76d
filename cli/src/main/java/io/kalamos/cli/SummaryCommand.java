package io.kalamos.cli;

import io.kalamos.models.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// `./kalamos summary`: layers, shapes and numbers of parameters, as Keras prints them.
final class SummaryCommand implements Command {
  @Override
  public String name() {
    return "summary";
  }

  @Override
  public String summary() {
    return "Print a model's layers, shapes and parameters.";
  }

  @Override
  public List<Operand> operands() {
    return List.of(ModelFile.OPERAND);
  }

  @Override
  public List<Option> options() {
    return List.of(Option.JSON);
  }

  @Override
  public int run(Arguments arguments, Console console) throws Exception {
    try (var model = ModelFile.load(arguments.file(0), console, load -> load)) {
      if (arguments.has(Option.JSON)) {
        console.out().println(Json.of(figures(model)));
      } else {
        console.out().print(Printable.of(model.summary(summary -> summary.expandNested(true))));
      }
    }
    return 0;
  }

  private static SequencedMap<String, Object> figures(Model model) {
    var figures = new LinkedHashMap<String, Object>();
    figures.put("name", model.title());
    figures.put("kind", model.kind());
    var layers = new ArrayList<Map<String, Object>>();
    var seen = new ArrayList<String>();
    for (var node : model.graph().nodes()) {
      if (seen.contains(node.path())) {
        continue;
      }
      seen.add(node.path());
      var layer = new LinkedHashMap<String, Object>();
      layer.put("name", node.path());
      layer.put("class", node.kind());
      layer.put("output_shape", node.shape().toString());
      layer.put("params", params(model, node.path() + "/", false));
      layers.add(layer);
    }
    figures.put("layers", layers);
    long all = model.countParams();
    long trainable = params(model, "", true);
    figures.put("total_params", all);
    figures.put("trainable_params", trainable);
    figures.put("non_trainable_params", all - trainable);
    figures.put("compiled", model.compilation().isPresent());
    if (!model.extras().classNames().isEmpty()) {
      figures.put("class_names", model.extras().classNames());
    }
    return figures;
  }

  private static long params(Model model, String prefix, boolean trainable) {
    return model.weights().entrySet().stream()
        .filter(weight -> weight.getKey().startsWith(prefix))
        .filter(weight -> !trainable || model.trainable(weight.getKey()))
        .mapToLong(weight -> weight.getValue().size())
        .sum();
  }
}
