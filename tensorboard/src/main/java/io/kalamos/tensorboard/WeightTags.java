package io.kalamos.tensorboard;

import io.kalamos.layers.Layer;
import io.kalamos.models.Model;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// The names that Keras gives weights: `sequential/dense/kernel` in a sequential model, and
/// `dense/kernel` in a functional one. An inner model's weights are named as if it were alone;
/// where two weights would have one name, they have their paths in the whole model.
final class WeightTags {
  private WeightTags() {}

  /// Tags by the weights' paths, in the model's order.
  static SequencedMap<String, String> of(Model model) {
    SequencedMap<String, String> tags = new LinkedHashMap<>();
    model.weights().keySet().forEach(path -> tags.put(path, tag(model, model.title(), path)));
    Map<String, Long> counts =
        tags.values().stream().collect(Collectors.groupingBy(tag -> tag, Collectors.counting()));
    tags.replaceAll((path, tag) -> counts.get(tag) > 1 ? model.title() + "/" + path : tag);
    return tags;
  }

  private static String tag(Model model, String name, String path) {
    List<String> parts = List.of(path.split("/", 2));
    Layer layer = model.layers().get(parts.getFirst());
    if (layer instanceof Model part && parts.size() > 1) {
      return tag(part, parts.getFirst(), parts.getLast());
    }
    return model.kind().equals("Sequential") ? name + "/" + path : path;
  }
}
