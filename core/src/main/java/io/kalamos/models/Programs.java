package io.kalamos.models;

import io.kalamos.engine.Backend;
import io.kalamos.engine.Batch;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Op;
import io.kalamos.engine.Program;
import io.kalamos.engine.Scalar;
import io.kalamos.engine.Tensor;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// The compiled programs of a model, one for each mode and signature; the least used go first.
final class Programs implements AutoCloseable {
  /// What a program is for.
  enum Mode {
    TRAINING,
    EVALUATION,
    GRADIENTS,
    LAYERS
  }

  private static final int KEPT = 12;

  private record Key(Mode mode, Signature signature) {}

  /// A program with the numbers that it wants to be told before each run.
  ///
  /// @param inputs the names of the data that it reads
  record Compiled(Program program, Graph graph, Set<String> scalars, Set<String> inputs) {
    /// Names data, if the program reads them.
    void bind(String input, Tensor data) {
      if (inputs.contains(input)) {
        program.bind(input, data);
      }
    }

    void set(String scalar, double value) {
      if (scalars.contains(scalar)) {
        program.set(scalar, value);
      }
    }
  }

  private final Map<Key, Compiled> programs = new LinkedHashMap<>(16, 0.75f, true);
  private final Backend backend;
  private final CompileOptions options;

  Programs(Backend backend, Execution execution) {
    this.backend = backend;
    this.options = new CompileOptions(execution.seed(), execution.threads(), false);
  }

  Compiled get(Mode mode, Signature signature, Supplier<Graph> graph) {
    Key key = new Key(mode, signature);
    Compiled known = programs.get(key);
    if (known == null) {
      known = compile(graph.get());
      programs.put(key, known);
      Iterator<Compiled> oldest = programs.values().iterator();
      if (programs.size() > KEPT) {
        oldest.next().program().close();
        oldest.remove();
      }
    }
    return known;
  }

  private Compiled compile(Graph graph) {
    Set<String> scalars = new HashSet<>();
    Set<String> inputs = new HashSet<>();
    graph
        .order()
        .forEach(
            node -> {
              switch (node.op()) {
                case Scalar(String name) -> scalars.add(name);
                case Batch batch -> inputs.add(batch.name());
                case Op _ -> {}
              }
            });
    return new Compiled(backend.compile(graph, options), graph, scalars, inputs);
  }

  @Override
  public void close() {
    programs.values().forEach(compiled -> compiled.program().close());
    programs.clear();
  }
}
