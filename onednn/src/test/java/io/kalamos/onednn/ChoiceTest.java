package io.kalamos.onednn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChoiceTest {
  private final Dnnl dnnl = ((Availability.Loaded) Dnnl.availability()).dnnl();

  /// The gradient of a dense kernel: several implementations add up the batch in the same order.
  private Problem kernelGradient(Scope scope, long rows, long inputs, long units) {
    return new Problem.MatMul(
        Md.strided(scope, DataType.F32, new long[] {inputs, rows}, new long[] {1, inputs}),
        Md.of(scope, DataType.F32, rows, units),
        Md.none(scope),
        Md.of(scope, DataType.F32, inputs, units),
        Attributes.NONE);
  }

  private static float[] run(Scope scope, Candidate candidate) {
    Map<Arg, Long> addresses = new EnumMap<>(Arg.class);
    MemorySegment[] result = new MemorySegment[1];
    candidate
        .arguments()
        .forEach(
            (arg, md) -> {
              MemorySegment memory = scope.allocate(Math.max(1, md.bytes()));
              for (long i = 0; i < md.bytes() / 4; i++) {
                float value = (float) Math.sin(arg.number() + i * 0.37);
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
              }
              if (arg == Arg.DST) {
                result[0] = memory;
              }
              addresses.put(arg, memory.address());
            });
    candidate.bind(addresses).run(scope.stream());
    return result[0].toArray(ValueLayout.JAVA_FLOAT);
  }

  @Test
  void theFastestHasTheBitsOfTheRulingOne() {
    try (Scope scope = new Scope(dnnl)) {
      for (long units : new long[] {10, 64, 150}) {
        Problem problem = kernelGradient(scope, 48, 300, units);
        Candidate ruling = Choice.ruling(scope, problem);
        Candidate chosen = Choice.best(scope, problem);
        Candidate remembered = Choice.best(scope, problem);
        assertArrayEquals(run(scope, ruling), run(scope, chosen));
        assertEquals(chosen.name(), remembered.name());
        assertFalse(chosen.isReference());
      }
    }
  }

  @Test
  void fewChannelsAreConvolvedDirectly() {
    try (Scope scope = new Scope(dnnl)) {
      org.junit.jupiter.api.Assumptions.assumeTrue(dnnl.isa().avx512());
      Problem problem =
          new Problem.ConvBackwardData(
              Md.channelsLast(scope, DataType.F32, 4, 8, 26, 26),
              Md.any(scope, DataType.F32, 16, 8, 3, 3),
              Md.channelsLast(scope, DataType.F32, 4, 16, 24, 24),
              Window.square(1, 0, 0),
              Attributes.NONE);
      assertEquals("jit:avx512_core", Choice.ruling(scope, problem).name());
    }
  }
}
