package io.kalamos.saving;

import io.kalamos.layers.Input;
import io.kalamos.models.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The weights of a layer as `.h5` files of a whole model, or of weights in the older form, have
/// them: in a group by the layer's name, those that train before the others, read by their order.
///
/// @param layer the name of a layer of the model itself
/// @param weights their paths in our model, which are their names in the file too
public record LayerWeights(String layer, List<String> weights) {
  public LayerWeights {
    weights = List.copyOf(weights);
  }

  /// Of all layers in Keras's order, those without weights too.
  public static List<LayerWeights> of(Model model) {
    boolean chain = model.kind().equals("Sequential");
    List<LayerWeights> layers = new ArrayList<>();
    model
        .layers()
        .forEach(
            (path, layer) -> {
              if (!(chain && layer instanceof Input)) {
                List<String> weights =
                    model.weights().keySet().stream()
                        .filter(weight -> weight.startsWith(path + "/"))
                        .toList();
                layers.add(
                    new LayerWeights(
                        path,
                        Stream.concat(
                                weights.stream().filter(model::trainable),
                                weights.stream().filter(weight -> !model.trainable(weight)))
                            .toList()));
              }
            });
    return layers;
  }
}
