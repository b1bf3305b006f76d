package io.kalamos.saving;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/// An array of numbers in an HDF5 file, row-major.
///
/// @param data little-endian; of a file that was read it is a view of the file
record Hdf5Dataset(Hdf5Type type, Shape shape, MemorySegment data) implements Hdf5Node {
  /// The values of a tensor of floating-point numbers.
  static Hdf5Dataset of(Tensor tensor) {
    Hdf5Type type = tensor.dtype() == DType.FLOAT64 ? Hdf5Type.FLOAT64 : Hdf5Type.FLOAT32;
    boolean same = tensor.dtype() == DType.FLOAT64 || tensor.dtype() == DType.FLOAT32;
    if (same && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      long bytes = tensor.size() * type.bytes();
      return new Hdf5Dataset(type, tensor.shape(), tensor.memory().asSlice(0, bytes));
    }
    MemorySegment data = Arena.ofAuto().allocate(Math.max(1, tensor.size() * type.bytes()), 8);
    for (long i = 0; i < tensor.size(); i++) {
      type.set(data, i, tensor.get(i));
    }
    return new Hdf5Dataset(type, tensor.shape(), data);
  }

  /// A single number.
  static Hdf5Dataset of(Hdf5Type type, double value) {
    MemorySegment data = Arena.ofAuto().allocate(type.bytes(), 8);
    type.set(data, 0, value);
    return new Hdf5Dataset(type, Shape.SCALAR, data);
  }

  long bytes() {
    return shape.size() * type.bytes();
  }

  double get(long index) {
    return type.get(data, index);
  }

  /// Writes the values into a tensor of the same shape.
  void copyTo(Tensor tensor) {
    boolean same =
        type == Hdf5Type.FLOAT32 && tensor.dtype() == DType.FLOAT32
            || type == Hdf5Type.FLOAT64 && tensor.dtype() == DType.FLOAT64;
    if (same && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      MemorySegment.copy(data, 0, tensor.memory(), 0, bytes());
      return;
    }
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, get(i));
    }
  }

  /// Whether another dataset has the same type, shape and bits.
  boolean same(Hdf5Dataset other) {
    return type == other.type
        && shape.equals(other.shape)
        && MemorySegment.mismatch(data, 0, bytes(), other.data, 0, bytes()) < 0;
  }
}
