package io.kalamos.onednn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// The owner of native objects: whatever is made in a scope is destroyed, last first, when it
/// closes.
///
/// A scope is for one thread at a time, as are the primitives made in it.
final class Scope implements AutoCloseable {
  private static final AtomicLong LIVE = new AtomicLong();

  private record Owned(String destroy, long handle) {}

  private final Dnnl dnnl;
  private final List<Owned> owned = new ArrayList<>();
  private final Map<String, Candidate> chosen = new HashMap<>();
  private Arena arena;
  private boolean closed;

  Scope(Dnnl dnnl) {
    this.dnnl = dnnl;
  }

  /// Native objects of all scopes that are not yet destroyed.
  static long live() {
    return LIVE.get();
  }

  Dnnl dnnl() {
    return dnnl;
  }

  /// A stream for one thread, as a handle.
  long stream() {
    return create("cpu", "dnnl_stream_create", "dnnl_stream_destroy", dnnl.engine(), 1);
  }

  /// Calls a function that writes a new handle to its first argument, and owns that handle.
  long create(Object subject, String function, String destroy, long... arguments) {
    open();
    try (var local = Arena.ofConfined()) {
      var out = local.allocate(JAVA_LONG);
      var all = new long[arguments.length + 1];
      all[0] = out.address();
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      dnnl.check(subject, function, all);
      return own(destroy, out.get(JAVA_LONG, 0));
    }
  }

  /// Takes over a handle that was made elsewhere.
  long own(String destroy, long handle) {
    owned.add(new Owned(destroy, handle));
    LIVE.incrementAndGet();
    return handle;
  }

  /// The implementation that was chosen here for a problem, or that is chosen now: the steps of a
  /// recurrent layer have the same problems, which are described, chosen and compiled once.
  Candidate chosen(Problem problem, Supplier<Candidate> choice) {
    String key = problem.toString();
    Candidate known = chosen.get(key);
    if (known == null) {
      known = choice.get();
      chosen.put(key, known);
    }
    return known;
  }

  /// Native memory that lives as long as this scope.
  MemorySegment allocate(long bytes) {
    open();
    if (arena == null) {
      arena = Arena.ofShared();
    }
    return arena.allocate(bytes, 64);
  }

  private void open() {
    if (closed) {
      throw new IllegalStateException(
          "Scope: expected an open scope, received closed=true; make native objects before close.");
    }
  }

  @Override
  public void close() {
    closed = true;
    while (!owned.isEmpty()) {
      var last = owned.removeLast();
      LIVE.decrementAndGet();
      dnnl.check("scope", last.destroy, last.handle);
    }
    if (arena != null) {
      arena.close();
      arena = null;
    }
  }
}
