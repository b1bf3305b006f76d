package io.kalamos.saving;

import io.kalamos.layers.Bidirectional;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.layers.MultiHeadAttention;
import io.kalamos.layers.Normalization;
import io.kalamos.layers.RecurrentLayer;
import io.kalamos.layers.TimeDistributed;
import io.kalamos.models.Model;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where Keras 3's `.weights.h5` has the weights of a layer, or of a part of one: in a group named
/// by the layer's class and its number among those, `layers/dense_1`, with the variables `vars/0`,
/// `vars/1` and so on in it.
///
/// @param path of the group in the file
/// @param older another path that the group has in files of Keras 2, if it does
/// @param name of the layer, which the group `vars` notes
/// @param weights their paths in our model, in the order of the variables; shapes are the same
/// @param whole whether a variable is a whole number in Keras, by its place
public record WeightGroup(
    String path, Optional<String> older, String name, List<String> weights, List<Boolean> whole) {
  public WeightGroup {
    weights = List.copyOf(weights);
    whole = List.copyOf(whole);
  }

  /// All groups of a model in Keras's order, those without weights too; the model's own comes first
  /// and has the empty path.
  public static List<WeightGroup> of(Model model) {
    return new Walk(model).groups();
  }

  private static final class Walk {
    private final List<WeightGroup> groups = new ArrayList<>();
    private final List<String> paths;
    private final Model whole;

    Walk(Model model) {
      this.whole = model;
      this.paths = List.copyOf(model.weights().keySet());
    }

    List<WeightGroup> groups() {
      model("", "", whole.title(), whole);
      return groups;
    }

    /// @param group path in the file
    /// @param own path in our model
    private void model(String group, String own, String name, Model model) {
      add(group, name, List.of());
      Map<String, Integer> numbers = new HashMap<>();
      boolean chain = model.kind().equals("Sequential");
      model
          .layers()
          .forEach(
              (path, layer) -> {
                if (chain && layer instanceof Input) {
                  return;
                }
                String stem = layer.stem();
                int number = numbers.merge(stem, 1, Integer::sum) - 1;
                String last = number == 0 ? stem : stem + "_" + number;
                layer(join(join(group, "layers"), last), join(own, path), path, layer);
              });
    }

    private void layer(String group, String own, String name, Layer layer) {
      switch (layer) {
        case Model inner -> model(group, own, name, inner);
        case RecurrentLayer recurrent -> {
          add(group, name, List.of());
          add(group + "/cell", recurrent.stem() + "_cell", below(own));
        }
        case Bidirectional both -> {
          add(group, name, List.of());
          part(group + "/forward_layer", own, both.forward());
          part(group + "/backward_layer", own, both.backward());
        }
        case TimeDistributed each -> {
          add(group, name, List.of());
          part(group + "/layer", own, each.layer());
        }
        case MultiHeadAttention _ -> {
          add(group, name, List.of());
          for (String part : List.of("query", "key", "value", "attention_output")) {
            String attribute = part.equals("attention_output") ? "output_dense" : part + "_dense";
            Optional<String> older = Optional.of(group + "/_" + attribute);
            List<String> weights = below(own + "/" + part);
            groups.add(
                new WeightGroup(group + "/" + attribute, older, part, weights, none(weights)));
          }
        }
        case Normalization _ -> {
          List<String> weights = below(own);
          List<Boolean> counts = weights.stream().map(path -> path.endsWith("/count")).toList();
          groups.add(new WeightGroup(group, Optional.empty(), name, weights, counts));
        }
        case Layer _ -> add(group, name, below(own));
      }
    }

    private void part(String group, String own, Layer part) {
      String name = part.name().orElseGet(part::stem);
      layer(group, own + "/" + name, name, part);
    }

    private void add(String group, String name, List<String> weights) {
      groups.add(new WeightGroup(group, Optional.empty(), name, weights, none(weights)));
    }

    private static List<Boolean> none(List<String> weights) {
      return weights.stream().map(path -> false).toList();
    }

    private List<String> below(String own) {
      return paths.stream().filter(path -> path.startsWith(own + "/")).toList();
    }

    private static String join(String before, String name) {
      return before.isEmpty() ? name : before + "/" + name;
    }
  }
}
