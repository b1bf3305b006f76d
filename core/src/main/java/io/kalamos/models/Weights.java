package io.kalamos.models;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import io.kalamos.initializers.Initializer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The owner of a model's weights: variables by path, in Keras's order.
final class Weights {
  private record Entry(Variable variable, Initializer initializer, int stream) {}

  private final SequencedMap<String, Entry> entries = new LinkedHashMap<>();
  private long seed;
  private DType type = DType.FLOAT32;

  Weights(long seed) {
    this.seed = seed;
  }

  /// The variable of this path, created and filled where it is new.
  Variable get(String path, Shape shape, Initializer initializer, boolean trainable) {
    Entry known = entries.get(path);
    if (known == null) {
      Tensor value = Tensor.zeros(type, shape);
      int stream = entries.size();
      initializer.fill(value, seed, stream);
      known = new Entry(new Variable(path, value, trainable), initializer, stream);
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

  List<Variable> all() {
    return entries.values().stream().map(Entry::variable).toList();
  }

  Collection<String> paths() {
    return entries.keySet();
  }

  Variable get(String path) {
    Entry entry = entries.get(path);
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
    List<Variable> variables = all();
    if (values.size() != variables.size()) {
      throw new ShapeException(
          "setWeights: expected "
              + variables.size()
              + " tensors, received size="
              + values.size()
              + ". Give one for each of "
              + entries.keySet()
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

  /// Keeps the values in variables of another type; says whether anything changed.
  boolean retype(DType other) {
    if (other == type) {
      return false;
    }
    type = other;
    for (String path : new ArrayList<>(entries.keySet())) {
      Entry old = entries.get(path);
      Variable variable =
          new Variable(path, old.variable.value().cast(other), old.variable.trainable());
      entries.put(path, new Entry(variable, old.initializer, old.stream));
    }
    return true;
  }
}
