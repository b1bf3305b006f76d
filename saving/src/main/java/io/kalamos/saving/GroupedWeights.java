package io.kalamos.saving;

import io.kalamos.engine.DType;
import io.kalamos.engine.Tensor;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Keras 3's layout of weights: a group for each layer by class and number,
/// `layers/dense_1/vars/0`, and the optimizer's variables, `optimizer/vars/0`.
final class GroupedWeights {
  private static final String OPTIMIZER = "optimizer";

  /// Where Keras 2.13 has the layers.
  private static final String OLD_LAYERS = "_layer_checkpoint_dependencies";

  private GroupedWeights() {}

  static void write(Model model, boolean optimizer, Hdf5Group root) {
    Map<String, Tensor> weights = model.weights();
    for (WeightGroup group : WeightGroup.of(model)) {
      Hdf5Group vars = root.make(vars(group.path())).attribute("name", group.name());
      for (int i = 0; i < group.weights().size(); i++) {
        Tensor value = weights.get(group.weights().get(i));
        vars.put(Integer.toString(i), array(value, group.whole().get(i)));
      }
    }
    if (optimizer && model.compilation().isPresent()) {
      String name = model.compilation().get().optimizer().name();
      Hdf5Group vars = root.make(vars(OPTIMIZER)).attribute("name", name);
      List<OptimizerVariables.Variable> variables = OptimizerVariables.of(model);
      for (int i = 0; i < variables.size(); i++) {
        OptimizerVariables.Variable variable = variables.get(i);
        vars.put(Integer.toString(i), array(variable.value(), variable.whole()));
      }
    }
  }

  /// Numbers that count are whole in Keras; a single other one is in float32.
  static Hdf5Dataset array(Tensor value, boolean whole) {
    boolean single = value.shape().rank() == 0 && value.dtype() == DType.FLOAT64;
    if (whole && value.shape().rank() == 0) {
      double number = value.get(0);
      return Hdf5Dataset.of(number <= Integer.MAX_VALUE ? Hdf5Type.INT32 : Hdf5Type.INT64, number);
    }
    return single ? Hdf5Dataset.of(Hdf5Type.FLOAT32, value.get(0)) : Hdf5Dataset.of(value);
  }

  private static String vars(String group) {
    return group.isEmpty() ? "vars" : group + "/vars";
  }

  /// Gives a model the weights and, where it is compiled, the optimizer's variables; nothing where
  /// anything does not fit.
  static void read(Path file, Hdf5Group root, Model model) throws IOException {
    Map<String, Tensor> weights = model.weights();
    Map<Tensor, Hdf5Dataset> values = new LinkedHashMap<>();
    Set<String> rest = new HashSet<>(root.datasets().keySet());
    for (WeightGroup group : WeightGroup.of(model)) {
      String path = place(root, group);
      List<Hdf5Dataset> found = numbered(root.group(vars(path)));
      for (int i = 0; i < found.size(); i++) {
        rest.remove(vars(path) + "/" + i);
      }
      List<Tensor> wanted = group.weights().stream().map(weights::get).toList();
      fits(file, path + " (" + group.name() + ")", wanted, found, values);
    }
    rest.removeIf(path -> !path.startsWith("layers/") && !path.startsWith(OLD_LAYERS));
    rest.removeIf(path -> path.contains("seed_generator"));
    if (!rest.isEmpty()) {
      throw other(
          file,
          "the weights of this model's layers alone",
          "other",
          rest.stream().sorted().limit(3).toList());
    }
    values.forEach((tensor, value) -> value.copyTo(tensor));
    optimizer(root, model);
  }

  /// The group of a layer: where Keras 3 has it, or where an older one does.
  private static String place(Hdf5Group root, WeightGroup group) {
    String path = group.path();
    for (String candidate : List.of(path, group.older().orElse(path))) {
      if (root.group(vars(candidate)).isPresent()) {
        return candidate;
      }
      String old = candidate.replace("layers", OLD_LAYERS);
      if (root.group(vars(old)).isPresent()) {
        return old;
      }
    }
    return path;
  }

  /// The variables `0`, `1` and so on of a group.
  static List<Hdf5Dataset> numbered(Optional<Hdf5Group> vars) {
    List<Hdf5Dataset> all = new ArrayList<>();
    for (int i = 0; vars.isPresent(); i++) {
      Optional<Hdf5Dataset> next = vars.get().dataset(Integer.toString(i));
      if (next.isEmpty()) {
        break;
      }
      all.add(next.get());
    }
    return all;
  }

  /// Notes the values of some weights where they are as many and of the same shapes.
  static void fits(
      Path file,
      String where,
      List<Tensor> wanted,
      List<Hdf5Dataset> found,
      Map<Tensor, Hdf5Dataset> values)
      throws IOException {
    if (wanted.size() != found.size()) {
      throw other(file, wanted.size() + " weights of " + where, "weights", found.size());
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!wanted.get(i).shape().equals(found.get(i).shape())) {
        throw other(
            file,
            where + ": weight " + i + " of shape " + wanted.get(i).shape(),
            "shape",
            found.get(i).shape());
      }
      values.put(wanted.get(i), found.get(i));
    }
  }

  static IOException other(Path file, String expected, String name, Object value) {
    return Archive.refuse(
        file,
        expected,
        name,
        value,
        "The file belongs to another model; load it into one with the same layers.");
  }

  private static void optimizer(Hdf5Group root, Model model) {
    restore(List.of(), numbered(root.group(vars(OPTIMIZER))), model);
  }

  /// Gives a compiled model's optimizer its variables.
  ///
  /// @param names of the variables, where the file has some
  static void restore(List<String> names, List<Hdf5Dataset> found, Model model) {
    Optional<Compilation> compilation = model.compilation();
    if (compilation.isEmpty() || found.isEmpty()) {
      return;
    }
    List<Tensor> values = found.stream().map(GroupedWeights::tensor).toList();
    if (OptimizerVariables.restore(model, names, values)) {
      return;
    }
    compilation
        .get()
        .execution()
        .log()
        .accept(
            "warning: the file's "
                + found.size()
                + " variables of the optimizer are not those of "
                + compilation.get().optimizer().name()
                + " here; training goes on with fresh moments");
  }

  private static Tensor tensor(Hdf5Dataset dataset) {
    boolean exact = dataset.type() == Hdf5Type.FLOAT32;
    Tensor tensor = Tensor.zeros(exact ? DType.FLOAT32 : DType.FLOAT64, dataset.shape());
    dataset.copyTo(tensor);
    return tensor;
  }
}
