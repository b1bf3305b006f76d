package io.kalamos.models;

import io.kalamos.engine.Graph;
import io.kalamos.layers.Layer;
import java.util.List;

/// The operations of a prediction, with layers left out that a reader has a better form for.
///
/// @param graph its outputs are `output/0` and so on, and what enters the layers that are left out
/// @param leftOut in the order in which the model applies them
public record PredictionGraph(Graph graph, List<LeftOut> leftOut) {
  /// A layer that is not written.
  ///
  /// @param path of the layer, and of its weights
  /// @param inputs the outputs of the graph that enter it
  /// @param results the inputs of the graph that stand for its results
  public record LeftOut(String path, Layer layer, List<String> inputs, List<String> results) {
    public LeftOut {
      inputs = List.copyOf(inputs);
      results = List.copyOf(results);
    }
  }

  public PredictionGraph {
    leftOut = List.copyOf(leftOut);
  }
}
