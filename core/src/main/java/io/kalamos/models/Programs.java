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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// The compiled programs of a model, for each mode and signature; the least used go first.
final class Programs implements AutoCloseable {
  /// What a program is for.
  enum Mode {
    TRAINING,
    EVALUATION,
    EVALUATION_ALONE,
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

  private final Map<Key, List<Compiled>> programs = new LinkedHashMap<>(16, 0.75f, true);
  private final Backend backend;
  private final Execution execution;

  Programs(Backend backend, Execution execution) {
    this.backend = backend;
    this.execution = execution;
  }

  /// How many threads a program may use.
  int threads() {
    return execution.threads();
  }

  /// A program that all threads share.
  Compiled get(Mode mode, Signature signature, Supplier<Graph> graph) {
    return get(new Key(mode, signature), () -> List.of(compile(graph.get(), threads()))).getFirst();
  }

  /// A program for each thread, to be run by it alone.
  List<Compiled> alone(Mode mode, Signature signature, Supplier<Graph> graph) {
    return get(new Key(mode, signature), () -> alone(graph.get()));
  }

  private List<Compiled> get(Key key, Supplier<List<Compiled>> compiler) {
    List<Compiled> known = programs.get(key);
    if (known == null) {
      known = compiler.get();
      programs.put(key, known);
      Iterator<List<Compiled>> oldest = programs.values().iterator();
      if (programs.size() > KEPT) {
        close(oldest.next());
        oldest.remove();
      }
    }
    return known;
  }

  private List<Compiled> alone(Graph graph) {
    return IntStream.range(0, threads()).parallel().mapToObj(_ -> compile(graph, 1)).toList();
  }

  private Compiled compile(Graph graph, int threads) {
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
    CompileOptions options = new CompileOptions(execution.seed(), threads, false);
    return new Compiled(backend.compile(graph, options), graph, scalars, inputs);
  }

  private static void close(List<Compiled> programs) {
    programs.forEach(compiled -> compiled.program().close());
  }

  @Override
  public void close() {
    programs.values().forEach(Programs::close);
    programs.clear();
  }
}
