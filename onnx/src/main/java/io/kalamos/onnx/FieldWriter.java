package io.kalamos.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/// Writes the fields of messages.
///
/// A message stands behind its length, so each is written twice, first into nothing to learn how
/// long it is; the numbers of tensors are not copied for that.
final class FieldWriter {
  private static final int COUNTING_BUFFER = 64;

  private final CodedOutputStream out;

  private FieldWriter(CodedOutputStream out) {
    this.out = out;
  }

  /// Writes a whole file.
  static void write(OutputStream stream, Message message) throws IOException {
    CodedOutputStream out = CodedOutputStream.newInstance(stream);
    message.write(new FieldWriter(out));
    out.flush();
  }

  private static int size(Message message) throws IOException {
    CodedOutputStream nothing =
        CodedOutputStream.newInstance(OutputStream.nullOutputStream(), COUNTING_BUFFER);
    message.write(new FieldWriter(nothing));
    return nothing.getTotalBytesWritten();
  }

  void message(int field, Message message) throws IOException {
    out.writeTag(field, WireType.LENGTH);
    out.writeUInt32NoTag(size(message));
    message.write(this);
  }

  void messages(int field, List<? extends Message> messages) throws IOException {
    for (Message message : messages) {
      message(field, message);
    }
  }

  /// Nothing is written for an empty text.
  void text(int field, String text) throws IOException {
    if (!text.isEmpty()) {
      out.writeString(field, text);
    }
  }

  /// Empty texts too: an input that is left out is one.
  void texts(int field, List<String> texts) throws IOException {
    for (String text : texts) {
      out.writeString(field, text);
    }
  }

  void whole(int field, long number) throws IOException {
    out.writeInt64(field, number);
  }

  void wholes(int field, List<Long> numbers) throws IOException {
    for (long number : numbers) {
      out.writeInt64(field, number);
    }
  }

  void real(int field, float number) throws IOException {
    out.writeFloat(field, number);
  }

  void reals(int field, List<Float> numbers) throws IOException {
    for (float number : numbers) {
      out.writeFloat(field, number);
    }
  }

  void bytes(int field, ByteBuffer bytes) throws IOException {
    out.writeByteBuffer(field, bytes);
  }
}
