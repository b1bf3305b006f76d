package io.kalamos.data;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A map of one tensor that writes its result where it is wanted, such as straight into a batch.
public interface Decoding {
  /// The type of the result.
  DType dtype();

  /// The shape of the result.
  Shape shape();

  /// Writes all elements of `into`, whatever it held before.
  void decode(Tensor from, Tensor into);

  /// The numbers times `factor` as float32 of this shape: `scaled(1 / 255.0, 28, 28, 1)`.
  static Decoding scaled(double factor, int... shape) {
    return new Scaled((float) factor, Shape.of(shape));
  }

  /// A class index as float32 of shape (classes): 1 at its place, 0 elsewhere.
  static Decoding oneHot(int classes) {
    Refusal.unlessAtLeast("oneHot", "classes", classes, 1, "Give the number of classes.");
    return new OneHot(classes);
  }

  /// See [#scaled].
  record Scaled(float factor, Shape shape) implements Decoding {
    @Override
    public DType dtype() {
      return DType.FLOAT32;
    }

    @Override
    public void decode(Tensor from, Tensor into) {
      if (from.size() != shape.size()) {
        throw Refusal.of(
            "scaled",
            shape.size() + " numbers for shape " + shape,
            "tensor",
            from,
            "Give the shape that the numbers have.");
      }
      float[] values = from.toFloats();
      for (int i = 0; i < values.length; i++) {
        values[i] *= factor;
      }
      MemorySegment.copy(
          values, 0, into.memory(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values.length);
    }
  }

  /// See [#oneHot].
  record OneHot(int classes) implements Decoding {
    @Override
    public DType dtype() {
      return DType.FLOAT32;
    }

    @Override
    public Shape shape() {
      return Shape.of(classes);
    }

    @Override
    public void decode(Tensor from, Tensor into) {
      double label = from.size() == 1 ? from.get(0) : Double.NaN;
      if (!(label >= 0 && label < classes && label == Math.rint(label))) {
        throw Refusal.of(
            "oneHot",
            "a whole number from 0 to " + (classes - 1),
            "label",
            from.size() == 1 ? Preprocessing.text(label) : from,
            "Give the number of classes, and labels that count from 0.");
      }
      into.memory().fill((byte) 0);
      into.set((long) label, 1);
    }
  }
}
