package io.kalamos.data;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Data with targets, row by row: any types, used where they lie.
///
/// @param x a tensor for each input of the model, shape (samples, ...)
/// @param y a tensor for each output of the model, or for each that has a loss or metrics, shape
///   (samples, ...)
/// @param weights how much the samples count, for each of `y`: (samples), or (samples, steps) for
///   time steps; empty where all count the same
/// @param inputNames of `x`, where they aren't in the model's order
/// @param outputNames of `y`, where they aren't in the model's order
public record Samples(
    List<Tensor> x,
    List<Tensor> y,
    List<Optional<Tensor>> weights,
    List<String> inputNames,
    List<String> outputNames)
    implements Data {
  public Samples {
    x = List.copyOf(x);
    y = List.copyOf(y);
    weights = List.copyOf(weights);
    inputNames = List.copyOf(inputNames);
    outputNames = List.copyOf(outputNames);
    if (x.isEmpty()) {
      throw Refusal.of(
          "data",
          "at least one tensor x",
          "x",
          "[]",
          "Give a tensor for each input and output of the model.");
    }
    if (!weights.isEmpty() && weights.size() != y.size()) {
      throw Refusal.of(
          "data",
          "weights for each of the " + y.size() + " tensors y",
          "weights",
          weights.size(),
          "Give one tensor for all of them, or name the outputs.");
    }
    rows("x", x, x.getFirst(), "Give as many samples to each input.");
    rows("y", y, x.getFirst(), "Give one target for each sample.");
    List<Tensor> given = weights.stream().flatMap(Optional::stream).toList();
    rows("weights", given, x.getFirst(), "Give one weight for each sample.");
  }

  private static void rows(String what, List<Tensor> tensors, Tensor first, String remedy) {
    for (Tensor tensor : tensors) {
      if (tensor.shape().rank() == 0) {
        throw Refusal.of(
            "data", what + " of shape (samples, ...)", what, tensor, "Add the axis of samples.");
      }
      if (tensor.shape().dim(0) != first.shape().dim(0)) {
        throw Refusal.of(
            "data",
            "as many rows in " + what + " as in x (" + first.shape().dim(0) + ")",
            what + ".shape",
            tensor.shape(),
            remedy);
      }
    }
  }

  public Samples(List<Tensor> x, List<Tensor> y) {
    this(x, y, List.of(), List.of(), List.of());
  }

  public static Samples of(Tensor x, Tensor y) {
    return new Samples(List.of(x), List.of(y));
  }

  /// Inputs alone, for a training step that needs no targets.
  public static Samples of(Tensor x) {
    return new Samples(List.of(x), List.of());
  }

  /// Data by the names of the model's inputs, targets by the names of its outputs.
  public static Samples of(Map<String, Tensor> x, Map<String, Tensor> y) {
    return new Samples(
        List.copyOf(x.values()),
        List.copyOf(y.values()),
        List.of(),
        List.copyOf(x.keySet()),
        List.copyOf(y.keySet()));
  }

  /// The same where samples count by their weights, at all outputs: (samples), or (samples, steps).
  public Samples weights(Tensor weights) {
    return weights(Collections.nCopies(y.size(), weights));
  }

  /// The same with weights for each of `y`.
  public Samples weights(List<Tensor> weights) {
    return weighted(weights.stream().map(Optional::of).toList());
  }

  /// The same with weights for some outputs, by name, of data that have names.
  public Samples weights(Map<String, Tensor> weights) {
    for (String name : weights.keySet()) {
      if (!outputNames.contains(name)) {
        throw Refusal.of(
            "data",
            "weights for some of the outputs " + outputNames,
            "weights",
            name,
            outputNames.isEmpty()
                ? "Name the targets too: Samples.of(Map, Map)."
                : "Use a name of the targets.");
      }
    }
    return weighted(
        outputNames.stream().map(name -> Optional.ofNullable(weights.get(name))).toList());
  }

  private Samples weighted(List<Optional<Tensor>> weights) {
    return new Samples(x, y, weights, inputNames, outputNames);
  }

  /// All of them as an element of rows; outputs without weights get 1.
  Element element() {
    List<Tensor> all =
        weights.stream().map(weight -> weight.orElseGet(() -> ones(size()))).toList();
    return new Element(x, y, all);
  }

  private static Tensor ones(int count) {
    Tensor ones = Tensor.zeros(DType.FLOAT32, Shape.of(count));
    ones.fill(i -> 1);
    return ones;
  }

  /// The number of samples.
  public int size() {
    return x.getFirst().shape().dim(0);
  }

  /// The samples `from` (inclusive) to `to` (exclusive); nothing is copied.
  public Samples rows(int from, int to) {
    return mapped(tensor -> tensor.rows(from, to));
  }

  /// The same of other tensors, each made of the one that it replaces.
  private Samples mapped(UnaryOperator<Tensor> change) {
    return new Samples(
        x.stream().map(change).toList(),
        y.stream().map(change).toList(),
        weights.stream().map(weight -> weight.map(change)).toList(),
        inputNames,
        outputNames);
  }

  /// These samples in this order: copied, unless they lie behind each other.
  public Samples select(int[] rows) {
    for (int row : rows) {
      if (row < 0 || row >= size()) {
        throw Refusal.of(
            "samples", "rows from 0 to " + (size() - 1), "row", row, "Choose rows that exist.");
      }
    }
    for (int i = 1; i < rows.length; i++) {
      if (rows[i] != rows[i - 1] + 1) {
        return mapped(tensor -> select(tensor, rows));
      }
    }
    return rows.length == 0 ? rows(0, 0) : rows(rows[0], rows[rows.length - 1] + 1);
  }

  private static Tensor select(Tensor tensor, int[] rows) {
    Tensor selected = Tensor.zeros(tensor.dtype(), tensor.shape().with(0, rows.length));
    long bytes = tensor.shape().rowSize() * tensor.dtype().bytes();
    for (int i = 0; i < rows.length; i++) {
      MemorySegment.copy(tensor.memory(), rows[i] * bytes, selected.memory(), i * bytes, bytes);
    }
    return selected;
  }

  /// The first samples; nothing is copied.
  public Samples take(int count) {
    return rows(0, Math.min(count, size()));
  }
}
