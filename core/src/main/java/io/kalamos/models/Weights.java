package io.kalamos.models;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import io.kalamos.initializers.Initializer;
import io.kalamos.models.spi.WeightLimit;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The owner of a model's weights: variables by path, in Keras's order.
final class Weights {
  /// Where an inner model keeps a weight or a layer.
  ///
  /// @param path within that model; empty for the model itself
  record Home(Network network, String path) {
    /// What stands below.
    Home at(String name) {
      return new Home(network, path.isEmpty() ? name : path + "/" + name);
    }

    Variable variable() {
      return network.weights().get(path);
    }
  }

  /// @param home of a weight that belongs to an inner model, whose memory it is
  private record Entry(
      Variable variable, Initializer initializer, int stream, Optional<Home> home) {}

  private final SequencedMap<String, Entry> entries = new LinkedHashMap<>();

  /// Further paths of weights that an inner model brings in several ways.
  private final Map<String, String> aliases = new HashMap<>();

  private long seed;
  private DType type = DType.FLOAT32;

  Weights(long seed) {
    this.seed = seed;
  }

  /// The variable of this path, created and filled where it is new.
  Variable get(String path, Shape shape, Initializer initializer, boolean trainable) {
    Entry known = entries.get(path);
    if (known == null) {
      WeightLimit.take(path, type, shape);
      Tensor value = Tensor.zeros(type, shape);
      int stream = entries.size();
      initializer.fill(value, seed, stream);
      known =
          new Entry(new Variable(path, value, trainable), initializer, stream, Optional.empty());
      entries.put(path, known);
    }
    if (!known.variable.shape().equals(shape)) {
      throw new ShapeException(
          path
              + ": expected shape "
              + known.variable.shape()
              + " as at the first use, received shape="
              + shape
              + ". A shared layer needs inputs of one shape.");
    }
    return known.variable;
  }

  /// The variable of this path over the memory of an inner model's weight. Where the same memory is
  /// known under another path, it is that variable: a gradient changes it once.
  Variable shared(String path, Home home) {
    Variable theirs = home.variable();
    Entry known = entries.get(aliases.getOrDefault(path, path));
    if (known != null) {
      return known.variable;
    }
    for (Entry other : entries.values()) {
      if (other.variable.value() == theirs.value()) {
        aliases.put(path, other.variable.path());
        return other.variable;
      }
    }
    Initializer initializer = home.network().weights().initializer(home.path());
    Entry entry = new Entry(view(path, theirs), initializer, entries.size(), Optional.of(home));
    entries.put(path, entry);
    return entry.variable;
  }

  private static Variable view(String path, Variable theirs) {
    return new Variable(path, theirs.value(), theirs.trainable());
  }

  private Initializer initializer(String path) {
    return entries.get(aliases.getOrDefault(path, path)).initializer;
  }

  /// Where a weight comes from, if not from this model.
  Optional<Home> home(Variable variable) {
    return entries.get(variable.path()).home;
  }

  List<Variable> all() {
    return entries.values().stream().map(Entry::variable).toList();
  }

  Collection<String> paths() {
    return entries.keySet();
  }

  Variable get(String path) {
    Entry entry = entries.get(aliases.getOrDefault(path, path));
    if (entry == null) {
      throw Problems.unknown("weights", "a weight's path", "path", path, entries.keySet());
    }
    return entry.variable;
  }

  /// Draws all weights anew.
  void fill(long seed) {
    this.seed = seed;
    for (Entry entry : entries.values()) {
      Tensor value = entry.variable.value();
      value.copyFrom(Tensor.zeros(value.dtype(), value.shape()));
      entry.initializer.fill(value, seed, entry.stream);
    }
  }

  /// Copies of all values.
  List<Tensor> copies() {
    return all().stream().map(variable -> variable.value().copy()).toList();
  }

  /// Gives all weights these values, in their order; checks everything first.
  void assign(List<Tensor> values) {
    assign(all(), values);
  }

  /// The same for some variables.
  static void assign(List<Variable> variables, List<Tensor> values) {
    if (values.size() != variables.size()) {
      throw new ShapeException(
          "setWeights: expected "
              + variables.size()
              + " tensors, received size="
              + values.size()
              + ". Give one for each of "
              + variables.stream().map(Variable::path).toList()
              + ".");
    }
    for (int i = 0; i < values.size(); i++) {
      fits("setWeights", variables.get(i), values.get(i).shape());
    }
    for (int i = 0; i < values.size(); i++) {
      variables.get(i).value().copyFrom(values.get(i));
    }
  }

  static void fits(String where, Variable variable, Shape shape) {
    if (!variable.shape().equals(shape)) {
      throw new ShapeException(
          where
              + ": "
              + variable.path()
              + ": expected shape "
              + variable.shape()
              + ", received shape="
              + shape
              + ". Give the values of a model with the same layers.");
    }
  }

  /// Keeps the values in variables of another type, those of inner models in what these have now;
  /// says whether anything changed.
  boolean retype(DType other) {
    if (other == type && entries.values().stream().noneMatch(Weights::left)) {
      return false;
    }
    type = other;
    entries.replaceAll(
        (path, old) -> {
          Variable before = old.variable;
          Variable now =
              old.home
                  .map(home -> view(path, home.variable()))
                  .orElseGet(
                      () -> new Variable(path, before.value().cast(other), before.trainable()));
          return new Entry(now, old.initializer, old.stream, old.home);
        });
    return true;
  }

  /// Whether an inner model keeps this weight in other memory by now.
  private static boolean left(Entry entry) {
    return entry.home.filter(h -> h.variable().value() != entry.variable.value()).isPresent();
  }
}
