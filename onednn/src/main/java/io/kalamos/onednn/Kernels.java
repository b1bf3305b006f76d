package io.kalamos.onednn;

import io.kalamos.engine.Batch;
import io.kalamos.engine.DType;
import io.kalamos.kernels.BoundKernel;
import io.kalamos.kernels.DirectConvolution;
import io.kalamos.kernels.KernelCompiler;
import io.kalamos.kernels.KernelGradient;
import io.kalamos.kernels.KernelProgram;
import io.kalamos.kernels.MatrixProduct;
import io.kalamos.kernels.PooledConvolution;
import io.kalamos.kernels.ProgramBuilder;
import io.kalamos.kernels.WinogradConvolution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The fused kernels of one program: compiled, bound, and released together.
final class Kernels implements AutoCloseable {
  private record Place(BoundKernel kernel, int input, long offset) {}

  private final KernelCompiler compiler;
  private final long rows;
  private final List<BoundKernel> bound = new ArrayList<>();
  private final Map<Batch, List<Place>> data = new LinkedHashMap<>();

  /// @param rows where the numbers of a step's rows of data will be
  Kernels(KernelCompiler compiler, long rows) {
    this.compiler = compiler;
    this.rows = rows;
  }

  /// The number of a row of the batch; the others follow.
  long rowNumbers(long first) {
    return rows + Integer.BYTES * first;
  }

  /// A kernel over memory, in the order of the program's inputs and outputs.
  BoundKernel bind(KernelProgram program, long[] inputs, long[] outputs, long rows, long firstRow) {
    BoundKernel kernel = compiler.compile(program).bind(inputs, outputs, rows, firstRow);
    bound.add(kernel);
    return kernel;
  }

  /// A kernel that writes zeros.
  BoundKernel zeros(DType type, long target, long elements) {
    ProgramBuilder program = KernelProgram.builder(1);
    program.store(type, program.constant(0));
    return bind(program.build(), new long[0], new long[] {target}, elements, 0);
  }

  /// See [KernelCompiler#pooledConvolution].
  BoundKernel pooledConvolution(PooledConvolution shape, long[] inputs, long[] outputs, long rows) {
    BoundKernel kernel = compiler.pooledConvolution(shape, inputs, outputs, rows);
    bound.add(kernel);
    return kernel;
  }

  /// See [KernelCompiler#pooledConvolutionGradient].
  BoundKernel pooledConvolutionGradient(
      PooledConvolution shape, long[] inputs, long[] outputs, long rows) {
    BoundKernel kernel = compiler.pooledConvolutionGradient(shape, inputs, outputs, rows);
    bound.add(kernel);
    return kernel;
  }

  /// See [KernelCompiler#product].
  BoundKernel product(MatrixProduct product, long[] inputs, long[] outputs) {
    BoundKernel kernel = compiler.product(product, inputs, outputs);
    bound.add(kernel);
    return kernel;
  }

  /// See [KernelCompiler#kernelGradient].
  BoundKernel kernelGradient(KernelGradient shape, long[] inputs, long[] outputs, long rows) {
    BoundKernel kernel = compiler.kernelGradient(shape, inputs, outputs, rows);
    bound.add(kernel);
    return kernel;
  }

  /// See [KernelCompiler#winogradKernelGradient].
  BoundKernel winogradKernelGradient(
      WinogradConvolution shape, long[] inputs, long[] outputs, long rows) {
    BoundKernel kernel = compiler.winogradKernelGradient(shape, inputs, outputs, rows);
    bound.add(kernel);
    return kernel;
  }

  /// See [KernelCompiler#winogradKernels].
  BoundKernel winogradKernels(WinogradConvolution shape, long kernel, long target) {
    BoundKernel transform = compiler.winogradKernels(shape, kernel, target);
    bound.add(transform);
    return transform;
  }

  /// See [KernelCompiler#winograd].
  BoundKernel winograd(WinogradConvolution shape, long[] inputs, long[] outputs, long rows) {
    BoundKernel kernel = compiler.winograd(shape, inputs, outputs, rows);
    bound.add(kernel);
    return kernel;
  }

  /// See [KernelCompiler#directConvolution].
  BoundKernel directConvolution(DirectConvolution shape, long[] inputs, long[] outputs, long rows) {
    BoundKernel kernel = compiler.directConvolution(shape, inputs, outputs, rows);
    bound.add(kernel);
    return kernel;
  }

  /// Notes that a kernel's input is the data bound to an input of the graph, from so many bytes on.
  void reads(Batch input, BoundKernel kernel, int number, long offset) {
    data.computeIfAbsent(input, key -> new ArrayList<>()).add(new Place(kernel, number, offset));
  }

  /// Moves all kernels that read an input to other data.
  void move(Batch input, long address) {
    for (Place place : data.getOrDefault(input, List.of())) {
      place.kernel.rebindInput(place.input, address + place.offset);
    }
  }

  /// See [KernelCompiler#flushDenormals].
  void flushDenormals(boolean flush) {
    compiler.flushDenormals(flush);
  }

  String compilerName() {
    return compiler.name();
  }

  @Override
  public void close() {
    bound.forEach(BoundKernel::close);
  }
}
