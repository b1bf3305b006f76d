package io.kalamos.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A scope around each test, with the invariant that nothing native outlives it.
abstract class NativeTest {
  static final DataType F32 = DataType.F32;

  Scope scope;
  long stream;
  private long liveBefore;
  private final Random random = new Random(7);

  static Dnnl dnnl() {
    return switch (Dnnl.availability()) {
      case Availability.Loaded(var dnnl) -> dnnl;
      case Availability.Missing(var reason) -> throw new AssertionError(reason);
    };
  }

  @BeforeEach
  void openScope() {
    liveBefore = Scope.live();
    scope = new Scope(dnnl());
    stream = scope.stream();
  }

  @AfterEach
  void nothingLeaks() {
    assertTrue(Scope.live() > liveBefore, "the stream at least is alive");
    scope.close();
    assertEquals(liveBefore, Scope.live(), "native objects alive after close");
  }

  MemorySegment floats(int count) {
    return scope.allocate(4L * count);
  }

  /// Native memory with values in -1..1, rounded to bfloat16 so that they are exact in both types.
  MemorySegment randomFloats(int count) {
    var segment = floats(count);
    for (int i = 0; i < count; i++) {
      int bits = Float.floatToRawIntBits(random.nextFloat() * 2 - 1) & 0xffff0000;
      segment.setAtIndex(JAVA_FLOAT, i, Float.intBitsToFloat(bits));
    }
    return segment;
  }

  MemorySegment toBf16(MemorySegment floats) {
    int count = (int) (floats.byteSize() / 4);
    var segment = scope.allocate(2L * count);
    for (int i = 0; i < count; i++) {
      int bits = Float.floatToRawIntBits(floats.getAtIndex(JAVA_FLOAT, i));
      segment.setAtIndex(JAVA_SHORT, i, (short) (bits >>> 16));
    }
    return segment;
  }

  static float at(MemorySegment segment, long index) {
    return segment.getAtIndex(JAVA_FLOAT, index);
  }

  /// Binds a candidate to its data and to a fresh scratchpad, and runs it once.
  Execution run(Candidate candidate, Map<Arg, MemorySegment> data) {
    var addresses = new EnumMap<Arg, Long>(Arg.class);
    data.forEach((arg, segment) -> addresses.put(arg, segment.address()));
    if (candidate.scratchpadBytes() > 0) {
      addresses.put(Arg.SCRATCHPAD, scope.allocate(candidate.scratchpadBytes()).address());
    }
    var execution = candidate.bind(addresses);
    execution.run(stream);
    return execution;
  }

  static void assertClose(double[] expected, MemorySegment actual, double tolerance, Object what) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], at(actual, i), tolerance, what + " at " + i);
    }
  }
}
