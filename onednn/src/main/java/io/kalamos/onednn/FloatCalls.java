package io.kalamos.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The few functions with float parameters, each shape with a call stub made on first use.
///
/// The order of floats among integers matters on Windows, so that these cannot share a stub.
final class FloatCalls {
  private FloatCalls() {}

  private static final class Eltwise {
    static final MethodHandle CALL =
        Dnnl.stub(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_FLOAT, JAVA_FLOAT));
  }

  private static final class Sum {
    static final MethodHandle CALL =
        Dnnl.stub(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_FLOAT, JAVA_LONG, JAVA_LONG));
  }

  private static final class SixThenTwoFloats {
    static final MethodHandle CALL =
        Dnnl.stub(
            FunctionDescriptor.of(
                JAVA_INT,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_FLOAT,
                JAVA_FLOAT,
                JAVA_LONG,
                JAVA_LONG));
  }

  private static final class FiveThenTwoFloats {
    static final MethodHandle CALL =
        Dnnl.stub(
            FunctionDescriptor.of(
                JAVA_INT,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_FLOAT,
                JAVA_FLOAT,
                JAVA_LONG));
  }

  static int appendEltwise(MemorySegment function, long ops, Attributes.PostOp.Eltwise e) {
    try {
      return (int)
          Eltwise.CALL.invokeExact(function, ops, (long) e.kind().code(), e.alpha(), e.beta());
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  static int appendSum(MemorySegment function, long ops, float scale) {
    try {
      return (int) Sum.CALL.invokeExact(function, ops, scale, 0L, 0L);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /// Eltwise forward (one trailing address, the second is not read) and backward (two).
  static int eltwise(
      MemorySegment f, long[] six, float alpha, float beta, long seventh, long eighth) {
    try {
      return (int)
          SixThenTwoFloats.CALL.invokeExact(
              f, six[0], six[1], six[2], six[3], six[4], six[5], alpha, beta, seventh, eighth);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  static int reduction(MemorySegment f, long[] five, float p, float eps, long attributes) {
    try {
      return (int)
          FiveThenTwoFloats.CALL.invokeExact(
              f, five[0], five[1], five[2], five[3], five[4], p, eps, attributes);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  private static AssertionError unexpected(Throwable t) {
    return new AssertionError("a call stub throws nothing", t);
  }
}
