package io.kalamos.models;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Predictions of one sample at a time.
final class Single {
  private static final int[] FIRST = {0};
  private static final String OUTPUT = "output/0";

  private final Network network;
  private final Predictors predictors;
  private final Predictors.Kind kind;
  private final AtomicReferenceArray<Predictors.Predictor> free;
  private final int inputs;
  private final int results;

  Single(Network network, Predictors predictors) {
    if (network.topology().inputs().size() != 1) {
      throw Refusal.of(
          "predict",
          "a model with one input",
          "inputs",
          network.topology().inputs().size(),
          "Use predict(tensors, batchSize).");
    }
    Shape shape = network.input(0).shape();
    this.network = network;
    this.predictors = predictors;
    Signature.Feed feed = new Signature.Feed(shape, DType.FLOAT32);
    this.kind = new Predictors.Kind(Signature.prediction(1, List.of(feed)), true);
    this.free = predictors.singles();
    this.inputs = Math.toIntExact(shape.size());
    this.results = Math.toIntExact(network.outputShape(0).rowSize());
  }

  /// Whether the programs are for the weights of now.
  boolean current() {
    return predictors.current("predict");
  }

  void predict(float[] sample, float[] result) {
    if (sample.length != inputs) {
      throw Refusal.of(
          "predict",
          inputs + " numbers for shape " + network.input(0).shape(),
          "sample.length",
          sample.length,
          "Give one sample, row-major.");
    }
    if (result.length != results) {
      throw Refusal.of(
          "predict",
          "room for " + results + " numbers",
          "result.length",
          result.length,
          "Make the array as long as one row of the output.");
    }
    Predictors.Predictor predictor = predictors.take(kind, free);
    try {
      MemorySegment data = predictor.sample().orElseThrow().memory();
      MemorySegment.copy(sample, 0, data, ValueLayout.JAVA_FLOAT, 0, sample.length);
      predictor.program().run(FIRST, 0, 0);
      copy(predictor.program().output(OUTPUT), result);
    } finally {
      predictors.giveBack(predictor, free);
    }
  }

  private static void copy(Tensor output, float[] result) {
    if (output.dtype() == DType.FLOAT32) {
      MemorySegment.copy(output.memory(), ValueLayout.JAVA_FLOAT, 0, result, 0, result.length);
    } else {
      for (int i = 0; i < result.length; i++) {
        result[i] = (float) output.get(i);
      }
    }
  }
}
