package io.kalamos.onednn;

import io.kalamos.engine.Backend;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.DType;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Program;
import io.kalamos.kernels.KernelCompiler;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The fast backend: products and pooling by oneDNN, everything else by fused kernels.
public final class OneDnnBackend implements Backend {
  private static final Map<Integer, Team> TEAMS = new ConcurrentHashMap<>();

  private static final class Shared {
    static final KernelCompiler COMPILER = KernelCompiler.best();
  }

  @Override
  public String name() {
    return "onednn";
  }

  @Override
  public int rank() {
    return 100;
  }

  @Override
  public io.kalamos.engine.Availability availability() {
    return switch (Dnnl.availability()) {
      case Availability.Loaded loaded ->
          new io.kalamos.engine.Availability(
              true,
              "oneDNN "
                  + loaded.dnnl().version()
                  + ", "
                  + loaded.dnnl().isa()
                  + "; fused kernels: "
                  + Shared.COMPILER.name()
                  + " ("
                  + Shared.COMPILER.reason()
                  + ")");
      case Availability.Missing missing ->
          new io.kalamos.engine.Availability(false, missing.reason());
    };
  }

  @Override
  public boolean multiplies(DType type) {
    return switch (Dnnl.availability()) {
      case Availability.Loaded loaded ->
          type == DType.FLOAT32 || type == DType.BFLOAT16 && loaded.dnnl().isa().nativeBf16();
      case Availability.Missing _ -> false;
    };
  }

  @Override
  public Program compile(Graph graph, CompileOptions options) {
    return switch (Dnnl.availability()) {
      case Availability.Loaded loaded -> lowered(loaded.dnnl(), graph, options);
      case Availability.Missing missing -> throw new IllegalStateException(missing.reason());
    };
  }

  /// One program at a time: implementations are chosen by timing, which others that are timed
  /// meanwhile would disturb, and the library has implementations whose first run on two threads at
  /// once, with the same problem, ends the process.
  private static synchronized Program lowered(Dnnl dnnl, Graph graph, CompileOptions options) {
    return new Lowering(dnnl, Shared.COMPILER, OneDnnBackend::team, graph, options).program();
  }

  /// The threads of this process for steps of so many parts.
  private static Team team(int threads) {
    return TEAMS.computeIfAbsent(threads, Team::new);
  }
}
