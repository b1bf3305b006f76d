package io.kalamos.kernels;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.engine.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Rows are asked for before their turn, but the index array is never read beyond its end: here the
/// next byte lies in a page that must not be touched, and a read of it ends the process.
@EnabledOnOs(OS.LINUX)
@SuppressWarnings("restricted")
class GatherTest {
  private static final int PAGE = 4096;
  private static final int NO_ACCESS = 0;
  private static final int READ_WRITE = 3;
  private static final int PRIVATE_ANONYMOUS = 0x22;

  @ParameterizedTest
  @MethodSource("io.kalamos.kernels.Compilers#all")
  void readsNothingBehindTheIndexArray(KernelCompiler compiler) throws Throwable {
    long pages = call("mmap", 0, 2 * PAGE, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
    assertEquals(0, (int) call("mprotect", pages + PAGE, PAGE, NO_ACCESS, 0, 0, 0));
    try {
      for (int columns : new int[] {1, 3, 62, 65, 128, 150, 784}) {
        for (boolean sum : new boolean[] {false, true}) {
          Kernel kernel = compiler.compile(gather(columns, sum));
          for (int rows = 1; rows < 100; rows += rows < 8 ? 1 : 13) {
            check(kernel, pages + PAGE - 4L * rows, rows);
          }
        }
      }
    } finally {
      call("munmap", pages, 2 * PAGE, 0, 0, 0, 0);
    }
  }

  private static KernelProgram gather(int columns, boolean sum) {
    ProgramBuilder builder = KernelProgram.builder(columns);
    int value = builder.gathered(DType.UINT8);
    builder.store(DType.FLOAT32, value);
    return sum ? builder.sumColumns(value, false).build() : builder.build();
  }

  private static void check(Kernel kernel, long index, int rows) {
    int columns = kernel.program().columns();
    MemorySegment numbers = MemorySegment.ofAddress(index).reinterpret(4L * rows);
    for (int r = 0; r < rows; r++) {
      numbers.setAtIndex(JAVA_INT, r, r * 7 % 11);
    }
    try (Arena arena = Arena.ofConfined()) {
      Memory pictures = Memory.of(arena, DType.UINT8, 11 * columns);
      for (int i = 0; i < pictures.size(); i++) {
        pictures.set(i, i * 37 % 256);
      }
      Memory result = Memory.of(arena, DType.FLOAT32, rows * columns);
      Memory sums = Memory.of(arena, DType.FLOAT32, columns);
      long[] outputs = {result.address(), sums.address()};
      outputs = Arrays.copyOf(outputs, kernel.program().outputs().size());
      try (BoundKernel bound =
          kernel.bind(new long[] {pictures.address(), index}, outputs, rows, 0)) {
        bound.run();
      }
      for (int i = 0; i < result.size(); i++) {
        int from = i / columns * 7 % 11 * columns + i % columns;
        assertEquals(pictures.get(from), result.get(i), columns + " columns, element " + i);
      }
      result.assertGuards("result");
    }
  }

  private static long call(String name, long a, long b, long c, long d, long e, long f)
      throws Throwable {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor shape =
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    MemorySegment function = linker.defaultLookup().findOrThrow(name);
    return (long) linker.downcallHandle(function, shape).invokeExact(a, b, c, d, e, f);
  }
}
