package io.kalamos.tensorboard;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// A message of protocol buffers while it is written, field by field. Field numbers are those of
/// TensorFlow's and TensorBoard's `.proto` files.
final class Message {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  /// What writes one field.
  private interface Field {
    void write() throws IOException;
  }

  private Message field(Field field) {
    try {
      field.write();
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory", impossible);
    }
    return this;
  }

  /// Of the types int32, int64, uint32 and enum.
  Message whole(int number, long value) {
    return field(() -> out.writeInt64(number, value));
  }

  Message flag(int number, boolean value) {
    return field(() -> out.writeBool(number, value));
  }

  Message real(int number, double value) {
    return field(() -> out.writeDouble(number, value));
  }

  /// Nothing is written for an empty text.
  Message text(int number, String value) {
    return value.isEmpty() ? this : field(() -> out.writeString(number, value));
  }

  Message bytes(int number, byte[] value) {
    return field(() -> out.writeByteArray(number, value));
  }

  Message message(int number, Message value) {
    return bytes(number, value.toBytes());
  }

  byte[] toBytes() {
    field(out::flush);
    return bytes.toByteArray();
  }
}
