package io.kalamos.kernels;

import java.util.List;

/// The compilers under test, made once.
final class Compilers {
  static final KernelCompiler PORTABLE = KernelCompiler.portable();
  static final KernelCompiler BEST = KernelCompiler.best();

  private Compilers() {}

  /// Whether the best compiler writes machine code.
  static boolean machine() {
    return BEST.name().equals("avx512");
  }

  static List<KernelCompiler> all() {
    return List.of(PORTABLE, BEST);
  }
}
