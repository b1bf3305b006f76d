package io.kalamos.testkit;

import io.kalamos.engine.Tensor;
import io.kalamos.layers.Application;
import io.kalamos.layers.Attention;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.layers.MultiHeadAttention;
import io.kalamos.layers.Normalization;
import io.kalamos.layers.Symbol;
import io.kalamos.losses.Loss;
import io.kalamos.losses.Losses;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Models, losses and optimizers from the specs of `training.json` and `networks.json`.
final class KerasNetwork {
  private KerasNetwork() {}

  static Model model(Golden.Training run) {
    Tensor x = tensor(run.x());
    int[] sizes = x.shape().toArray();
    Input input = Input.of(Arrays.copyOfRange(sizes, 1, sizes.length));
    List<Json> specs = run.spec().get("layers").items();
    boolean functional = specs.getFirst().fields().containsKey("inputs");
    if (functional) {
      return functional(input, specs, x);
    }
    List<Layer> layers = new ArrayList<>(List.of(input));
    specs.forEach(spec -> layers.add(layer(spec, x)));
    return Sequential.of(layers);
  }

  private static Model functional(Input input, List<Json> specs, Tensor x) {
    Map<String, Symbol> values = new HashMap<>(Map.of("input", input));
    Map<String, Layer> layers = new HashMap<>();
    Symbol last = input;
    for (Json spec : specs) {
      boolean again = spec.fields().containsKey("reuse");
      String name = again ? spec.get("as").text() : spec.get("config").get("name").text();
      Layer layer = again ? layers.get(spec.get("reuse").text()) : layer(spec, x).named(name);
      layers.put(name, layer);
      Symbol[] from =
          spec.get("inputs").items().stream().map(i -> values.get(i.text())).toArray(Symbol[]::new);
      Application applied = layer.on(from);
      last = applied;
      values.put(name, last);
      for (int i = 1; i < 8; i++) {
        values.put(name + ":" + i, applied.output(i));
      }
    }
    return Model.of(input, last);
  }

  private static Layer layer(Json spec, Tensor x) {
    String kind = spec.get("class").text();
    Layer layer =
        kind.equals("Normalization")
            ? Normalization.of().adapt(x)
            : KerasLayers.of(kind, spec.get("config").fields());
    boolean causal = spec.fields().containsKey("causal") && spec.get("causal").bool();
    return switch (layer) {
      case MultiHeadAttention heads -> heads.causal(causal);
      case Attention attention -> attention.causal(causal);
      case Layer other -> other;
    };
  }

  static Loss loss(Json spec) {
    Record loss = (Record) Losses.named(spec.get("class").text());
    return (Loss) KerasOptions.configured(loss, spec.get("config").fields());
  }

  /// From Keras's whole configuration, or from what differs from the default.
  static Optimizer optimizer(Json spec) {
    return spec.fields().containsKey("class_name")
        ? KerasParts.part(spec, Optimizer.class)
        : KerasOptimizers.of(spec);
  }

  static Tensor tensor(Npy array) {
    return switch (array) {
      case Npy.Floats a -> Tensor.of(a.values(), a.shape());
      case Npy.Doubles a -> Tensor.of(a.values(), a.shape());
      case Npy.Ints a -> Tensor.of(a.values(), a.shape());
      case Npy.Longs a ->
          Tensor.of(Arrays.stream(a.values()).mapToInt(Math::toIntExact).toArray(), a.shape());
      case Npy.Bytes a -> Tensor.of(a.values(), a.shape());
    };
  }
}
