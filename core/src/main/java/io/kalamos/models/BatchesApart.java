package io.kalamos.models;

import io.kalamos.engine.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// A pass in which each thread takes batches of its own, as fast as it comes, and waits for no
/// other one. What they found is added in the order of the batches, so no sum depends on who was
/// first.
final class BatchesApart {
  /// With fewer batches the threads would wait long for the last one.
  static final int FEWEST = 4;

  /// So many results are kept before they are added.
  private static final int KEPT = 64;

  private final List<Programs.Compiled> programs;
  private final RowBatches batches;
  private final int count;
  private final List<Map<String, Tensor>> results = new ArrayList<>();

  /// @param programs one for each thread, with the data bound
  /// @param batches opened at the beginning
  /// @param count how many of them, all of full size
  BatchesApart(List<Programs.Compiled> programs, RowBatches batches, int count) {
    this.programs = programs;
    this.batches = batches;
    this.count = count;
    for (int i = 0; i < Math.min(KEPT, count); i++) {
      results.add(new LinkedHashMap<>());
    }
  }

  void addTo(Tally tally) {
    for (int first = 0; first < count; first += KEPT) {
      int end = Math.min(count, first + KEPT);
      AtomicInteger next = new AtomicInteger(first);
      programs.parallelStream().forEach(program -> run(program, next, end));
      for (int i = first; i < end; i++) {
        tally.add(results.get(i - first), batches.fullSize());
      }
    }
  }

  private void run(Programs.Compiled compiled, AtomicInteger next, int end) {
    for (int i = next.getAndIncrement(); i < end; i = next.getAndIncrement()) {
      compiled.program().run(batches.rows(), i * batches.fullSize(), 0);
      keep(compiled, results.get(i % KEPT));
    }
  }

  private static void keep(Programs.Compiled compiled, Map<String, Tensor> kept) {
    for (String name : compiled.graph().outputs().keySet()) {
      Tensor result = compiled.program().output(name);
      kept.computeIfAbsent(name, _ -> Tensor.zeros(result.dtype(), result.shape()))
          .copyFrom(result);
    }
  }
}
