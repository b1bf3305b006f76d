package io.kalamos.kernels;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Executable memory: pages are mapped, written once and only then made executable, never both.
@SuppressWarnings("restricted")
final class CodeArena implements AutoCloseable {
  private static final int PAGE = 4096;
  private static final int CHUNK = 256 * PAGE;
  private static final int READ_WRITE = 3;
  private static final int READ_EXECUTE = 5;
  private static final int PRIVATE_ANONYMOUS = 0x22;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBRARY = LINKER.defaultLookup();

  /// Arguments of the one shape that serves all calls of the system: narrower results are cut by
  /// the caller, surplus arguments ignored by the callee. It is the shape of the oneDNN module too,
  /// because the linker keeps the code of a shape and each distinct one costs time at start.
  private static final int WIDTH = 13;

  private static final MethodHandle CALL = LINKER.downcallHandle(shape());
  private static final MemorySegment MAP = LIBRARY.findOrThrow("mmap");
  private static final MemorySegment PROTECT = LIBRARY.findOrThrow("mprotect");
  private static final MemorySegment UNMAP = LIBRARY.findOrThrow("munmap");

  private final List<MemorySegment> chunks = new ArrayList<>();
  private long used;

  /// Copies code to fresh pages and returns its address; throws `IllegalStateException` where the
  /// system refuses executable memory.
  synchronized MemorySegment add(byte[] code) {
    long bytes = code.length + PAGE - 1 & -PAGE;
    if (chunks.isEmpty() || used + bytes > chunks.getLast().byteSize()) {
      long size = Math.max(CHUNK, bytes);
      long address = call(MAP, 0, size, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
      if (address == -1) {
        throw new IllegalStateException("the system refuses to map memory");
      }
      chunks.add(MemorySegment.ofAddress(address).reinterpret(size));
      used = 0;
    }
    MemorySegment pages = chunks.getLast().asSlice(used, bytes);
    MemorySegment.copy(code, 0, pages, JAVA_BYTE, 0, code.length);
    if ((int) call(PROTECT, pages.address(), bytes, READ_EXECUTE, 0, 0, 0) != 0) {
      throw new IllegalStateException("the system refuses executable memory");
    }
    used += bytes;
    return MemorySegment.ofAddress(pages.address());
  }

  private static FunctionDescriptor shape() {
    MemoryLayout[] parameters = new MemoryLayout[WIDTH];
    Arrays.fill(parameters, JAVA_LONG);
    return FunctionDescriptor.of(JAVA_LONG, parameters);
  }

  private static long call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) CALL.invokeExact(function, a, b, c, d, e, f, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
    } catch (Throwable error) {
      throw new IllegalStateException("a call of the C library failed", error);
    }
  }

  @Override
  public synchronized void close() {
    for (MemorySegment chunk : chunks) {
      call(UNMAP, chunk.address(), chunk.byteSize(), 0, 0, 0, 0);
    }
    chunks.clear();
  }
}
