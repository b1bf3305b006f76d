package io.kalamos.kernels;

import java.util.HashMap;
import java.util.Map;

/// Compiles to [PortableKernel]s.
final class PortableCompiler extends KernelCompiler {
  private final Map<Tape, Kernel> kernels = new HashMap<>();
  private final String reason;

  PortableCompiler(String reason) {
    this.reason = reason;
  }

  @Override
  public synchronized Kernel compile(KernelProgram program) {
    Tape tape = new Tape(program);
    Kernel kernel = kernels.get(tape);
    if (kernel == null) {
      kernel = new PortableKernel(program, tape);
      kernels.put(tape, kernel);
    }
    return kernel;
  }

  @Override
  public boolean compiles(PooledConvolution shape) {
    return false;
  }

  @Override
  public BoundKernel pooledConvolution(
      PooledConvolution shape, long[] inputs, long[] outputs, long rows) {
    throw new UnsupportedOperationException("no portable code for " + shape);
  }

  @Override
  public BoundKernel pooledConvolutionGradient(
      PooledConvolution shape, long[] inputs, long[] outputs, long rows) {
    throw new UnsupportedOperationException("no portable code for " + shape);
  }

  @Override
  public boolean compiles(MatrixProduct product) {
    return false;
  }

  @Override
  public boolean skipsZeros(MatrixProduct product) {
    return false;
  }

  @Override
  public BoundKernel product(MatrixProduct product, long[] inputs, long[] outputs) {
    throw new UnsupportedOperationException("no portable code for " + product);
  }

  @Override
  public boolean compiles(KernelGradient shape) {
    return false;
  }

  @Override
  public BoundKernel kernelGradient(
      KernelGradient shape, long[] inputs, long[] outputs, long rows) {
    throw new UnsupportedOperationException("no portable code for " + shape);
  }

  @Override
  public boolean compiles(WinogradConvolution shape, int pictures) {
    return false;
  }

  @Override
  public BoundKernel winogradKernels(WinogradConvolution shape, long kernel, long target) {
    throw new UnsupportedOperationException("no portable code for " + shape);
  }

  @Override
  public BoundKernel winograd(WinogradConvolution shape, long[] inputs, long[] outputs, long rows) {
    throw new UnsupportedOperationException("no portable code for " + shape);
  }

  @Override
  public boolean compilesKernelGradient(WinogradConvolution shape, int pictures) {
    return false;
  }

  @Override
  public BoundKernel winogradKernelGradient(
      WinogradConvolution shape, long[] inputs, long[] outputs, long rows) {
    throw new UnsupportedOperationException("no portable code for " + shape);
  }

  @Override
  public boolean compiles(DirectConvolution shape) {
    return false;
  }

  @Override
  public BoundKernel directConvolution(
      DirectConvolution shape, long[] inputs, long[] outputs, long rows) {
    throw new UnsupportedOperationException("no portable code for " + shape);
  }

  @Override
  public void flushDenormals(boolean flush) {}

  @Override
  public String name() {
    return "portable";
  }

  @Override
  public String reason() {
    return reason;
  }

  @Override
  public void close() {}
}
