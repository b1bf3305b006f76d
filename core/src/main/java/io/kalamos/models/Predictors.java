package io.kalamos.models;

import io.kalamos.engine.Backend;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.Program;
import io.kalamos.engine.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Compiled programs for predictions, one for each caller at a time: as many threads as like may
/// predict at once. Taking one and giving it back locks nothing and makes no garbage.
final class Predictors implements AutoCloseable {
  private static final int PLACES = 64;

  private final Network network;
  private final Backend backend;
  private final Execution execution;
  private final Precision precision;
  private final Map<Kind, AtomicReferenceArray<Predictor>> free = new ConcurrentHashMap<>();
  private final AtomicReferenceArray<Predictor> singles = new AtomicReferenceArray<>(PLACES);
  private volatile boolean closed;

  Predictors(Network network, Backend backend, Execution execution) {
    this.network = network;
    this.backend = backend;
    this.execution = execution;
    this.precision = network.precision();
  }

  /// Whether the weights are still in the types that the programs are for.
  ///
  /// @throws IllegalArgumentException where an inner model's are in others
  boolean current(String where) {
    network.checkInner(where);
    return network.precision() == precision;
  }

  /// A program with the rows it reads next.
  ///
  /// @param sample the memory of a single sample, bound for good; empty where callers bind data
  record Predictor(Program program, int[] rows, Optional<Tensor> sample) {}

  /// What programs are for.
  ///
  /// @param alone whether one thread runs a batch, while others may run other batches; else all
  ///   threads share it
  record Kind(Signature signature, boolean alone) {}

  /// The free programs of one kind; to be asked for once where calls must make no garbage.
  AtomicReferenceArray<Predictor> free(Kind kind) {
    return free.computeIfAbsent(kind, key -> new AtomicReferenceArray<>(PLACES));
  }

  /// How many threads predictions may use.
  int threads() {
    return execution.threads();
  }

  /// The free programs that have memory for one sample.
  AtomicReferenceArray<Predictor> singles() {
    return singles;
  }

  Predictor take(Kind kind, AtomicReferenceArray<Predictor> places) {
    int start = (int) Thread.currentThread().threadId();
    for (int i = 0; i < PLACES; i++) {
      int place = (start + i) & (PLACES - 1);
      Predictor predictor = places.getPlain(place);
      if (predictor != null) {
        predictor = places.getAndSet(place, null);
        if (predictor != null) {
          return predictor;
        }
      }
    }
    return compile(kind, places);
  }

  void giveBack(Predictor predictor, AtomicReferenceArray<Predictor> places) {
    int start = (int) Thread.currentThread().threadId();
    for (int i = 0; i < PLACES && !closed; i++) {
      if (places.compareAndSet((start + i) & (PLACES - 1), null, predictor)) {
        return;
      }
    }
    predictor.program().close();
  }

  private Predictor compile(Kind kind, AtomicReferenceArray<Predictor> places) {
    Signature signature = kind.signature();
    int threads = kind.alone() ? 1 : execution.threads();
    Program program =
        backend.compile(
            StepGraph.prediction(network, signature),
            new CompileOptions(execution.seed(), threads, false));
    if (places != singles) {
      return new Predictor(program, new int[signature.batch()], Optional.empty());
    }
    Signature.Feed feed = signature.x().getFirst();
    Tensor sample = Tensor.zeros(feed.dtype(), feed.row().prepend(1));
    program.bind(StepGraph.input(network, 0), sample);
    return new Predictor(program, new int[1], Optional.of(sample));
  }

  /// Frees the programs that nobody uses; those in use are freed when they come back.
  @Override
  public void close() {
    closed = true;
    List<AtomicReferenceArray<Predictor>> all = new ArrayList<>(free.values());
    all.add(singles);
    for (AtomicReferenceArray<Predictor> places : all) {
      for (int i = 0; i < PLACES; i++) {
        Predictor predictor = places.getAndSet(i, null);
        if (predictor != null) {
          predictor.program().close();
        }
      }
    }
  }
}
