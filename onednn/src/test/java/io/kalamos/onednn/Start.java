package io.kalamos.onednn;

import java.util.EnumMap;

/// A program that loads oneDNN and runs one product: prints the result and its milliseconds, or the
/// reason why there is none.
final class Start {
  private Start() {}

  public static void main(String[] arguments) {
    long start = System.nanoTime();
    switch (Dnnl.availability()) {
      case Availability.Missing(var reason) -> System.out.println("missing: " + reason);
      case Availability.Loaded(var dnnl) -> {
        long loaded = System.nanoTime();
        var result = product(dnnl);
        long done = System.nanoTime();
        System.out.printf(
            "ok %s, module %s, load %.1f ms, first matmul %.1f ms%n",
            result,
            Dnnl.class.getModule().getName(),
            (loaded - start) / 1e6,
            (done - loaded) / 1e6);
      }
    }
  }

  /// The sum of a row of ones times ones.
  private static float product(Dnnl dnnl) {
    try (var scope = new Scope(dnnl)) {
      int size = 64;
      var md = Md.of(scope, DataType.F32, size, size);
      var ones = scope.allocate(md.bytes());
      for (int i = 0; i < size * size; i++) {
        ones.setAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, i, 1);
      }
      var result = scope.allocate(md.bytes());
      var problem = new Problem.MatMul(md, md, Md.none(scope), md, Attributes.NONE);
      var candidate = Candidate.first(scope, problem);
      var addresses = new EnumMap<Arg, Long>(Arg.class);
      addresses.put(Arg.SRC, ones.address());
      addresses.put(Arg.WEIGHTS, ones.address());
      addresses.put(Arg.DST, result.address());
      if (candidate.scratchpadBytes() > 0) {
        addresses.put(Arg.SCRATCHPAD, scope.allocate(candidate.scratchpadBytes()).address());
      }
      candidate.bind(addresses).run(scope.stream());
      return result.getAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, size * size - 1);
    }
  }
}
