package io.kalamos.javacpu;

import io.kalamos.engine.Availability;
import io.kalamos.engine.Backend;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.DType;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Program;
import io.kalamos.engine.Rewriter;
import io.kalamos.engine.Rewrites;

/// Runs every operation in every type on heap arrays; needs nothing but Java.
public final class JavaBackend implements Backend {
  @Override
  public String name() {
    return "java";
  }

  @Override
  public int rank() {
    return 10;
  }

  @Override
  public Availability availability() {
    return new Availability(true, "plain Java loops, no native library");
  }

  @Override
  public boolean multiplies(DType type) {
    return type.floating();
  }

  @Override
  public Program compile(Graph graph, CompileOptions options) {
    return new JavaProgram(graph, Rewriter.apply(Rewrites.ALGEBRA, graph), options);
  }
}
