package io.kalamos.models;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.Monitor;
import io.kalamos.data.Samples;
import io.kalamos.engine.DType;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.RowSoftmax;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Layer;
import io.kalamos.layers.Reshape;
import io.kalamos.losses.CTC;
import io.kalamos.losses.CategoricalCrossentropy;
import io.kalamos.losses.Loss;
import io.kalamos.losses.SparseCategoricalCrossentropy;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.List;

/// What is checked of a model and its data before the first step.
final class Checks {
  private Checks() {}

  static void batchSize(String where, int batchSize) {
    if (batchSize < 1) {
      throw Refusal.of(
          where, "batchSize of 1 or more", "batchSize", batchSize, "Keras's default is 32.");
    }
  }

  /// Warns where a loss would apply a softmax to probabilities.
  static void logits(Network network, Compilation compilation) {
    Goals goals = Goals.of(network, compilation);
    for (int i = 0; i < goals.losses().size(); i++) {
      Loss loss = goals.losses().get(i).orElse(null);
      boolean fromLogits =
          switch (loss) {
            case CategoricalCrossentropy dense -> dense.fromLogits();
            case SparseCategoricalCrossentropy sparse -> sparse.fromLogits();
            case CTC _ -> true;
            case Loss _ -> false;
            case null -> false;
          };
      if (fromLogits && softmax(network, i)) {
        compilation
            .execution()
            .log()
            .accept(
                "warning: "
                    + loss.name()
                    + ": expected logits, received output="
                    + network.outputName(i)
                    + " with softmax. Leave out the softmax"
                    + (loss instanceof CTC ? "." : " or fromLogits(true)."));
      }
    }
  }

  private static boolean softmax(Network network, int output) {
    List<Signature.Feed> feeds = new ArrayList<>();
    for (int i = 0; i < network.topology().inputs().size(); i++) {
      feeds.add(new Signature.Feed(network.input(i).shape(), network.input(i).dtype()));
    }
    Graph graph = StepGraph.prediction(network, Signature.prediction(1, feeds));
    Node node = graph.outputs().get("output/" + output);
    return node.op() instanceof RowSoftmax;
  }

  /// The samples in the shapes that the model takes, targets and weights of the outputs that have
  /// goals; an error where they cannot be.
  static Samples samples(String where, Network network, Compilation compilation, Samples samples) {
    Goals goals = Goals.of(network, compilation);
    return new Alignment(where, network, goals, samples).samples();
  }

  /// The inputs in the shapes that the model takes.
  static List<Tensor> inputs(String where, Network network, List<Tensor> x) {
    int wanted = network.topology().inputs().size();
    if (x.size() != wanted) {
      throw Refusal.of(
          where,
          "a tensor for each of the " + wanted + " inputs",
          "tensors",
          x.size(),
          "Give as many tensors x as the model has inputs.");
    }
    List<Tensor> fitting = new ArrayList<>();
    for (int i = 0; i < wanted; i++) {
      fitting.add(input(where, network, i, x.get(i)));
    }
    return fitting;
  }

  private static Tensor input(String where, Network network, int i, Tensor data) {
    Shape wanted = network.input(i).shape();
    Shape given = data.shape();
    String layer = network.inputName(i) + " (InputLayer)";
    if (given.rank() == 0 || given.dim(0) == 0) {
      throw Refusal.of(where + ": " + layer, "at least one sample", "shape", given, "Give data.");
    }
    Shape row = given.slice(1, given.rank());
    boolean one =
        row.size() == wanted.size()
            && (row.equals(wanted) || row.append(1).equals(wanted) || wanted.append(1).equals(row));
    if (!one) {
      throw Refusal.of(
          where + ": " + layer,
          "samples of shape " + wanted.prepend(Shape.OPEN),
          "shape",
          given,
          row.size() == wanted.size()
              ? "Use tensor.reshape, or another Input."
              : "Change the data, or the model's Input.");
    }
    if (data.dtype().floating() && !Scan.finite(data)) {
      throw Refusal.of(
          where + ": " + layer,
          "finite numbers",
          "first",
          Scan.firstNotFinite(data),
          "Remove or replace the samples that hold NaN or infinity.");
    }
    Tensor fitting =
        row.equals(wanted) ? data : data.reshape(wanted.prepend(given.dim(0)).toArray());
    return computed(network, fitting);
  }

  /// float64 data as float32 where the model computes in that, or in less: as Keras does.
  static Tensor computed(Network network, Tensor data) {
    boolean wide = data.dtype() == DType.FLOAT64 && network.precision() != Precision.FLOAT64;
    return wide ? data.cast(DType.FLOAT32) : data;
  }

  /// Warns where pixels up to 255 meet a layer with weights as they are.
  static void pixels(Network network, Compilation compilation, Samples samples) {
    if (samples.x().size() > 1) {
      return;
    }
    Tensor few = samples.x().getFirst().rows(0, Math.min(64, samples.size()));
    if (weighsFirst(network) && Scan.pixels(few)) {
      compilation
          .execution()
          .log()
          .accept(
              "warning: "
                  + network.inputName(0)
                  + ": expected numbers around 0 to 1, received whole numbers up to "
                  + (int) Scan.greatest(few)
                  + ". Add Rescaling.of(1 / 255f) or an adapted Normalization behind the Input if"
                  + " these are pixels.");
    }
  }

  private static boolean weighsFirst(Network network) {
    for (Layer layer : network.topology().layers().values().stream().skip(1).toList()) {
      if (layer instanceof Flatten || layer instanceof Reshape) {
        continue;
      }
      return layer instanceof Dense || layer instanceof Conv2D;
    }
    return false;
  }

  /// Names that callbacks watch must be among the logs.
  static void monitors(List<Callback> callbacks, List<String> logs) {
    for (Callback callback : callbacks) {
      for (String monitor : callback.monitored()) {
        if (!logs.contains(monitor)) {
          throw Monitor.unknown(callback.getClass().getSimpleName(), monitor, logs);
        }
      }
    }
  }
}
