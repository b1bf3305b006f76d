package io.kalamos.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.List;

/// Reads the fields of messages, with limits.
///
/// No length in the file is believed before the bytes behind it are there. Messages are read one
/// within the other only as deep as the records go: attributes that hold graphs are skipped.
///
/// ```java
/// while (in.next()) {
///   switch (in.field()) {
///     case 1 -> name = in.text();
///     default -> in.skip();
///   }
/// }
/// ```
final class FieldReader {
  /// Reads one kind of message.
  @FunctionalInterface
  interface Reading<T> {
    T read(FieldReader in) throws IOException;
  }

  private final CodedInputStream in;
  private final Limits limits;
  private int elements;
  private int tag;

  private FieldReader(byte[] file, Limits limits) {
    this.in = CodedInputStream.newInstance(file);
    this.limits = limits;
  }

  /// Reads a whole file.
  ///
  /// @throws IOException where it is damaged or too large
  static <T> T read(byte[] file, Limits limits, Reading<T> reading) throws IOException {
    if (file.length > limits.bytes()) {
      throw refused("at most " + limits.bytes() + " bytes", "bytes", file.length);
    }
    FieldReader reader = new FieldReader(file, limits);
    try {
      T message = reading.read(reader);
      reader.in.checkLastTagWas(0);
      return message;
    } catch (InvalidProtocolBufferException damage) {
      String error = damage.getMessage().replaceFirst("\\.$", "");
      throw refused("whole messages of protocol buffers", "error", error);
    }
  }

  /// Goes to the next field; false at the end of the message.
  boolean next() throws IOException {
    tag = in.readTag();
    return tag != 0;
  }

  /// The number of the field that is to be read now.
  int field() {
    return WireFormat.getTagFieldNumber(tag);
  }

  void skip() throws IOException {
    if (!in.skipField(tag)) {
      throw refused("fields, each with a value", "field", field());
    }
  }

  <T> T message(Reading<T> reading) throws IOException {
    expect(WireType.LENGTH);
    count();
    int outer = in.pushLimit(in.readRawVarint32());
    T message = reading.read(this);
    in.checkLastTagWas(0);
    in.popLimit(outer);
    return message;
  }

  String text() throws IOException {
    expect(WireType.LENGTH);
    count();
    return in.readStringRequireUtf8();
  }

  long whole() throws IOException {
    expect(WireType.VARINT);
    return in.readInt64();
  }

  int code() throws IOException {
    long number = whole();
    if (number != (int) number) {
      throw refused("a small number in field " + field(), "number", number);
    }
    return (int) number;
  }

  float real() throws IOException {
    expect(WireType.FIXED32);
    return in.readFloat();
  }

  /// Adds one number, or several that stand packed behind a length.
  void wholes(List<Long> numbers) throws IOException {
    if (WireFormat.getTagWireType(tag) == WireType.VARINT) {
      count();
      numbers.add(in.readInt64());
      return;
    }
    expect(WireType.LENGTH);
    int outer = in.pushLimit(in.readRawVarint32());
    while (!in.isAtEnd()) {
      count();
      numbers.add(in.readInt64());
    }
    in.popLimit(outer);
  }

  /// Adds one number, or several that stand packed behind a length.
  void reals(List<Float> numbers) throws IOException {
    if (WireFormat.getTagWireType(tag) == WireType.FIXED32) {
      count();
      numbers.add(in.readFloat());
      return;
    }
    expect(WireType.LENGTH);
    int outer = in.pushLimit(in.readRawVarint32());
    while (!in.isAtEnd()) {
      count();
      numbers.add(in.readFloat());
    }
    in.popLimit(outer);
  }

  byte[] bytes() throws IOException {
    expect(WireType.LENGTH);
    return in.readByteArray();
  }

  /// The numbers of a tensor, whose count is bounded by the bytes of the file: packed, or one.
  void elements(int wireType, TensorNumbers numbers) throws IOException {
    if (WireFormat.getTagWireType(tag) == wireType) {
      numbers.add(in);
      return;
    }
    expect(WireType.LENGTH);
    int outer = in.pushLimit(in.readRawVarint32());
    while (!in.isAtEnd()) {
      numbers.add(in);
    }
    in.popLimit(outer);
  }

  /// Takes one number of a tensor from the file.
  @FunctionalInterface
  interface TensorNumbers {
    void add(CodedInputStream in) throws IOException;
  }

  private void count() throws IOException {
    if (++elements > limits.elements()) {
      throw refused("at most " + limits.elements() + " parts", "parts", "more");
    }
  }

  private void expect(int wireType) throws IOException {
    int received = WireFormat.getTagWireType(tag);
    if (received != wireType) {
      throw refused("wire type " + wireType + " in field " + field(), "type", received);
    }
  }

  private static IOException refused(String expected, String name, Object value) {
    return new IOException(
        "ONNX file: expected "
            + expected
            + ", received "
            + name
            + "="
            + value
            + ". The file is damaged, hostile or of another kind; use another copy.");
  }
}
