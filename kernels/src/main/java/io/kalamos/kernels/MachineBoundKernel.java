package io.kalamos.kernels;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The frame of one kernel; a run is one call with its address.
@SuppressWarnings("restricted")
final class MachineBoundKernel extends BoundKernel {
  private static final MethodHandle RUN =
      Linker.nativeLinker().downcallHandle(FunctionDescriptor.ofVoid(JAVA_LONG));

  private final Arena arena;
  private final MemorySegment frame;
  private final MemorySegment code;
  private final long address;
  private final int inputs;
  private final int columns;

  MachineBoundKernel(
      Arena arena, MemorySegment frame, MemorySegment code, int inputs, int columns) {
    this.arena = arena;
    this.frame = frame;
    this.code = code;
    this.inputs = inputs;
    this.columns = columns;
    address = frame.address();
  }

  @Override
  public void run() {
    call(code, address);
  }

  /// Calls code that takes one address.
  static void call(MemorySegment code, long address) {
    try {
      RUN.invokeExact(code, address);
    } catch (Throwable error) {
      throw new IllegalStateException("the call of a kernel failed", error);
    }
  }

  /// What the code left in a place of the frame.
  long number(int slot) {
    return frame.get(JAVA_LONG, slot);
  }

  @Override
  public void rebindInput(int input, long address) {
    frame.set(JAVA_LONG, Frame.INPUTS + 8L * input, address);
  }

  @Override
  public void rebindOutput(int output, long address) {
    frame.set(JAVA_LONG, Frame.INPUTS + 8L * (inputs + output), address);
  }

  @Override
  public void rebindRows(long rows, long firstRow) {
    frame.set(JAVA_LONG, Frame.ROWS, rows);
    frame.set(JAVA_LONG, Frame.FIRST_ELEMENT, firstRow * columns);
  }

  @Override
  public void close() {
    arena.close();
  }
}
