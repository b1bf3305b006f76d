package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kalamos.activations.ActivationFunction;
import io.kalamos.activations.Activations;
import io.kalamos.models.Precision;
import io.kalamos.testkit.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The page `docs/keras-support.md`: each class of the Keras that the golden files come from, and
/// what the registry here knows of it.
final class KerasSupport {
  /// What is nothing to be put into a model, but what its classes are made of.
  private static final Set<String> BASES =
      Set.of(
          "Layer",
          "InputSpec",
          "Wrapper",
          "Loss",
          "Metric",
          "Optimizer",
          "LearningRateSchedule",
          "Initializer",
          "Regularizer",
          "Constraint");

  /// Why a class is not here, where it never will be.
  private static final Map<String, String> REFUSED =
      Map.of(
          "JaxLayer", "refused: holds code of JAX",
          "FlaxLayer", "refused: holds code of Flax",
          "TorchModuleWrapper", "refused: holds pickled code of PyTorch",
          "TFSMLayer", "refused: loads another file with code");

  /// What stands elsewhere than in the registry.
  private static final Map<String, String> APART =
      Map.of(
          "InputLayer", "all sizes known but the batch's; `string` and sparse inputs are refused",
          "Lambda", "its Python code is never read: `load.onLambda(name, function)`",
          "MeanMetricWrapper", "read as the metric of its function",
          "LossScaleOptimizer", "read as the optimizer within; float32 needs no scale");

  private static final Map<String, String> TITLES = titles();

  private static Map<String, String> titles() {
    Map<String, String> titles = new java.util.LinkedHashMap<>();
    titles.put(Parts.LAYERS, "Layers");
    titles.put(Parts.LOSSES, "Losses");
    titles.put(Parts.METRICS, "Metrics");
    titles.put(Parts.OPTIMIZERS, "Optimizers");
    titles.put(Parts.SCHEDULES, "Learning-rate schedules");
    titles.put(Parts.INITIALIZERS, "Initializers");
    titles.put(Parts.REGULARIZERS, "Regularizers");
    titles.put(Parts.CONSTRAINTS, "Constraints");
    return titles;
  }

  private final JsonNode golden;
  private final StringBuilder page = new StringBuilder();

  private KerasSupport() throws IOException {
    golden = new ObjectMapper().readTree(Golden.text("configs.json"));
  }

  static String page() throws IOException {
    return new KerasSupport().write();
  }

  private String write() {
    String version = golden.get("keras").asText();
    line("# What of Keras is here");
    line("");
    line(
        "Each class of Keras "
            + version
            + ", and whether files may name it; a test writes this page from");
    line(
        "the registry of the module `saving`. \"Both ways\": models of Keras 3 and 2 with this class are");
    line(
        "read from `.keras` and `.h5` files, and Keras reads what is written here. Options that can have");
    line("one value only stand beside the class: a file that asks for another is refused by name.");
    line("");
    line(
        "Models: `Sequential` and functional ones, nested, with shared layers, several inputs and");
    line(
        "outputs; `x + y`, `-`, `*`, `maximum` and `minimum` of values are read as merging layers. A");
    line("subclass of `Model` is Python code: build it in Java and load its weights alone.");
    line("");
    line(
        "No file of Keras holds an own training step, what `excludeFromWeightDecay` named, and the code");
    line("of own losses and metrics, which stand there by name: load such a file with");
    line("`load.compile(false)` and compile the model again.");
    line("");
    line(
        "Precision: "
            + Arrays.stream(Precision.values())
                .map(precision -> "`" + precision + "`")
                .collect(Collectors.joining(", "))
            + " for the whole model;");
    line(
        "`mixed_float16`, `float16` and `bfloat16` are read as `float32` with a notice; quantized layers");
    line("are refused.");
    line("");
    line(
        "Activation functions by name: "
            + Activations.ALL.stream()
                .map(ActivationFunction::name)
                .sorted()
                .map(name -> "`" + name + "`")
                .collect(Collectors.joining(", "))
            + ";");
    line("`relu`, `leaky_relu` and `elu` with options too.");
    TITLES.forEach(this::table);
    line("");
    line("## Ours alone");
    line("");
    line("Written for our own reading; Keras reads such a file with `compile=False`.");
    line("");
    Parts.modules().stream()
        .sorted()
        .forEach(
            module ->
                Parts.kinds(module).stream()
                    .filter(kind -> Parts.ours(Parts.example(module, kind).orElseThrow()))
                    .forEach(kind -> line("- `" + kind + "`")));
    return page.toString();
  }

  private void line(String text) {
    page.append(text).append('\n');
  }

  private void table(String module, String title) {
    Set<String> kinds = new TreeSet<>();
    golden.get("modules").get(module).fieldNames().forEachRemaining(kinds::add);
    kinds.removeAll(BASES);
    long here = kinds.stream().filter(kind -> known(module, kind)).count();
    line("");
    line("## " + title + ": " + here + " of " + kinds.size());
    line("");
    line("| class | files | notes |");
    line("|---|---|---|");
    for (String kind : kinds) {
      String note =
          known(module, kind)
              ? notes(module, kind)
              : REFUSED.getOrDefault(kind, APART.getOrDefault(kind, ""));
      boolean apart = APART.containsKey(kind);
      String files = known(module, kind) ? "both ways" : apart ? "read" : "-";
      line("| `" + kind + "` | " + files + " | " + note + " |");
    }
  }

  private static boolean known(String module, String kind) {
    boolean metric = module.equals(Parts.METRICS) && MetricConfig.OF_LOSSES.containsKey(kind);
    boolean layer = module.equals(Parts.LAYERS) && Set.of("InputLayer", "Lambda").contains(kind);
    return metric || layer || Parts.example(module, kind).isPresent();
  }

  private static String notes(String module, String kind) {
    List<String> notes = new ArrayList<>();
    if (APART.containsKey(kind)) {
      notes.add(APART.get(kind));
    }
    if (module.equals(Parts.LAYERS)) {
      new TreeMap<>(Extras.of(kind))
          .forEach(
              (option, value) -> {
                if (!Extras.harmless(option) && !kind.equals("InputLayer")) {
                  notes.add("`" + option + "=" + value.toString().replace("\"", "") + "`");
                }
              });
    }
    return String.join(", ", notes);
  }
}
