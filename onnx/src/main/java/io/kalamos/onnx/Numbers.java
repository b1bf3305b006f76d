package io.kalamos.onnx;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;

/// Tensors as the bytes of a file: little-endian, all real numbers as float32.
final class Numbers {
  private Numbers() {}

  /// The type in the file.
  static ElementType type(DType type) {
    return type.floating() ? ElementType.FLOAT : ElementType.of(type);
  }

  /// The numbers of a tensor, without a copy where they lie as the file wants them.
  static ByteBuffer raw(Tensor tensor) {
    ElementType type = type(tensor.dtype());
    boolean asTheyLie =
        ElementType.of(tensor.dtype()) == type
            && (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN || type.bytes() == 1);
    if (asTheyLie) {
      return tensor.memory().asSlice(0, tensor.size() * type.bytes()).asByteBuffer();
    }
    int size = Math.toIntExact(tensor.size());
    ByteBuffer raw =
        ByteBuffer.allocate(Math.multiplyExact(size, type.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < size; i++) {
      if (type == ElementType.FLOAT) {
        raw.putFloat((float) tensor.get(i));
      } else {
        raw.putInt((int) tensor.get(i));
      }
    }
    return raw.flip();
  }

  /// A single number.
  static ByteBuffer raw(double value, DType type) {
    Tensor number = Tensor.zeros(type, Shape.SCALAR);
    number.set(0, value);
    return raw(number);
  }

  static List<Long> dims(Shape shape) {
    return IntStream.of(shape.toArray()).mapToObj(size -> (long) size).toList();
  }

  /// The same numbers in the order of a layout.
  static Tensor arranged(Tensor tensor, Layout layout) {
    if (layout.isPlain()) {
      return tensor;
    }
    int rank = layout.rank();
    List<Integer> order = layout.order();
    Shape shape = Shape.of(order.stream().mapToInt(tensor.shape()::dim).toArray());
    long[] strides = new long[rank];
    for (int i = 0; i < rank; i++) {
      strides[i] = tensor.shape().product(order.get(i) + 1, rank);
    }
    Tensor arranged = Tensor.zeros(tensor.dtype(), shape);
    int[] places = new int[rank];
    long from = 0;
    for (long to = 0; to < arranged.size(); to++) {
      arranged.set(to, tensor.get(from));
      for (int axis = rank - 1; axis >= 0; axis--) {
        from += strides[axis];
        if (++places[axis] < shape.dim(axis)) {
          break;
        }
        from -= strides[axis] * places[axis];
        places[axis] = 0;
      }
    }
    return arranged;
  }
}
