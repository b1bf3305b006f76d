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

  /// Whether [#pooledConvolution] and its gradient have code here for these sizes.
  public abstract boolean compiles(PooledConvolution shape);

  /// The forward pass over `rows` pictures; inputs: pictures, kernel, bias; outputs: results and
  /// winners, one byte per result.
  public abstract BoundKernel pooledConvolution(
      PooledConvolution shape, long[] inputs, long[] outputs, long rows);

  /// The gradients of kernel and bias, summed over `rows` pictures; inputs: pictures, winners,
  /// gradient of the results.
  public abstract BoundKernel pooledConvolutionGradient(
      PooledConvolution shape, long[] inputs, long[] outputs, long rows);

  /// Whether [#product] has code here for these sizes.
  public abstract boolean compiles(MatrixProduct product);

  /// Whether [#product] leaves out single numbers of a that are zero, not blanks alone.
  public abstract boolean skipsZeros(MatrixProduct product);

  /// Inputs: a and b; output: c.
  public abstract BoundKernel product(MatrixProduct product, long[] inputs, long[] outputs);

  /// Whether [#kernelGradient] has code here for these sizes.
  public abstract boolean compiles(KernelGradient shape);

  /// Summed over `rows` pictures; inputs: pictures, gradient of the result.
  public abstract BoundKernel kernelGradient(
      KernelGradient shape, long[] inputs, long[] outputs, long rows);

  /// Whether [#winograd] has code here for these sizes that is faster over so many pictures.
  public abstract boolean compiles(WinogradConvolution shape, int pictures);

  /// Transforms kernels for [#winograd].
  public abstract BoundKernel winogradKernels(WinogradConvolution shape, long kernel, long target);

  /// Over `rows` pictures; inputs: pictures, transformed kernels, scratch memory, bias if there is
  /// one.
  public abstract BoundKernel winograd(
      WinogradConvolution shape, long[] inputs, long[] outputs, long rows);

  /// Whether [#winogradKernelGradient] has code here for these sizes that is faster over so many
  /// pictures.
  public abstract boolean compilesKernelGradient(WinogradConvolution shape, int pictures);

  /// Over `rows` pictures; inputs: pictures, gradients of the results, scratch memory; output: the
  /// gradient of the kernel.
  public abstract BoundKernel winogradKernelGradient(
      WinogradConvolution shape, long[] inputs, long[] outputs, long rows);

  /// Whether [#directConvolution] has code here for these sizes.
  public abstract boolean compiles(DirectConvolution shape);

  /// Over `rows` pictures; inputs: pictures, kernel, bias if there is one.
  public abstract BoundKernel directConvolution(
      DirectConvolution shape, long[] inputs, long[] outputs, long rows);

  /// Lets the calling thread take numbers below the normal range (1.2e-38) for zeros in native
  /// code, or not any more. Arithmetic on them is a hundred times slower, and moments of gradients
  /// that stay zero fade through that range. Does nothing where there is no machine code.
  ///
  /// Java's arithmetic expects them: a thread must switch back before it returns to other code.
  public abstract void flushDenormals(boolean flush);

  /// `avx512` or `portable`, for humans.
  public abstract String name();

  /// Why this compiler was chosen, for `doctor`.
  public abstract String reason();

  /// Releases the memory of the compiled code.
  @Override
  public abstract void close();
}
