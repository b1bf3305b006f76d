package io.kalamos.onednn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.Map;

/// A primitive with its arguments in native memory, to be run any number of times.
///
/// A run makes no Java object. One thread at a time.
final class Execution {
  private static final MethodHandle EXECUTE =
      Dnnl.stub(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG));
  private static final String FUNCTION = "dnnl_primitive_execute";
  private static final int ARGUMENT_BYTES = 16; // an int, padding, a pointer

  private final MemorySegment function;
  private final long primitive;
  private final int count;
  private final long arguments;
  private final Candidate candidate;
  private final Dnnl dnnl;
  private final EnumMap<Arg, Long> memories;

  private Execution(
      Dnnl dnnl, Candidate candidate, long primitive, long arguments, EnumMap<Arg, Long> memories) {
    this.dnnl = dnnl;
    this.candidate = candidate;
    this.function = dnnl.function(FUNCTION);
    this.primitive = primitive;
    this.arguments = arguments;
    this.count = memories.size();
    this.memories = memories;
  }

  static Execution of(
      Scope scope,
      Candidate candidate,
      long primitive,
      Map<Arg, Md> wanted,
      Map<Arg, Long> addresses) {
    var arguments = scope.allocate((long) ARGUMENT_BYTES * wanted.size());
    var memories = new EnumMap<Arg, Long>(Arg.class);
    long offset = 0;
    for (var entry : wanted.entrySet()) {
      var arg = entry.getKey();
      long memory =
          scope.create(
              candidate,
              "dnnl_memory_create",
              "dnnl_memory_destroy",
              entry.getValue().handle(),
              scope.dnnl().engine(),
              addresses.get(arg));
      memories.put(arg, memory);
      arguments.set(JAVA_INT, offset, arg.number());
      arguments.set(JAVA_LONG, offset + 8, memory);
      offset += ARGUMENT_BYTES;
    }
    return new Execution(scope.dnnl(), candidate, primitive, arguments.address(), memories);
  }

  /// Runs the primitive on the calling thread and returns when it is done.
  void run(long stream) {
    int status;
    try {
      status = (int) EXECUTE.invokeExact(function, primitive, stream, count, arguments);
    } catch (Throwable e) {
      throw new AssertionError(FUNCTION, e);
    }
    if (status != 0) {
      throw new DnnlException(FUNCTION, candidate, status);
    }
  }

  /// Moves one argument to another address, such as the next batch.
  void address(Arg arg, long address) {
    dnnl.check(candidate, "dnnl_memory_set_data_handle", memories.get(arg), address);
  }

  Candidate candidate() {
    return candidate;
  }
}
