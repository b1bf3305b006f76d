package io.kalamos.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A named option of a node.
record AttributeProto(String name, AttributeValue value) implements Message {
  private static final int NAME = 1;
  private static final int F = 2;
  private static final int I = 3;
  private static final int S = 4;
  private static final int T = 5;
  private static final int FLOATS = 7;
  private static final int INTS = 8;
  private static final int STRINGS = 9;
  private static final int TYPE = 20;

  private static final int FLOAT_TYPE = 1;
  private static final int INT_TYPE = 2;
  private static final int STRING_TYPE = 3;
  private static final int TENSOR_TYPE = 4;
  private static final int FLOATS_TYPE = 6;
  private static final int INTS_TYPE = 7;
  private static final int STRINGS_TYPE = 8;

  static AttributeProto whole(String name, long value) {
    return new AttributeProto(name, new AttributeValue.Whole(value));
  }

  static AttributeProto wholes(String name, List<Long> values) {
    return new AttributeProto(name, new AttributeValue.Wholes(values));
  }

  static AttributeProto real(String name, float value) {
    return new AttributeProto(name, new AttributeValue.Real(value));
  }

  static AttributeProto text(String name, String value) {
    return new AttributeProto(name, new AttributeValue.Text(value));
  }

  @Override
  public void write(FieldWriter out) throws IOException {
    out.text(NAME, name);
    switch (value) {
      case AttributeValue.Real(float number) -> {
        out.real(F, number);
        out.whole(TYPE, FLOAT_TYPE);
      }
      case AttributeValue.Whole(long number) -> {
        out.whole(I, number);
        out.whole(TYPE, INT_TYPE);
      }
      case AttributeValue.Text(String text) -> {
        out.bytes(S, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        out.whole(TYPE, STRING_TYPE);
      }
      case AttributeValue.Constant(TensorProto tensor) -> {
        out.message(T, tensor);
        out.whole(TYPE, TENSOR_TYPE);
      }
      case AttributeValue.Reals(List<Float> numbers) -> {
        out.reals(FLOATS, numbers);
        out.whole(TYPE, FLOATS_TYPE);
      }
      case AttributeValue.Wholes(List<Long> numbers) -> {
        out.wholes(INTS, numbers);
        out.whole(TYPE, INTS_TYPE);
      }
      case AttributeValue.Texts(List<String> texts) -> {
        out.texts(STRINGS, texts);
        out.whole(TYPE, STRINGS_TYPE);
      }
      case AttributeValue.Other other -> throw new IllegalArgumentException("" + other);
    }
  }

  static AttributeProto read(FieldReader in) throws IOException {
    String name = "";
    int kind = 0;
    float real = 0;
    long whole = 0;
    String text = "";
    TensorProto tensor = null;
    List<Float> reals = new ArrayList<>();
    List<Long> wholes = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case NAME -> name = in.text();
        case F -> real = in.real();
        case I -> whole = in.whole();
        case S -> text = in.text();
        case T -> tensor = in.message(TensorProto::read);
        case FLOATS -> in.reals(reals);
        case INTS -> in.wholes(wholes);
        case STRINGS -> texts.add(in.text());
        case TYPE -> kind = in.code();
        default -> in.skip();
      }
    }
    return new AttributeProto(
        name,
        switch (kind) {
          case FLOAT_TYPE -> new AttributeValue.Real(real);
          case INT_TYPE -> new AttributeValue.Whole(whole);
          case STRING_TYPE -> new AttributeValue.Text(text);
          case TENSOR_TYPE ->
              tensor == null ? new AttributeValue.Other(kind) : new AttributeValue.Constant(tensor);
          case FLOATS_TYPE -> new AttributeValue.Reals(reals);
          case INTS_TYPE -> new AttributeValue.Wholes(wholes);
          case STRINGS_TYPE -> new AttributeValue.Texts(texts);
          default -> new AttributeValue.Other(kind);
        });
  }
}
