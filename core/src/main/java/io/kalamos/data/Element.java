package io.kalamos.data;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// What flows through a [Dataset]: a sample, or after `batch` many of them.
///
/// @param x a tensor for each input of the model
/// @param y a tensor for each output of the model; none where there are no targets
/// @param weights how much the sample counts, for each of `y`: a number, or (steps) for time steps;
///   none where all count the same
public record Element(List<Tensor> x, List<Tensor> y, List<Tensor> weights) {
  public Element {
    x = List.copyOf(x);
    y = List.copyOf(y);
    weights = List.copyOf(weights);
    if (x.isEmpty()) {
      throw Refusal.of("element", "at least one tensor x", "x", "[]", "Give the sample itself.");
    }
    if (!weights.isEmpty() && weights.size() != y.size()) {
      throw Refusal.of(
          "element",
          "a weight for each of the " + y.size() + " tensors y",
          "weights",
          weights,
          "Give one weight with weight(tensor), which counts for all targets.");
    }
  }

  public Element(List<Tensor> x, List<Tensor> y) {
    this(x, y, List.of());
  }

  public static Element of(Tensor x) {
    return new Element(List.of(x), List.of());
  }

  public static Element of(Tensor x, Tensor y) {
    return new Element(List.of(x), List.of(y));
  }

  public static Element of(Tensor x, Tensor y, Tensor weight) {
    return of(x, y).weight(weight);
  }

  /// The first input.
  public Tensor input() {
    return x.getFirst();
  }

  /// The first target.
  public Tensor target() {
    if (y.isEmpty()) {
      throw Refusal.of(
          "element", "a target", "y", "[]", "Give the dataset targets, as with Dataset.zip.");
    }
    return y.getFirst();
  }

  /// The same with another first input.
  public Element input(Tensor other) {
    return new Element(replaced(x, other), y, weights);
  }

  /// The same with another first target.
  public Element target(Tensor other) {
    target();
    return new Element(x, replaced(y, other), weights);
  }

  /// The same where all targets count by this weight.
  public Element weight(Tensor weight) {
    target();
    return new Element(x, y, Collections.nCopies(y.size(), weight));
  }

  private static List<Tensor> replaced(List<Tensor> tensors, Tensor first) {
    List<Tensor> others = new ArrayList<>(tensors);
    others.set(0, first);
    return others;
  }

  /// A batch as rows that `fit` and `evaluate` take.
  public Samples samples() {
    return new Samples(x, y, weights.stream().map(Optional::of).toList(), List.of(), List.of());
  }

  List<Tensor> tensors() {
    List<Tensor> all = new ArrayList<>(x);
    all.addAll(y);
    all.addAll(weights);
    return all;
  }

  /// Row `row` of a batch, in the batch's memory.
  Element row(int row) {
    return new Element(rows(x, row), rows(y, row), rows(weights, row));
  }

  private static List<Tensor> rows(List<Tensor> tensors, int row) {
    List<Tensor> views = new ArrayList<>(tensors.size());
    for (Tensor tensor : tensors) {
      views.add(row(tensor, row));
    }
    return views;
  }

  static Tensor row(Tensor tensor, int row) {
    Shape shape = tensor.shape().slice(1, tensor.shape().rank());
    long bytes = shape.size() * tensor.dtype().bytes();
    MemorySegment memory = tensor.memory().asSlice(row * bytes, bytes);
    return Tensor.view(tensor.dtype(), shape, memory);
  }

  /// Copies a row of these rows to another batch's row, which has the same memory layout and costs
  /// no objects; false where types or shapes are not the same, and nothing was done.
  boolean copyRow(int row, Element batch, int to) {
    boolean fits = sameRows(x, batch.x) && sameRows(y, batch.y) && sameRows(weights, batch.weights);
    if (fits) {
      copyRow(x, row, batch.x, to);
      copyRow(y, row, batch.y, to);
      copyRow(weights, row, batch.weights, to);
    }
    return fits;
  }

  private static boolean sameRows(List<Tensor> some, List<Tensor> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      Shape one = some.get(i).shape();
      Shape other = others.get(i).shape();
      boolean same = some.get(i).dtype() == others.get(i).dtype() && one.rank() == other.rank();
      for (int axis = 1; same && axis < one.rank(); axis++) {
        same = one.dim(axis) == other.dim(axis);
      }
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private static void copyRow(List<Tensor> from, int row, List<Tensor> into, int to) {
    for (int i = 0; i < from.size(); i++) {
      Tensor source = from.get(i);
      long bytes = source.shape().rowSize() * source.dtype().bytes();
      MemorySegment.copy(source.memory(), row * bytes, into.get(i).memory(), to * bytes, bytes);
    }
  }

  /// Zeros for `count` rows like this one.
  Element rowsLikeThis(int count) {
    return new Element(zeros(x, count), zeros(y, count), zeros(weights, count));
  }

  private static List<Tensor> zeros(List<Tensor> rows, int count) {
    return rows.stream().map(row -> zeros(row.dtype(), row.shape(), count)).toList();
  }

  private static Tensor zeros(DType dtype, Shape row, int count) {
    return Tensor.zeros(dtype, row.prepend(count));
  }

  /// Whether tensors, types and shapes are those of another element.
  boolean like(Element other) {
    return like(x, other.x) && like(y, other.y) && like(weights, other.weights);
  }

  private static boolean like(List<Tensor> some, List<Tensor> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      if (!like(some.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  static boolean like(Tensor one, Tensor other) {
    return one.dtype() == other.dtype() && one.shape().equals(other.shape());
  }

  /// Copies the values of an element that is like this one.
  void copyFrom(Element other) {
    copy(x, other.x);
    copy(y, other.y);
    copy(weights, other.weights);
  }

  private static void copy(List<Tensor> into, List<Tensor> from) {
    for (int i = 0; i < into.size(); i++) {
      into.get(i).copyFrom(from.get(i));
    }
  }

  /// Types and shapes: `x=[uint8(784,)] y=[int32()]`, and weights where there are some.
  @Override
  public String toString() {
    return "x="
        + x
        + (y.isEmpty() ? "" : " y=" + y)
        + (weights.isEmpty() ? "" : " weights=" + weights);
  }
}
