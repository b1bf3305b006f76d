package io.kalamos.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Numbers in row-major order.
///
/// Files may hold them as bytes or in one of several lists of numbers; here they always are bytes.
///
/// @param raw little-endian; empty for texts, and where the numbers stand in another file
/// @param external whether the numbers stand in another file
record TensorProto(String name, ElementType type, List<Long> dims, ByteBuffer raw, boolean external)
    implements Message {
  private static final int DIMS = 1;
  private static final int DATA_TYPE = 2;
  private static final int FLOAT_DATA = 4;
  private static final int INT32_DATA = 5;
  private static final int INT64_DATA = 7;
  private static final int NAME = 8;
  private static final int RAW_DATA = 9;
  private static final int DOUBLE_DATA = 10;
  private static final int UINT64_DATA = 11;
  private static final int DATA_LOCATION = 14;

  TensorProto {
    dims = List.copyOf(dims);
  }

  /// A tensor with its numbers.
  static TensorProto of(String name, ElementType type, List<Long> dims, ByteBuffer raw) {
    return new TensorProto(name, type, dims, raw, false);
  }

  /// Whole numbers along one axis, as shapes and axes are given.
  static TensorProto wholes(String name, long... numbers) {
    ByteBuffer raw = ByteBuffer.allocate(numbers.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    raw.asLongBuffer().put(numbers);
    return of(name, ElementType.INT64, List.of((long) numbers.length), raw);
  }

  @Override
  public void write(FieldWriter out) throws IOException {
    out.wholes(DIMS, dims);
    out.whole(DATA_TYPE, type.code());
    out.text(NAME, name);
    out.bytes(RAW_DATA, raw);
  }

  static TensorProto read(FieldReader in) throws IOException {
    List<Long> dims = new ArrayList<>();
    ElementType type = null;
    String name = "";
    Bytes numbers = new Bytes();
    byte[] raw = null;
    boolean external = false;
    while (in.next()) {
      switch (in.field()) {
        case DIMS -> in.wholes(dims);
        case DATA_TYPE -> type = ElementType.coded(in.code());
        case NAME -> name = in.text();
        case RAW_DATA -> raw = in.bytes();
        case FLOAT_DATA -> in.elements(WireType.FIXED32, s -> numbers.add(s.readFixed32(), 4));
        case DOUBLE_DATA -> in.elements(WireType.FIXED64, s -> numbers.add(s.readFixed64(), 8));
        case INT32_DATA -> {
          int bytes = known(type).bytes();
          in.elements(WireType.VARINT, s -> numbers.add(s.readInt32(), bytes));
        }
        case INT64_DATA -> in.elements(WireType.VARINT, s -> numbers.add(s.readInt64(), 8));
        case UINT64_DATA -> {
          int bytes = known(type).bytes();
          in.elements(WireType.VARINT, s -> numbers.add(s.readUInt64(), bytes));
        }
        case DATA_LOCATION -> external = in.code() == 1;
        default -> in.skip();
      }
    }
    ByteBuffer all = ByteBuffer.wrap(raw != null ? raw : numbers.toByteArray());
    return new TensorProto(
        name, known(type), dims, all.order(ByteOrder.LITTLE_ENDIAN).asReadOnlyBuffer(), external);
  }

  private static ElementType known(ElementType type) throws IOException {
    if (type == null) {
      throw new IOException(
          "ONNX file: expected a tensor's type before its numbers, received data_type=none."
              + " The file is damaged; write it again with the program that made it.");
    }
    return type;
  }

  /// Grows by the low bytes of numbers.
  private static final class Bytes extends ByteArrayOutputStream {
    void add(long number, int bytes) {
      for (int i = 0; i < bytes; i++) {
        write((int) (number >>> 8 * i));
      }
    }
  }
}
