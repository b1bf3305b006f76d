package io.kalamos.onednn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The choice among the library's implementations of a problem.
///
/// Which bits come out is decided by rules alone: they name the implementation that a problem is
/// computed by on this kind of processor. Timing then looks for a faster one among those that gave
/// the very same bits on random numbers, and remembers the winner. So a run repeats exactly whether
/// the choice was remembered, was made anew, or fell differently on a busy machine.
final class Choice {
  /// Below so many channels the direct convolution wins over the one made of small products.
  private static final long FEW_CHANNELS = 32;

  /// Counts up with every change of the rules, which decide the bits, and of how implementations
  /// are timed: choices made before are made anew.
  static final int RULES = 4;

  private static final String DIRECT = "jit:avx512_core";
  private static final String PLAIN = "gemm:jit";

  /// From these sizes on a product is long: inputs, units, rows.
  private static final long LONG = 512;

  private static final long WIDE = 64;
  private static final long ROWS = 16;

  /// A challenger has to be clearly faster.
  private static final double CLEARLY = 0.97;

  private static final int ROUNDS = 10;

  private final Scope scope;
  private final Problem problem;
  private final List<Candidate> candidates;

  private Choice(Scope scope, Problem problem) {
    this.scope = scope;
    this.problem = problem;
    this.candidates = Candidate.all(scope, problem);
  }

  /// The fastest implementation of those that compute the bits of the ruling one.
  static Candidate best(Scope scope, Problem problem) {
    return scope.chosen(problem, () -> choose(scope, problem));
  }

  private static Candidate choose(Scope scope, Problem problem) {
    if (!worthTiming(problem)) {
      return ruling(scope, problem);
    }
    String key = problem.toString();
    Choices known = Choices.shared(scope.dnnl());
    var remembered = known.get(key).flatMap(name -> Candidate.named(name, scope, problem));
    if (remembered.isPresent()) {
      return remembered.get();
    }
    try (Scope trial = new Scope(scope.dnnl())) {
      String fastest = new Choice(trial, problem).fastest();
      known.put(key, fastest);
      return Candidate.named(fastest, scope, problem).orElseThrow();
    }
  }

  /// The implementation that decides the bits: the first that the rules prefer; the library's
  /// reference code only where there is nothing else.
  static Candidate ruling(Scope scope, Problem problem) {
    Candidate first = Candidate.first(scope, problem);
    String preferred = preferred(problem);
    return preferred.isEmpty() && !first.isReference()
        ? first
        : ruling(Candidate.all(scope, problem), preferred);
  }

  private static Candidate ruling(List<Candidate> candidates, String preferred) {
    return candidates.stream()
        .filter(candidate -> !preferred.isEmpty() && candidate.name().startsWith(preferred))
        .findFirst()
        .or(() -> candidates.stream().filter(candidate -> !candidate.isReference()).findFirst())
        .orElse(candidates.getFirst());
  }

  /// Products take the time of a network, and have several implementations.
  private static boolean worthTiming(Problem problem) {
    return switch (problem) {
      case Problem.MatMul _,
          Problem.ConvForward _,
          Problem.ConvBackwardData _,
          Problem.ConvBackwardWeights _ ->
          true;
      case Problem _ -> false;
    };
  }

  /// How the names begin of what the rules prefer to the library's first choice.
  /// - Convolutions by small products come first in the library; with few channels on one side
  ///   these are mostly padding, and the direct code is up to twice as fast.
  /// - Long products over weights as they lie are up to a sixth faster by the plain code.
  private static String preferred(Problem problem) {
    return switch (problem) {
      case Problem.ConvForward conv ->
          few(conv.src(), conv.dst())
                  && !depthwise(conv.weights())
                  && !(channels(conv.src()) == 1 && channels(conv.dst()) >= FEW_CHANNELS)
              ? DIRECT
              : "";
      case Problem.ConvBackwardData conv ->
          few(conv.diffSrc(), conv.diffDst()) && !depthwise(conv.weights()) ? DIRECT : "";
      case Problem.MatMul product -> longAndPlain(product) ? PLAIN : "";
      case Problem _ -> "";
    };
  }

  private static boolean longAndPlain(Problem.MatMul product) {
    long[] weights = product.weights().dims();
    return product.weights().type() == DataType.F32
        && weights.length == 2
        && weights[0] >= LONG
        && weights[1] >= WIDE
        && product.src().dims()[0] >= ROWS
        && product.weights().strides()[1] == 1
        && product.src().strides()[1] == 1;
  }

  /// One channel to one filter in each group: the library has code of its own for these.
  private static boolean depthwise(Md weights) {
    long[] dims = weights.dims();
    return dims.length == 5 && dims[1] == 1 && dims[2] == 1;
  }

  private static boolean few(Md pictures, Md others) {
    return Math.min(channels(pictures), channels(others)) < FEW_CHANNELS;
  }

  private static long channels(Md pictures) {
    return pictures.dims()[1];
  }

  private String fastest() {
    Candidate ruling = ruling(candidates, preferred(problem));
    if (ruling.isReference()) {
      return ruling.name();
    }
    Trial first = new Trial(ruling);
    List<Trial> trials = new ArrayList<>(List.of(first));
    for (Candidate candidate : candidates) {
      if (!candidate.isReference() && !candidate.name().equals(ruling.name())) {
        Trial challenger = new Trial(candidate);
        if (challenger.sameBits(first)) {
          trials.add(challenger);
        }
      }
    }
    return fastest(trials);
  }

  /// The one with the least time, the first one unless another is clearly faster. They take turns,
  /// so that a moment in which the machine is slow is slow for all of them.
  private String fastest(List<Trial> trials) {
    for (int round = 0; round < ROUNDS; round++) {
      trials.forEach(Trial::time);
    }
    Trial fastest = trials.getFirst();
    for (Trial challenger : trials) {
      if (challenger.nanos < fastest.nanos * CLEARLY) {
        fastest = challenger;
      }
    }
    return fastest.name;
  }

  /// An implementation over the same random numbers as all others.
  private final class Trial {
    private final EnumMap<Arg, MemorySegment> memory = new EnumMap<>(Arg.class);
    private final Execution execution;
    private final long stream = scope.stream();
    private final String name;
    private long nanos = Long.MAX_VALUE;

    Trial(Candidate candidate) {
      name = candidate.name();
      Map<Arg, Long> addresses = new EnumMap<>(Arg.class);
      candidate
          .arguments()
          .forEach(
              (arg, md) -> {
                MemorySegment segment = scope.allocate(Math.max(1, md.bytes()));
                fill(segment, md.type(), arg.number());
                memory.put(arg, segment);
                addresses.put(arg, segment.address());
              });
      execution = candidate.bind(addresses);
      execution.run(stream);
    }

    /// Numbers in [0.5, 2) with every bit of the fraction at random, signs too.
    private static void fill(MemorySegment segment, DataType type, int seed) {
      int bits = seed * 0x9E3779B9;
      for (long i = 0; i + 4 <= segment.byteSize(); i += 4) {
        bits = bits * 1664525 + 1013904223;
        int one = 0x3f000000 | bits & 0x80ffffff;
        int two = 0x3f003f00 | bits & 0x80ff80ff;
        segment.set(ValueLayout.JAVA_INT, i, type == DataType.BF16 ? two : one);
      }
    }

    /// Layouts of the results may differ between implementations; then their bits do, too.
    boolean sameBits(Trial other) {
      for (Arg arg : List.of(Arg.DST, Arg.DIFF_SRC, Arg.DIFF_WEIGHTS)) {
        MemorySegment mine = memory.get(arg);
        MemorySegment others = other.memory.get(arg);
        if (mine != null && mine.mismatch(others) >= 0) {
          return false;
        }
      }
      return true;
    }

    void time() {
      long start = System.nanoTime();
      execution.run(stream);
      nanos = Math.min(nanos, System.nanoTime() - start);
    }
  }
}
