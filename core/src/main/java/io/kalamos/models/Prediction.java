package io.kalamos.models;

import io.kalamos.data.Dataset;
import io.kalamos.data.Element;
import io.kalamos.data.Elements;
import io.kalamos.engine.DType;
import io.kalamos.engine.Program;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Predictions of many samples. Rows do not depend on each other, so the last batch repeats rows
/// instead of having a program of its own.
final class Prediction {
  private Prediction() {}

  static List<Tensor> of(Network network, Predictors predictors, List<Tensor> x, int batchSize) {
    int samples = x.getFirst().shape().dim(0);
    int batch = samples >= batchSize ? batchSize : powerOfTwo(samples, batchSize);
    Signature signature = Signature.of(batch, x);
    AtomicReferenceArray<Predictors.Predictor> free = predictors.free(signature);
    Predictors.Predictor predictor = predictors.take(signature, free);
    try {
      return run(network, predictor, x, batch);
    } finally {
      predictors.giveBack(predictor, free);
    }
  }

  /// The outputs for all batches of a dataset.
  static List<Tensor> of(Network network, Predictors predictors, Dataset dataset) {
    FitCall.endless("predict", "take", dataset, false);
    List<List<Tensor>> parts = new ArrayList<>();
    try (Elements elements = dataset.elements()) {
      while (elements.hasNext()) {
        Element batch = elements.next();
        DatasetBatches.batched("predict", network, batch);
        List<Tensor> x = Checks.inputs("predict", network, batch.x());
        parts.add(of(network, predictors, x, x.getFirst().shape().dim(0)));
        elements.reuse(batch);
      }
    }
    if (parts.isEmpty()) {
      throw Refusal.of(
          "predict", "at least one batch", "dataset", dataset, "Give data that hold something.");
    }
    List<Tensor> results = new ArrayList<>();
    for (int i = 0; i < parts.getFirst().size(); i++) {
      int output = i;
      results.add(joined(parts.stream().map(part -> part.get(output)).toList()));
    }
    return results;
  }

  private static Tensor joined(List<Tensor> parts) {
    int rows = parts.stream().mapToInt(part -> part.shape().dim(0)).sum();
    Tensor first = parts.getFirst();
    Tensor all = Tensor.zeros(first.dtype(), first.shape().with(0, rows));
    int from = 0;
    for (Tensor part : parts) {
      int to = from + part.shape().dim(0);
      all.rows(from, to).copyFrom(part);
      from = to;
    }
    return all;
  }

  private static List<Tensor> run(
      Network network, Predictors.Predictor predictor, List<Tensor> x, int batch) {
    Program program = predictor.program();
    for (int i = 0; i < x.size(); i++) {
      program.bind(StepGraph.input(network, i), x.get(i));
    }
    int samples = x.getFirst().shape().dim(0);
    List<Tensor> results = new ArrayList<>();
    for (int i = 0; i < network.topology().outputs().size(); i++) {
      DType type = program.output("output/" + i).dtype();
      results.add(Tensor.zeros(type, network.outputShape(i).with(0, samples)));
    }
    int[] rows = predictor.rows();
    for (int from = 0; from < samples; from += batch) {
      int size = Math.min(batch, samples - from);
      for (int i = 0; i < batch; i++) {
        rows[i] = from + Math.min(i, size - 1);
      }
      program.run(rows, 0, 0);
      for (int i = 0; i < results.size(); i++) {
        Tensor part = program.output("output/" + i);
        Tensor target = results.get(i).rows(from, from + size);
        long bytes = target.size() * target.dtype().bytes();
        MemorySegment.copy(part.memory(), 0, target.memory(), 0, bytes);
      }
    }
    return results;
  }

  private static int powerOfTwo(int samples, int limit) {
    int batch = 1;
    while (batch < samples) {
      batch *= 2;
    }
    return Math.min(batch, limit);
  }
}
