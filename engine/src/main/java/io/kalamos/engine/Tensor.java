package io.kalamos.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.IntToDoubleFunction;

/// Numbers of one type in row-major order, in native memory.
///
/// The memory belongs to the tensor and is freed with it, or is somebody else's and is only viewed
/// ([#view]): a memory-mapped data set is used where it lies.
public final class Tensor {
  /// Alignment of every tensor that is allocated here: a cache line, and a 512-bit vector.
  public static final long ALIGNMENT = 64;

  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.nativeOrder());
  static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.nativeOrder());
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.nativeOrder());
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.nativeOrder());

  private final DType dtype;
  private final Shape shape;
  private final MemorySegment memory;

  private Tensor(DType dtype, Shape shape, MemorySegment memory) {
    this.dtype = dtype;
    this.shape = shape;
    this.memory = memory;
  }

  /// A tensor of zeros.
  public static Tensor zeros(DType dtype, Shape shape) {
    long bytes = Math.multiplyExact(shape.size(), dtype.bytes());
    return new Tensor(dtype, shape, Arena.ofAuto().allocate(Math.max(bytes, 1), ALIGNMENT));
  }

  /// A view of native memory that somebody else owns; nothing is copied.
  public static Tensor view(DType dtype, Shape shape, MemorySegment memory) {
    long bytes = Math.multiplyExact(shape.size(), dtype.bytes());
    if (!memory.isNative() || memory.byteSize() < bytes) {
      throw new ShapeException(
          "Tensor.view: expected "
              + bytes
              + " bytes of native memory for "
              + dtype
              + shape
              + ", received "
              + memory.byteSize()
              + (memory.isNative() ? " native" : " heap")
              + " bytes. Map or copy the data into native memory first.");
    }
    return new Tensor(dtype, shape, memory);
  }

  /// A float32 tensor with a copy of these values.
  public static Tensor of(float[] values, int... sizes) {
    Tensor tensor = zeros(DType.FLOAT32, checked(values.length, Shape.of(sizes)));
    MemorySegment.copy(values, 0, tensor.memory, FLOAT, 0, values.length);
    return tensor;
  }

  /// A float64 tensor with a copy of these values.
  public static Tensor of(double[] values, int... sizes) {
    Tensor tensor = zeros(DType.FLOAT64, checked(values.length, Shape.of(sizes)));
    MemorySegment.copy(values, 0, tensor.memory, DOUBLE, 0, values.length);
    return tensor;
  }

  /// An int32 tensor with a copy of these values.
  public static Tensor of(int[] values, int... sizes) {
    Tensor tensor = zeros(DType.INT32, checked(values.length, Shape.of(sizes)));
    MemorySegment.copy(values, 0, tensor.memory, INT, 0, values.length);
    return tensor;
  }

  /// A uint8 tensor with a copy of these bytes.
  public static Tensor of(byte[] values, int... sizes) {
    Tensor tensor = zeros(DType.UINT8, checked(values.length, Shape.of(sizes)));
    MemorySegment.copy(values, 0, tensor.memory, ValueLayout.JAVA_BYTE, 0, values.length);
    return tensor;
  }

  private static Shape checked(long length, Shape shape) {
    if (shape.size() != length) {
      throw new ShapeException(
          "Tensor.of: expected "
              + shape.size()
              + " values for shape "
              + shape
              + ", received length="
              + length
              + ". Give one value per element.");
    }
    return shape;
  }

  public DType dtype() {
    return dtype;
  }

  public Shape shape() {
    return shape;
  }

  public long size() {
    return shape.size();
  }

  /// The memory itself, row-major, native byte order.
  public MemorySegment memory() {
    return memory;
  }

  /// The same memory under another shape of equal size.
  public Tensor reshape(int... sizes) {
    Shape other = Shape.of(sizes);
    if (other.size() != shape.size()) {
      throw new ShapeException(
          "Tensor.reshape: expected "
              + shape.size()
              + " elements, received shape="
              + other
              + ". Keep the number of elements.");
    }
    return new Tensor(dtype, other, memory);
  }

  /// A view of the rows `from` (inclusive) to `to` (exclusive) of the first axis.
  public Tensor rows(int from, int to) {
    if (from < 0 || to > shape.dim(0) || from > to) {
      throw new ShapeException(
          "Tensor.rows: expected 0 <= from <= to <= "
              + shape.dim(0)
              + ", received from="
              + from
              + ", to="
              + to
              + ". Choose rows that exist.");
    }
    long row = shape.rowSize() * dtype.bytes();
    return new Tensor(
        dtype, shape.with(0, to - from), memory.asSlice(from * row, (to - from) * row));
  }

  /// One element, whatever the type, by its row-major position.
  public double get(long index) {
    return switch (dtype) {
      case FLOAT32 -> memory.get(FLOAT, index * 4);
      case FLOAT64 -> memory.get(DOUBLE, index * 8);
      case BFLOAT16 -> BFloat16.toFloat(memory.get(SHORT, index * 2));
      case INT32 -> memory.get(INT, index * 4);
      case UINT8 -> memory.get(ValueLayout.JAVA_BYTE, index) & 0xff;
    };
  }

  /// Writes one element, rounded to the type.
  public void set(long index, double value) {
    switch (dtype) {
      case FLOAT32 -> memory.set(FLOAT, index * 4, (float) value);
      case FLOAT64 -> memory.set(DOUBLE, index * 8, value);
      case BFLOAT16 -> memory.set(SHORT, index * 2, BFloat16.fromFloat((float) value));
      case INT32 -> memory.set(INT, index * 4, (int) value);
      case UINT8 -> memory.set(ValueLayout.JAVA_BYTE, index, (byte) (int) value);
    }
  }

  /// Writes all elements, each a function of its position, rounded to the type.
  public void fill(IntToDoubleFunction value) {
    int size = Math.toIntExact(size());
    if (dtype == DType.FLOAT32) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) value.applyAsDouble(i);
      }
      MemorySegment.copy(values, 0, memory, FLOAT, 0, size);
    } else {
      for (int i = 0; i < size; i++) {
        set(i, value.applyAsDouble(i));
      }
    }
  }

  /// All elements as float32, a copy.
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(size())];
    if (dtype == DType.FLOAT32) {
      MemorySegment.copy(memory, FLOAT, 0, values, 0, values.length);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) get(i);
      }
    }
    return values;
  }

  /// All elements as float64, a copy.
  public double[] toDoubles() {
    return toDoubles(0, Math.toIntExact(size()));
  }

  /// `count` elements from a position on as float64, a copy: the way to read many, since loops over
  /// the heap need no time to become fast.
  public double[] toDoubles(long from, int count) {
    double[] values = new double[count];
    switch (dtype) {
      case FLOAT64 -> MemorySegment.copy(memory, DOUBLE, from * 8, values, 0, count);
      case UINT8 -> {
        byte[] bytes = memory.asSlice(from, count).toArray(ValueLayout.JAVA_BYTE);
        for (int i = 0; i < count; i++) {
          values[i] = bytes[i] & 0xff;
        }
      }
      case INT32 -> {
        int[] numbers = memory.asSlice(from * 4, count * 4L).toArray(INT);
        for (int i = 0; i < count; i++) {
          values[i] = numbers[i];
        }
      }
      case FLOAT32 -> {
        float[] numbers = memory.asSlice(from * 4, count * 4L).toArray(FLOAT);
        for (int i = 0; i < count; i++) {
          values[i] = numbers[i];
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < count; i++) {
          values[i] = get(from + i);
        }
      }
    }
    return values;
  }

  /// Copies the values of a tensor with the same number of elements, converting the type.
  public void copyFrom(Tensor source) {
    if (source.size() != size()) {
      throw new ShapeException(
          "Tensor.copyFrom: expected shape "
              + shape
              + ", received shape="
              + source.shape
              + ". Give a tensor of the same size.");
    }
    if (source.dtype == dtype) {
      MemorySegment.copy(source.memory, 0, memory, 0, size() * dtype.bytes());
    } else {
      for (long i = 0; i < size(); i++) {
        set(i, source.get(i));
      }
    }
  }

  /// A copy in own memory.
  public Tensor copy() {
    Tensor copy = zeros(dtype, shape);
    copy.copyFrom(this);
    return copy;
  }

  /// A copy with another element type.
  public Tensor cast(DType other) {
    Tensor copy = zeros(other, shape);
    copy.copyFrom(this);
    return copy;
  }

  /// Type and shape, not the values: `float32(2, 3)`.
  @Override
  public String toString() {
    return dtype + shape.toString();
  }
}
