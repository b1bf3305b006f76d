package io.kalamos.kernels;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Compiles to AVX-512 machine code, and to portable kernels what that cannot express.
final class MachineCompiler extends KernelCompiler {
  private static final String[] FEATURES = {"avx512f", "avx512bw", "avx512dq", "avx512vl"};

  /// `ldmxcsr [rdi]; ret`: loads the control word of floating point.
  private static final byte[] LOAD_CONTROL = {0x0F, (byte) 0xAE, 0x17, (byte) 0xC3};

  /// All exceptions masked, as at the start of every thread.
  private static final int USUAL = 0x1F80;

  /// The same, with denormal operands and results taken for zeros.
  private static final int FLUSHING = 0x9FC0;

  private final Map<Tape, Kernel> kernels = new HashMap<>();
  private final Map<PooledConvolution, Code> forward = new HashMap<>();
  private final Map<PooledConvolution, Code> gradients = new HashMap<>();
  private final Map<MatrixProduct, Code> products = new HashMap<>();
  private final Map<MatrixProduct, Code> sparseProducts = new HashMap<>();
  private final Map<KernelGradient, Code> kernelGradients = new HashMap<>();
  private final Map<WinogradConvolution, Code> winograd = new HashMap<>();
  private final Map<WinogradConvolution, Code> winogradGradients = new HashMap<>();
  private final Map<DirectConvolution, Code> direct = new HashMap<>();
  private final Map<WinogradConvolution, Code> winogradKernels = new HashMap<>();
  private final CodeArena arena;
  private final MemorySegment loadControl;
  private final Arena words = Arena.ofAuto();
  private final long usual;
  private final long flushing;

  private MachineCompiler(CodeArena arena, MemorySegment loadControl) {
    this.arena = arena;
    this.loadControl = loadControl;
    MemorySegment control = words.allocate(8, 8);
    control.set(JAVA_INT, 0, USUAL);
    control.set(JAVA_INT, 4, FLUSHING);
    usual = control.address();
    flushing = usual + 4;
  }

  /// The compiler, or a portable one that knows why.
  static KernelCompiler create() {
    String obstacle = obstacle();
    if (obstacle != null) {
      return new PortableCompiler(obstacle);
    }
    CodeArena arena = new CodeArena();
    MemorySegment loadControl;
    try {
      loadControl = arena.add(LOAD_CONTROL);
    } catch (IllegalStateException refused) {
      arena.close();
      return new PortableCompiler(refused.getMessage());
    }
    return new MachineCompiler(arena, loadControl);
  }

  private static String obstacle() {
    if (!"Linux".equals(System.getProperty("os.name"))
        || !"amd64".equals(System.getProperty("os.arch"))) {
      return "machine code is written for Linux on x86-64 only";
    }
    String flags;
    try {
      byte[] text = Files.readAllBytes(Path.of("/proc/cpuinfo"));
      flags = new String(text, StandardCharsets.ISO_8859_1);
    } catch (IOException unreadable) {
      return "/proc/cpuinfo cannot be read";
    }
    int start = flags.indexOf("\nflags");
    int end = start < 0 ? -1 : flags.indexOf('\n', start + 1);
    String line = end < 0 ? "" : flags.substring(start, end) + " ";
    for (String feature : FEATURES) {
      if (line.indexOf(" " + feature + " ") < 0) {
        return "the processor or the system lacks " + feature;
      }
    }
    return null;
  }

  @Override
  public synchronized Kernel compile(KernelProgram program) {
    Tape tape = new Tape(program);
    Kernel kernel = kernels.get(tape);
    if (kernel == null) {
      kernel = make(program, tape);
      kernels.put(tape, kernel);
    }
    return kernel;
  }

  private Kernel make(KernelProgram program, Tape tape) {
    if (LoopNest.obstacle(tape) != null) {
      return new PortableKernel(program, tape);
    }
    BodyCode body = new BodyCode(tape);
    byte[] bytes = LoopNest.compile(body);
    return new MachineKernel(program, arena.add(bytes), body.frame);
  }

  @Override
  public boolean compiles(PooledConvolution shape) {
    return shape.fits();
  }

  @Override
  public synchronized BoundKernel pooledConvolution(
      PooledConvolution shape, long[] inputs, long[] outputs, long rows) {
    return forward
        .computeIfAbsent(shape, key -> code(PooledConvolutionCode.forward(key)))
        .bind(inputs, outputs, rows);
  }

  @Override
  public synchronized BoundKernel pooledConvolutionGradient(
      PooledConvolution shape, long[] inputs, long[] outputs, long rows) {
    return gradients
        .computeIfAbsent(shape, key -> code(PooledConvolutionCode.gradient(key)))
        .bind(inputs, outputs, rows);
  }

  @Override
  public boolean compiles(MatrixProduct product) {
    return product.fits();
  }

  @Override
  public boolean skipsZeros(MatrixProduct product) {
    return SparseProductCode.fits(product);
  }

  @Override
  public synchronized BoundKernel product(MatrixProduct product, long[] inputs, long[] outputs) {
    if (DotProductCode.fits(product)) {
      return products
          .computeIfAbsent(product, key -> code(DotProductCode.write(key)))
          .bind(inputs, outputs, product.m());
    }
    if (!skipsZeros(product)) {
      return dense(product, inputs, outputs);
    }
    if (SparseProductCode.isPair(product)) {
      return sparse(product, inputs, outputs);
    }
    return new SparseOrDense(
        sparse(product, inputs, outputs),
        dense(product, inputs, outputs),
        SparseProductCode.liveSlot(product),
        SparseProductCode.counted(product));
  }

  /// The code for zeros alone.
  MachineBoundKernel sparse(MatrixProduct product, long[] inputs, long[] outputs) {
    return sparseProducts
        .computeIfAbsent(product, key -> code(SparseProductCode.write(key)))
        .bind(inputs, outputs, product.m());
  }

  /// The code for numbers, and for blanks.
  MachineBoundKernel dense(MatrixProduct product, long[] inputs, long[] outputs) {
    return products
        .computeIfAbsent(product, key -> code(MatrixProductCode.write(key)))
        .bind(inputs, outputs, product.m());
  }

  @Override
  public boolean compiles(KernelGradient shape) {
    return shape.fits();
  }

  @Override
  public synchronized BoundKernel kernelGradient(
      KernelGradient shape, long[] inputs, long[] outputs, long rows) {
    return kernelGradients
        .computeIfAbsent(shape, key -> code(KernelGradientCode.write(key)))
        .bind(inputs, outputs, rows);
  }

  @Override
  public boolean compiles(WinogradConvolution shape, int pictures) {
    return shape.fits(pictures);
  }

  @Override
  public synchronized BoundKernel winogradKernels(
      WinogradConvolution shape, long kernel, long target) {
    return winogradKernels
        .computeIfAbsent(shape, key -> code(WinogradKernelCode.write(key)))
        .bind(new long[] {kernel}, new long[] {target}, 1);
  }

  @Override
  public synchronized BoundKernel winograd(
      WinogradConvolution shape, long[] inputs, long[] outputs, long rows) {
    return winograd
        .computeIfAbsent(shape, key -> code(WinogradCode.write(key)))
        .bind(inputs, outputs, rows);
  }

  @Override
  public boolean compilesKernelGradient(WinogradConvolution shape, int pictures) {
    return shape.fitsKernelGradient(pictures);
  }

  @Override
  public synchronized BoundKernel winogradKernelGradient(
      WinogradConvolution shape, long[] inputs, long[] outputs, long rows) {
    return winogradGradients
        .computeIfAbsent(shape, key -> code(WinogradKernelGradientCode.write(key)))
        .bind(inputs, outputs, rows);
  }

  @Override
  public boolean compiles(DirectConvolution shape) {
    return shape.fits();
  }

  @Override
  public synchronized BoundKernel directConvolution(
      DirectConvolution shape, long[] inputs, long[] outputs, long rows) {
    return direct
        .computeIfAbsent(shape, key -> code(DirectConvolutionCode.write(key)))
        .bind(inputs, outputs, rows);
  }

  private Code code(Written written) {
    return new Code(arena.add(written.code()), written.frame());
  }

  @Override
  public void flushDenormals(boolean flush) {
    MachineBoundKernel.call(loadControl, flush ? flushing : usual);
  }

  @Override
  public String name() {
    return "avx512";
  }

  @Override
  public String reason() {
    return "the processor has AVX-512 F, BW, DQ and VL";
  }

  @Override
  public synchronized void close() {
    kernels.clear();
    arena.close();
  }

  /// Generated code and the picture of its frame.
  private static final class Code {
    private final MemorySegment entry;
    private final int frameSize;
    private final int[] places;
    private final int[] values;

    Code(MemorySegment entry, Frame frame) {
      this.entry = entry;
      frameSize = frame.size();
      places = frame.places();
      values = frame.values();
    }

    MachineBoundKernel bind(int inputs, int columns) {
      Arena arena = Arena.ofShared();
      MemorySegment frame = arena.allocate(frameSize, 64);
      for (int i = 0; i < places.length; i++) {
        frame.set(JAVA_INT, places[i], values[i]);
      }
      return new MachineBoundKernel(arena, frame, entry, inputs, columns);
    }

    MachineBoundKernel bind(long[] inputs, long[] outputs, long rows) {
      MachineBoundKernel bound = bind(inputs.length, 1);
      bound.rebind(inputs, outputs, rows, 0);
      return bound;
    }
  }

  static final class MachineKernel extends Kernel {
    private final Code code;

    MachineKernel(KernelProgram program, MemorySegment entry, Frame frame) {
      super(program);
      code = new Code(entry, frame);
    }

    @Override
    public boolean machineCode() {
      return true;
    }

    @Override
    BoundKernel bind(int inputs, int outputs) {
      return code.bind(inputs, program().columns());
    }
  }
}
