package io.kalamos.onednn;

import io.kalamos.engine.Unit;
import io.kalamos.onednn.OneDnnProgram.Entry;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Times of the steps of the first thread: the least of all runs, which other processes on the
/// machine disturb the least.
final class Profile {
  private static final int FIRST_THREAD = 0;

  private final List<List<List<Entry>>> phases;
  private final long[][] least;

  Profile(List<List<List<Entry>>> phases) {
    this.phases = phases;
    this.least = new long[phases.size()][];
    for (int phase = 0; phase < least.length; phase++) {
      least[phase] = new long[phases.get(phase).get(FIRST_THREAD).size()];
      Arrays.fill(least[phase], Long.MAX_VALUE);
    }
  }

  /// Runs a thread's steps of a phase, taking times in the first thread.
  void run(int phase, int thread, long stream) {
    List<Entry> entries = phases.get(phase).get(thread);
    for (int i = 0; i < entries.size(); i++) {
      long start = System.nanoTime();
      entries.get(i).step().run(stream);
      if (thread == FIRST_THREAD) {
        least[phase][i] = Math.min(least[phase][i], System.nanoTime() - start);
      }
    }
  }

  /// Nanoseconds of each unit; empty before the first run.
  Map<Unit, Long> nanos() {
    Map<Unit, Long> nanos = new IdentityHashMap<>();
    for (int phase = 0; phase < least.length; phase++) {
      for (int i = 0; i < least[phase].length; i++) {
        if (least[phase][i] != Long.MAX_VALUE) {
          nanos.merge(
              phases.get(phase).get(FIRST_THREAD).get(i).unit(), least[phase][i], Long::sum);
        }
      }
    }
    return nanos;
  }
}
