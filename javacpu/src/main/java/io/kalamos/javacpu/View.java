package io.kalamos.javacpu;

import io.kalamos.engine.Shape;
import java.util.Arrays;
import java.util.List;

/// An array read in the row-major order of another shape: repeated along axes (stride 0) with its
/// axes in another order, or a part of it.
///
/// Axes that are walked in one go are merged, so that a value read as it lies has one axis of
/// stride 1, a repeated number one axis of stride 0.
final class View {
  private final int[] sizes;
  private final int[] strides;
  private final int start;
  private final int inner;
  private final int step;

  private View(int[] sizes, int[] strides) {
    this(sizes, strides, 0);
  }

  private View(int[] sizes, int[] strides, int start) {
    int[] mergedSizes = new int[sizes.length + 1];
    int[] mergedStrides = new int[sizes.length + 1];
    int rank = 0;
    for (int axis = 0; axis < sizes.length; axis++) {
      if (sizes[axis] == 1) {
        continue;
      }
      if (rank > 0 && mergedStrides[rank - 1] == strides[axis] * sizes[axis]) {
        mergedSizes[rank - 1] *= sizes[axis];
        mergedStrides[rank - 1] = strides[axis];
      } else {
        mergedSizes[rank] = sizes[axis];
        mergedStrides[rank++] = strides[axis];
      }
    }
    if (rank == 0) {
      mergedSizes[0] = 1;
      mergedStrides[rank++] = 1;
    }
    this.sizes = Arrays.copyOf(mergedSizes, rank);
    this.strides = Arrays.copyOf(mergedStrides, rank);
    this.start = start;
    this.inner = this.sizes[rank - 1];
    this.step = this.strides[rank - 1];
  }

  /// `from` repeated to `to` by NumPy's rules.
  static View broadcast(Shape from, Shape to) {
    int[] natural = strides(from);
    int[] strides = new int[to.rank()];
    int added = to.rank() - from.rank();
    for (int axis = added; axis < to.rank(); axis++) {
      strides[axis] = from.dim(axis - added) == 1 ? 0 : natural[axis - added];
    }
    return new View(to.toArray(), strides);
  }

  /// `from` with axis `order[i]` as axis i.
  static View transposed(Shape from, List<Integer> order) {
    int[] natural = strides(from);
    return new View(
        order.stream().mapToInt(from::dim).toArray(),
        order.stream().mapToInt(axis -> natural[axis]).toArray());
  }

  /// A part of `whole`: `part` elements of each axis from `from` on.
  static View part(Shape whole, List<Integer> from, Shape part) {
    int[] strides = strides(whole);
    int start = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      start += from.get(axis) * strides[axis];
    }
    return new View(part.toArray(), strides, start);
  }

  private static int[] strides(Shape shape) {
    int[] strides = new int[shape.rank()];
    int stride = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape.dim(axis);
    }
    return strides;
  }

  /// Whether elements are read as they lie.
  boolean plain() {
    return sizes.length == 1 && step == 1 && start == 0;
  }

  /// Where the element at row-major position `position` lies.
  int at(int position) {
    int index = start + position % inner * step;
    int rest = position / inner;
    for (int axis = sizes.length - 2; axis >= 0; axis--) {
      index += rest % sizes[axis] * strides[axis];
      rest /= sizes[axis];
    }
    return index;
  }

  /// Copies the elements at positions `position` .. `position + count - 1` to `target[to]` ff.
  void read(float[] source, int position, int count, float[] target, int to) {
    int done = 0;
    while (done < count) {
      int first = at(position + done);
      int run = Math.min(inner - (position + done) % inner, count - done);
      switch (step) {
        case 0 -> Arrays.fill(target, to + done, to + done + run, source[first]);
        case 1 -> System.arraycopy(source, first, target, to + done, run);
        default -> {
          for (int i = 0; i < run; i++) {
            target[to + done + i] = source[first + i * step];
          }
        }
      }
      done += run;
    }
  }

  /// Copies `source[from]` ff. to the elements at positions `position` .. `position + count - 1`;
  /// the inverse of [#read].
  void write(float[] source, int from, float[] target, int position, int count) {
    int done = 0;
    while (done < count) {
      int first = at(position + done);
      int run = Math.min(inner - (position + done) % inner, count - done);
      if (step == 1) {
        System.arraycopy(source, from + done, target, first, run);
      } else {
        for (int i = 0; i < run; i++) {
          target[first + i * step] = source[from + done + i];
        }
      }
      done += run;
    }
  }
}
