package io.kalamos.onednn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One implementation of a problem: its name, the memory it wants, and the way to run it.
///
/// Neither is the first candidate always the fastest nor is it safe: some are plain reference code
/// (see `isReference`), which is a hundred times slower and says so only by its name.
final class Candidate {
  static final String DESTROY = "dnnl_primitive_desc_destroy";

  private static final int LAST_REACHED = 4;
  private static final int QUERY_NAME = 8;
  private static final int QUERY_ARGUMENT = 255;
  private static final int LONGEST_NAME = 256;

  private final Problem problem;
  private final Scope scope;
  private final long descriptor;
  private final String name;
  private Map<Arg, Md> arguments;
  private long primitive;

  private Candidate(Problem problem, Scope scope, long descriptor) {
    this.problem = problem;
    this.scope = scope;
    this.descriptor = descriptor;
    this.name = text(query(scope.dnnl(), descriptor, QUERY_NAME, 0));
  }

  /// The library's own first choice.
  static Candidate first(Scope scope, Problem problem) {
    return upTo(1, scope, problem).getFirst();
  }

  /// Every implementation, in the library's order; at least one, or an exception.
  static List<Candidate> all(Scope scope, Problem problem) {
    return upTo(Integer.MAX_VALUE, scope, problem);
  }

  /// The implementation of this name, such as one chosen by timing in an earlier run.
  static Optional<Candidate> named(String name, Scope scope, Problem problem) {
    try (var temporary = new Scope(scope.dnnl())) {
      var iterator = problem.iterate(temporary);
      do {
        if (text(query(scope.dnnl(), iterator, QUERY_NAME, 0)).equals(name)) {
          return Optional.of(copy(problem, scope, iterator));
        }
      } while (advance(scope.dnnl(), problem, iterator));
      return Optional.empty();
    }
  }

  private static List<Candidate> upTo(int limit, Scope scope, Problem problem) {
    try (var temporary = new Scope(scope.dnnl())) {
      var iterator = problem.iterate(temporary);
      var found = new ArrayList<Candidate>();
      do {
        found.add(copy(problem, scope, iterator));
      } while (found.size() < limit && advance(scope.dnnl(), problem, iterator));
      return found;
    }
  }

  private static boolean advance(Dnnl dnnl, Problem problem, long iterator) {
    var function = "dnnl_primitive_desc_next_impl";
    int status = (int) dnnl.call(function, iterator);
    if (status != LAST_REACHED) {
      Dnnl.check(problem, function, status);
    }
    return status != LAST_REACHED;
  }

  private static Candidate copy(Problem problem, Scope scope, long descriptor) {
    var clone = scope.create(problem, "dnnl_primitive_desc_clone", DESTROY, descriptor);
    return new Candidate(problem, scope, clone);
  }

  /// The same implementation owned by another scope, so that the losers of a trial can be dropped.
  Candidate in(Scope other) {
    return copy(problem, other, descriptor);
  }

  Problem problem() {
    return problem;
  }

  /// The implementation's name, such as `brgemm:avx512_core`.
  String name() {
    return name;
  }

  /// Whether this is the library's slow reference code.
  boolean isReference() {
    return name.startsWith("ref") || name.contains(":ref") || name.contains("ref:");
  }

  /// The memory wanted for an argument, empty if the implementation has no such argument.
  Optional<Md> md(Arg arg) {
    if (!problem.attributes().admits(arg)) {
      return Optional.empty(); // the library would answer with memory it has not initialised
    }
    long md = query(scope.dnnl(), descriptor, QUERY_ARGUMENT, arg.number());
    return md == 0 || Md.rank(scope.dnnl(), md) == 0
        ? Optional.empty()
        : Optional.of(Md.borrowed(scope.dnnl(), md));
  }

  /// Every argument and the memory it wants, scratchpad and workspace included.
  Map<Arg, Md> arguments() {
    if (arguments == null) {
      arguments = wanted();
    }
    return arguments;
  }

  private Map<Arg, Md> wanted() {
    var wanted = new EnumMap<Arg, Md>(Arg.class);
    for (var arg : Arg.values()) {
      var md = md(arg);
      if (md.isPresent()) {
        wanted.put(arg, md.get());
      }
    }
    return wanted;
  }

  /// Bytes of scratchpad a run needs; any memory that no one else uses meanwhile will do.
  long scratchpadBytes() {
    var md = md(Arg.SCRATCHPAD);
    return md.isPresent() ? md.get().bytes() : 0;
  }

  /// A primitive bound to memory: `addresses` gives each of `arguments()` its raw address. All
  /// bindings share the primitive: its scope runs one at a time.
  ///
  /// The caller keeps that memory alive and at least as large as the descriptors say.
  Execution bind(Map<Arg, Long> addresses) {
    var wanted = arguments();
    if (!wanted.keySet().equals(addresses.keySet())) {
      throw new IllegalArgumentException(
          name
              + " of "
              + problem
              + ": expected addresses for "
              + wanted.keySet()
              + ", received addresses="
              + new java.util.TreeSet<>(addresses.keySet())
              + "; give exactly the expected ones.");
    }
    if (primitive == 0) {
      primitive =
          scope.create(problem, "dnnl_primitive_create", "dnnl_primitive_destroy", descriptor);
    }
    return Execution.of(scope, this, primitive, wanted, addresses);
  }

  private static long query(Dnnl dnnl, long descriptor, int what, int index) {
    if (what == QUERY_ARGUMENT) {
      return dnnl.call("dnnl_primitive_desc_query_md", descriptor, what, index);
    }
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(JAVA_LONG);
      dnnl.check("descriptor", "dnnl_primitive_desc_query", descriptor, what, index, out.address());
      return out.get(JAVA_LONG, 0);
    }
  }

  @SuppressWarnings("restricted")
  private static String text(long address) {
    return MemorySegment.ofAddress(address).reinterpret(LONGEST_NAME).getString(0);
  }

  @Override
  public String toString() {
    return name + " of " + problem;
  }
}
