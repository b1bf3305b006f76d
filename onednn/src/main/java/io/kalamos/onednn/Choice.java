package io.kalamos.onednn;

import java.util.List;

/// The choice among the library's implementations of a problem.
final class Choice {
  /// Below so many channels the direct convolution wins over the one made of small products.
  private static final long FEW_CHANNELS = 32;

  private Choice() {}

  /// The first implementation that the rules prefer; the library's reference code only where there
  /// is nothing else.
  static Candidate first(Scope scope, Problem problem) {
    boolean direct = prefersDirect(problem);
    Candidate first = Candidate.first(scope, problem);
    if (!direct && !first.isReference()) {
      return first;
    }
    List<Candidate> all = Candidate.all(scope, problem);
    return all.stream()
        .filter(candidate -> direct && candidate.name().startsWith("jit:avx512_core"))
        .findFirst()
        .or(() -> all.stream().filter(candidate -> !candidate.isReference()).findFirst())
        .orElse(first);
  }

  /// The library puts its convolution by small products first; with few channels on one side these
  /// are mostly padding, and the direct code is up to twice as fast.
  private static boolean prefersDirect(Problem problem) {
    return switch (problem) {
      case Problem.ConvForward conv ->
          few(conv.src(), conv.dst()) && !(one(conv.src()) && conv.dst().dims()[1] >= FEW_CHANNELS);
      case Problem.ConvBackwardData conv -> few(conv.diffSrc(), conv.diffDst());
      case Problem other -> false;
    };
  }

  private static boolean few(Md pictures, Md others) {
    return Math.min(pictures.dims()[1], others.dims()[1]) < FEW_CHANNELS;
  }

  private static boolean one(Md pictures) {
    return pictures.dims()[1] == 1;
  }
}
