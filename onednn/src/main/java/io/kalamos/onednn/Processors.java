package io.kalamos.onednn;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Optional;

/// Where threads run, and how to move them; on Linux, elsewhere nothing happens.
///
/// The system looks for an idle processor when a thread wakes up. Threads whose steps follow each
/// other within microseconds never sleep, so two of them can stay one behind the other on a
/// processor for tens of steps while another one is idle, which doubles the time of each. Who does
/// not start is therefore sent away from the processors of the others.
final class Processors {
  /// Bytes of the system's set of processors.
  private static final int MASK = 128;

  private static final Optional<Calls> CALLS = find();

  private record Calls(
      MemorySegment here, MemorySegment thread, MemorySegment affinity, BitSet allowed) {}

  private Processors() {}

  private static Optional<Calls> find() {
    var library = Linker.nativeLinker().defaultLookup();
    var here = library.find("sched_getcpu");
    var thread = library.find("gettid");
    var read = library.find("sched_getaffinity");
    var write = library.find("sched_setaffinity");
    if (here.isEmpty() || thread.isEmpty() || read.isEmpty() || write.isEmpty()) {
      return Optional.empty();
    }
    try (var arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(MASK, 8);
      if ((int) Dnnl.call(read.get(), 0, MASK, mask.address()) < 0) {
        return Optional.empty();
      }
      BitSet allowed = BitSet.valueOf(mask.toArray(JAVA_BYTE));
      return Optional.of(new Calls(here.get(), thread.get(), write.get(), allowed));
    }
  }

  /// The processor that the caller runs on; -1 where that is unknown.
  static int here() {
    return CALLS.isPresent() ? (int) Dnnl.call(CALLS.get().here) : -1;
  }

  /// The system's number of the calling thread; -1 where that is unknown.
  static int thread() {
    return CALLS.isPresent() ? (int) Dnnl.call(CALLS.get().thread) : -1;
  }

  /// Sends a thread away from processors, if others are left to this process; says whether it did.
  static boolean avoid(int thread, BitSet taken) {
    if (CALLS.isEmpty() || thread < 0) {
      return false;
    }
    BitSet left = (BitSet) CALLS.get().allowed.clone();
    left.andNot(taken);
    if (left.isEmpty()) {
      return false;
    }
    try (var arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(MASK, 8);
      byte[] bytes = left.toByteArray();
      MemorySegment.copy(bytes, 0, mask, JAVA_BYTE, 0, bytes.length);
      return (int) Dnnl.call(CALLS.get().affinity, thread, MASK, mask.address()) == 0;
    }
  }
}
