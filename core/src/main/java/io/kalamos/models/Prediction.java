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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/// Predictions of many samples. Rows do not depend on each other, so the last batch repeats rows
/// instead of having a program of its own; and where there are many batches each thread takes parts
/// of batches of its own, as fast as it comes, and waits for no other one.
final class Prediction {
  private final Network network;
  private final Predictors predictors;
  private final Predictors.Kind kind;
  private final AtomicReferenceArray<Predictors.Predictor> free;
  private final List<Tensor> x;
  private final int samples;
  private final List<Tensor> results;
  private final AtomicInteger next = new AtomicInteger();

  private Prediction(Network network, Predictors predictors, Predictors.Kind kind, List<Tensor> x) {
    this.network = network;
    this.predictors = predictors;
    this.kind = kind;
    this.free = predictors.free(kind);
    this.x = x;
    this.samples = x.getFirst().shape().dim(0);
    Predictors.Predictor predictor = predictors.take(kind, free);
    this.results = results(network, predictor.program(), samples);
    predictors.giveBack(predictor, free);
  }

  static List<Tensor> of(Network network, Predictors predictors, List<Tensor> x, int batchSize) {
    int samples = x.getFirst().shape().dim(0);
    int batch = samples >= batchSize ? batchSize : powerOfTwo(samples, batchSize);
    int batches = (samples + batch - 1) / batch;
    int threads = predictors.threads();
    boolean apart = threads > 1 && batches >= BatchesApart.FEWEST && batch >= threads;
    int size = apart ? (batch + threads - 1) / threads : batch;
    Predictors.Kind kind = new Predictors.Kind(Signature.of(size, x), apart || batch == 1);
    Prediction prediction = new Prediction(network, predictors, kind, x);
    if (apart) {
      IntStream.range(0, threads).parallel().forEach(thread -> prediction.work());
    } else {
      prediction.work();
    }
    return prediction.results;
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

  private static List<Tensor> results(Network network, Program program, int samples) {
    List<Tensor> results = new ArrayList<>();
    for (int i = 0; i < network.topology().outputs().size(); i++) {
      DType type = program.output("output/" + i).dtype();
      results.add(Tensor.zeros(type, network.outputShape(i).with(0, samples)));
    }
    return results;
  }

  /// Takes batches as long as there are some.
  private void work() {
    Predictors.Predictor predictor = predictors.take(kind, free);
    try {
      for (int i = 0; i < x.size(); i++) {
        predictor.program().bind(StepGraph.input(network, i), x.get(i));
      }
      int batch = kind.signature().batch();
      int from = next.getAndAdd(batch);
      while (from < samples) {
        run(predictor, from, batch);
        from = next.getAndAdd(batch);
      }
    } finally {
      predictors.giveBack(predictor, free);
    }
  }

  private void run(Predictors.Predictor predictor, int from, int batch) {
    int[] rows = predictor.rows();
    int size = Math.min(batch, samples - from);
    for (int i = 0; i < batch; i++) {
      rows[i] = from + Math.min(i, size - 1);
    }
    Program program = predictor.program();
    program.run(rows, 0, 0);
    for (int i = 0; i < results.size(); i++) {
      Tensor part = program.output("output/" + i);
      Tensor target = results.get(i).rows(from, from + size);
      long bytes = target.size() * target.dtype().bytes();
      MemorySegment.copy(part.memory(), 0, target.memory(), 0, bytes);
    }
  }

  private static int powerOfTwo(int samples, int limit) {
    int batch = 1;
    while (batch < samples) {
      batch *= 2;
    }
    return Math.min(batch, limit);
  }
}
