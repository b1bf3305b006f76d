package io.kalamos.tensorboard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Values as `TensorProto`.
final class TensorMessage {
  private static final int FLOAT = 1;
  private static final int DOUBLE = 2;
  private static final int STRING = 7;

  private TensorMessage() {}

  /// A single number, float32.
  static Message scalar(double value) {
    ByteBuffer content = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    content.putFloat((float) value);
    return of(FLOAT).bytes(4, content.array());
  }

  /// Numbers in rows, float64.
  static Message matrix(double[] values, int columns) {
    ByteBuffer content = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    content.asDoubleBuffer().put(values);
    return of(DOUBLE, values.length / columns, columns).bytes(4, content.array());
  }

  /// No number at all, float32.
  static Message empty() {
    return of(FLOAT, 0);
  }

  /// A single text.
  static Message text(byte[] value) {
    return of(STRING).bytes(8, value);
  }

  /// A row of texts.
  static Message texts(List<byte[]> values) {
    Message tensor = of(STRING, values.size());
    values.forEach(value -> tensor.bytes(8, value));
    return tensor;
  }

  private static Message of(int type, int... sizes) {
    return new Message().whole(1, type).message(2, shape(sizes));
  }

  /// Sizes as `TensorShapeProto`, an open one being -1.
  static Message shape(int... sizes) {
    Message shape = new Message();
    for (int size : sizes) {
      shape.message(2, new Message().whole(1, size));
    }
    return shape;
  }
}
