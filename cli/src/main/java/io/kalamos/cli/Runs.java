package io.kalamos.cli;

import io.kalamos.engine.Backend;
import io.kalamos.models.Execution;
import java.util.Optional;

/// Where and how the programs of a command run: its options `--backend`, `--threads`, `--seed`.
record Runs(Optional<String> backend, Optional<Integer> threads, long seed, Console console) {
  static Runs of(Arguments arguments, Console console) {
    var backend = arguments.text(Option.BACKEND);
    if (backend.isPresent()) {
      check(backend.get());
    } else {
      loadNativeCode();
    }
    return new Runs(
        backend, arguments.count(Option.THREADS), arguments.whole(Option.SEED).orElse(0L), console);
  }

  /// Loads the backend's library, which takes as long as building the model, meanwhile.
  private static void loadNativeCode() {
    Thread.ofPlatform().daemon().start(() -> Backend.all().getFirst().availability());
  }

  private static void check(String backend) {
    var names = Backend.all().stream().map(Backend::name).toList();
    if (!names.contains(backend)) {
      throw new UsageException(
          "--backend: expected one of "
              + String.join(", ", names)
              + ", received --backend="
              + backend
              + ". "
              + Suggestion.of(backend, names)
              + "./kalamos doctor tells which of them work here.");
    }
  }

  /// Options of a model as these.
  Execution apply(Execution execution) {
    var result = execution.seed(seed).log(line -> console.err().println(line));
    if (backend.isPresent()) {
      result = result.backend(backend.get());
    }
    return threads.isPresent() ? result.threads(threads.get()) : result;
  }
}
