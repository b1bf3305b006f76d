package io.kalamos.engine;

import java.util.Arrays;

/// The sizes of a tensor's axes, row-major, outermost first.
///
/// A size of [#OPEN] stands for a batch that is not known yet; it appears only in what a model says
/// of itself (`summary`, layer specifications), never in a graph, which always has concrete sizes.
public final class Shape {
  /// An axis whose size is not known yet; Keras prints it as `None`.
  public static final int OPEN = -1;

  /// The shape of a single number.
  public static final Shape SCALAR = new Shape(new int[0]);

  private final int[] sizes;

  private Shape(int[] sizes) {
    this.sizes = sizes;
  }

  /// A shape of these axis sizes.
  public static Shape of(int... sizes) {
    for (int size : sizes) {
      if (size < OPEN) {
        throw new ShapeException(
            "Shape: expected axis sizes of 0 or more (or Shape.OPEN), received shape="
                + Arrays.toString(sizes)
                + ". Use positive sizes.");
      }
    }
    return new Shape(sizes.clone());
  }

  public int rank() {
    return sizes.length;
  }

  /// Size of an axis; negative axes count from the end.
  public int dim(int axis) {
    return sizes[axis < 0 ? axis + sizes.length : axis];
  }

  /// Number of elements.
  public long size() {
    return product(0, sizes.length);
  }

  /// Number of elements of the axes `from` (inclusive) to `to` (exclusive).
  public long product(int from, int to) {
    long product = 1;
    for (int axis = from; axis < to; axis++) {
      product = Math.multiplyExact(product, sizes[axis]);
    }
    return product;
  }

  /// Elements of one row: everything behind the first axis.
  public long rowSize() {
    return product(Math.min(1, sizes.length), sizes.length);
  }

  /// The same shape with another size of one axis.
  public Shape with(int axis, int size) {
    int[] copy = sizes.clone();
    copy[axis < 0 ? axis + copy.length : axis] = size;
    return new Shape(copy);
  }

  /// This shape behind a new first axis.
  public Shape prepend(int size) {
    int[] longer = new int[sizes.length + 1];
    longer[0] = size;
    System.arraycopy(sizes, 0, longer, 1, sizes.length);
    return new Shape(longer);
  }

  /// This shape with a new last axis.
  public Shape append(int size) {
    int[] longer = Arrays.copyOf(sizes, sizes.length + 1);
    longer[sizes.length] = size;
    return new Shape(longer);
  }

  /// The axes `from` (inclusive) to `to` (exclusive).
  public Shape slice(int from, int to) {
    return new Shape(Arrays.copyOfRange(sizes, from, to));
  }

  /// The axis sizes, a copy.
  public int[] toArray() {
    return sizes.clone();
  }

  /// The common shape of two operands by NumPy's rules: axes are aligned at the end, a size of 1
  /// repeats.
  public static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    int[] sizes = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int left = i <= a.rank() ? a.dim(-i) : 1;
      int right = i <= b.rank() ? b.dim(-i) : 1;
      if (left != right && left != 1 && right != 1) {
        throw new ShapeException(
            "broadcast: expected axes that are equal or 1 from the end, received shapes="
                + a
                + " and "
                + b
                + ". Reshape one of them.");
      }
      sizes[rank - i] = left == 1 ? right : left;
    }
    return new Shape(sizes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape that && Arrays.equals(sizes, that.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  /// As Keras prints it: `(None, 28, 28, 1)`, `(10,)`, `()`.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < sizes.length; i++) {
      text.append(i == 0 ? "" : ", ")
          .append(sizes[i] == OPEN ? "None" : Integer.toString(sizes[i]));
    }
    return text.append(sizes.length == 1 ? ",)" : ")").toString();
  }
}
