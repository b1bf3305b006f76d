package io.kalamos.models;

import io.kalamos.layers.Layer;
import java.util.Arrays;
import java.util.List;

/// Models that are a chain of layers.
public final class Sequential {
  private Sequential() {}

  /// A chain that begins with an `Input`. Every entry is a layer of its own, also where one record
  /// stands twice. The weights are drawn with seed 0; [Model#initialize] draws others.
  public static Model of(Layer... layers) {
    return of(Arrays.asList(layers));
  }

  public static Model of(List<Layer> layers) {
    return new Model(Topology.chain(layers));
  }
}
