package io.kalamos.kernels;

/// Turns programs into kernels. Equal programs share one kernel; the kernels and all that is bound
/// from them must not be used after `close`. Safe for use by several threads.
public abstract sealed class KernelCompiler implements AutoCloseable
    permits PortableCompiler, MachineCompiler {
  KernelCompiler() {}

  /// The fastest compiler that this machine and process allow.
  public static KernelCompiler best() {
    return MachineCompiler.create();
  }

  /// Loops over heap arrays: runs everywhere.
  public static KernelCompiler portable() {
    return new PortableCompiler("asked for");
  }

  /// Compiles, or finds the kernel that was compiled before.
  public abstract Kernel compile(KernelProgram program);

  /// `avx512` or `portable`, for humans.
  public abstract String name();

  /// Why this compiler was chosen, for `doctor`.
  public abstract String reason();

  /// Releases the memory of the compiled code.
  @Override
  public abstract void close();
}
