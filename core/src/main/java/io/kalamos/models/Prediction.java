package io.kalamos.models;

import io.kalamos.engine.Program;
import io.kalamos.engine.Tensor;
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

  private static List<Tensor> run(
      Network network, Predictors.Predictor predictor, List<Tensor> x, int batch) {
    Program program = predictor.program();
    for (int i = 0; i < x.size(); i++) {
      program.bind(StepGraph.input(network, i), x.get(i));
    }
    int samples = x.getFirst().shape().dim(0);
    List<Tensor> results = new ArrayList<>();
    for (int i = 0; i < network.topology().outputs().size(); i++) {
      results.add(
          Tensor.zeros(
              network.precision().variableType(), network.outputShape(i).with(0, samples)));
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
