package io.kalamos.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.engine.Binary;
import io.kalamos.engine.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class DenormalTest {
  private static float half(KernelCompiler compiler, float value) {
    ProgramBuilder program = KernelProgram.builder(1);
    int x = program.full(DType.FLOAT32);
    program.store(DType.FLOAT32, program.combine(Binary.MULTIPLY, x, program.constant(0.5)));
    try (var arena = Arena.ofConfined()) {
      var memory = arena.allocate(4, 64);
      memory.set(ValueLayout.JAVA_FLOAT, 0, value);
      long[] address = {memory.address()};
      try (var kernel = compiler.compile(program.build()).bind(address, address, 1, 0)) {
        kernel.run();
      }
      return memory.get(ValueLayout.JAVA_FLOAT, 0);
    }
  }

  @Test
  void flushesOnlyWhenAsked() {
    try (KernelCompiler compiler = KernelCompiler.best()) {
      assertEquals(5e-39f, half(compiler, 1e-38f));
      compiler.flushDenormals(true);
      float flushed = half(compiler, 1e-38f);
      compiler.flushDenormals(false);
      assertEquals(compiler.name().equals("avx512") ? 0 : 5e-39f, flushed);
      assertEquals(5e-39f, half(compiler, 1e-38f));
      assertEquals(Float.MIN_VALUE, Math.nextUp(0f) * 1f);
    }
  }
}
