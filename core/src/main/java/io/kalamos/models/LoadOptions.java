package io.kalamos.models;

import io.kalamos.engine.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// How a model is read: `Model.load(file, load -> load.compile(false))`.
///
/// A file describes a model and holds no code: it can only name classes that are built in or given
/// here.
///
/// @param compile whether the model is compiled as it was, optimizer state included
/// @param lambdas what layers of Keras's class `Lambda` compute, by their names; Keras's files hold
///   Python's byte code for them, which nobody here reads
/// @param parts own records that the file may name, one of each class, with the defaults
/// @param execution how the compiled model runs
public record LoadOptions(
    boolean compile,
    Map<String, UnaryOperator<Node>> lambdas,
    List<Record> parts,
    Execution execution) {
  public static final LoadOptions DEFAULTS =
      new LoadOptions(true, Map.of(), List.of(), Execution.DEFAULTS);

  public LoadOptions {
    lambdas = Map.copyOf(lambdas);
    parts = List.copyOf(parts);
  }

  public LoadOptions compile(boolean compile) {
    return new LoadOptions(compile, lambdas, parts, execution);
  }

  /// What the `Lambda` layer of this name computes.
  public LoadOptions onLambda(String layer, UnaryOperator<Node> function) {
    Map<String, UnaryOperator<Node>> all = new LinkedHashMap<>(lambdas);
    all.put(layer, function);
    return new LoadOptions(compile, all, parts, execution);
  }

  /// An own class that the file may name: a record of it, whose options the file varies.
  public LoadOptions part(Record example) {
    List<Record> all = new ArrayList<>(parts);
    all.add(example);
    return new LoadOptions(compile, lambdas, all, execution);
  }

  /// Seed, backend, threads, log: `running(run -> run.seed(7).threads(1))`.
  public LoadOptions running(UnaryOperator<Execution> options) {
    return new LoadOptions(compile, lambdas, parts, options.apply(execution));
  }

  /// Gets notices and warnings, such as options of the file that change nothing here, a line each.
  public Consumer<String> log() {
    return execution.log();
  }
}
