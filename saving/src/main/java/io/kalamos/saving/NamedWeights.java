package io.kalamos.saving;

import io.kalamos.engine.Tensor;
import io.kalamos.models.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The layout of weights in HDF5 files before Keras 3, which it still reads: a group for each layer
/// by its name, with the names of its weights as an attribute.
final class NamedWeights {
  static final String WHOLE = "model_weights";
  private static final String LAYERS = "layer_names";
  private static final String WEIGHTS = "weight_names";

  /// Names that one attribute holds: 16 bytes each, of 64 KiB.
  private static final int NAMES = 4000;

  private NamedWeights() {}

  /// Whether a file has this layout.
  static boolean in(Hdf5Group root) {
    return root.children().containsKey(WHOLE)
        || root.attributes().containsKey(LAYERS)
        || root.attributes().containsKey(LAYERS + 0);
  }

  static void write(Model model, Hdf5Group root) {
    root.attribute("backend", "kalamos").attribute("keras_version", KerasZip.KERAS);
    List<LayerWeights> layers = LayerWeights.of(model);
    names(root, LAYERS, layers.stream().map(LayerWeights::layer).toList());
    Map<String, Tensor> weights = model.weights();
    for (LayerWeights layer : layers) {
      Hdf5Group group = root.make(layer.layer());
      names(group, WEIGHTS, layer.weights());
      layer.weights().forEach(w -> group.put(w, Hdf5Dataset.of(weights.get(w))));
    }
    names(root.make("top_level_model_weights"), WEIGHTS, List.of());
  }

  /// A list of names, in several attributes where one does not hold it.
  static void names(Hdf5Group group, String attribute, List<String> names) {
    if (names.size() <= NAMES) {
      group.attribute(attribute, names);
      return;
    }
    for (int from = 0, i = 0; from < names.size(); from += NAMES, i++) {
      int to = Math.min(names.size(), from + NAMES);
      group.attribute(attribute + i, names.subList(from, to));
    }
  }

  static List<String> names(Hdf5Group group, String attribute) {
    Hdf5Group.Attribute whole = group.attributes().get(attribute);
    if (whole != null) {
      return whole.texts();
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; group.attributes().containsKey(attribute + i); i++) {
      names.addAll(group.attributes().get(attribute + i).texts());
    }
    return names;
  }

  /// The arrays that a group names, in their order.
  static List<Hdf5Dataset> arrays(Path file, String where, Hdf5Group group) throws IOException {
    List<Hdf5Dataset> arrays = new ArrayList<>();
    for (String name : names(group, WEIGHTS)) {
      arrays.add(
          group
              .dataset(name)
              .orElseThrow(
                  () ->
                      Archive.refuse(
                          file,
                          "the array that " + where + " names",
                          "missing",
                          name,
                          "The file is damaged or made up; use another copy.")));
    }
    return arrays;
  }

  /// Gives a model the weights of layers of the same names or, where names differ, of the same
  /// order, as Keras does; nothing where anything does not fit.
  static void read(Path file, Hdf5Group root, Model model) throws IOException {
    Hdf5Group group = root.group(WHOLE).orElse(root);
    List<LayerWeights> layers =
        LayerWeights.of(model).stream().filter(layer -> !layer.weights().isEmpty()).toList();
    Map<String, List<Hdf5Dataset>> found = new LinkedHashMap<>();
    for (String name : names(group, LAYERS)) {
      Hdf5Group layer = group.group(name).orElseGet(Hdf5Group::new);
      List<Hdf5Dataset> arrays = arrays(file, name, layer);
      if (!arrays.isEmpty()) {
        found.put(name, arrays);
      }
    }
    if (layers.size() != found.size()) {
      throw GroupedWeights.other(
          file, layers.size() + " layers with weights", "layers", found.size());
    }
    boolean named =
        found.keySet().equals(Set.copyOf(layers.stream().map(LayerWeights::layer).toList()));
    List<String> order = List.copyOf(found.keySet());
    Map<String, Tensor> weights = model.weights();
    Map<Tensor, Hdf5Dataset> values = new LinkedHashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      LayerWeights layer = layers.get(i);
      String name = named ? layer.layer() : order.get(i);
      List<Tensor> wanted = layer.weights().stream().map(weights::get).toList();
      GroupedWeights.fits(file, layer.layer(), wanted, found.get(name), values);
    }
    values.forEach((tensor, value) -> value.copyTo(tensor));
  }
}
