package io.kalamos.onnx;

import java.io.IOException;
import java.util.Optional;

/// A value's name and what is known of it.
///
/// @param type empty where it is not told or no tensor's
record ValueInfoProto(String name, Optional<TensorType> type) implements Message {
  private static final int NAME = 1;
  private static final int TYPE = 2;

  @Override
  public void write(FieldWriter out) throws IOException {
    out.text(NAME, name);
    if (type.isPresent()) {
      out.message(TYPE, type.get());
    }
  }

  static ValueInfoProto read(FieldReader in) throws IOException {
    String name = "";
    Optional<TensorType> type = Optional.empty();
    while (in.next()) {
      switch (in.field()) {
        case NAME -> name = in.text();
        case TYPE -> type = in.message(TensorType::read);
        default -> in.skip();
      }
    }
    return new ValueInfoProto(name, type);
  }
}
