package io.kalamos.onnx;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.util.Arrays;

/// What a name of an ONNX graph stands for while its operators are written: numbers that are known,
/// or a symbolic value.
sealed interface Value {
  ElementType type();

  Shape shape();

  /// Numbers that do not depend on the data: weights, shapes, axes.
  ///
  /// @param tensor float32 for float, float16 and bfloat16, float64 for all others; whole numbers
  ///   are exact up to 2^53
  record Known(ElementType type, Tensor tensor) implements Value {
    static Known of(ElementType type, double[] values, Shape shape) {
      Tensor tensor = Tensor.zeros(stored(type), shape);
      tensor.fill(i -> values[i]);
      return new Known(type, tensor);
    }

    /// A list of whole numbers, such as a shape.
    static Known list(long... values) {
      return of(
          ElementType.INT64,
          Arrays.stream(values).asDoubleStream().toArray(),
          Shape.of(values.length));
    }

    static Known scalar(ElementType type, double value) {
      return of(type, new double[] {value}, Shape.SCALAR);
    }

    /// The type in which values of an element type are kept.
    static DType stored(ElementType type) {
      return switch (type) {
        case FLOAT, FLOAT16, BFLOAT16 -> DType.FLOAT32;
        case DOUBLE, BOOL, UINT8, INT8, UINT16, INT16, INT32, INT64, UINT32, UINT64 ->
            DType.FLOAT64;
        case STRING -> throw new IllegalArgumentException("texts are no numbers");
      };
    }

    @Override
    public Shape shape() {
      return tensor.shape();
    }

    double[] values() {
      return tensor.toDoubles();
    }

    long[] numbers() {
      return Arrays.stream(values()).mapToLong(value -> (long) value).toArray();
    }

    /// Whether all numbers are the same one.
    boolean uniform() {
      long size = tensor.size();
      double first = size == 0 ? 0 : tensor.get(0);
      for (long i = 1; i < size; i++) {
        if (tensor.get(i) != first) {
          return false;
        }
      }
      return size > 0;
    }

    /// Whether the same numbers are known.
    boolean same(Known other) {
      return type == other.type
          && shape().equals(other.shape())
          && (tensor == other.tensor || tensor.memory().mismatch(other.tensor.memory()) < 0);
    }
  }

  /// A value that follows from the data, or is too much work to be computed in advance. Whole
  /// numbers and truth values are kept in a floating type, or in int32.
  record Computed(ElementType type, Node node) implements Value {
    @Override
    public Shape shape() {
      return node.shape();
    }
  }
}
