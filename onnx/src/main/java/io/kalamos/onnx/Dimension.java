package io.kalamos.onnx;

import java.io.IOException;

/// The size of an axis.
sealed interface Dimension extends Message {
  int DIM_VALUE = 1;
  int DIM_PARAM = 2;

  record Fixed(long size) implements Dimension {
    @Override
    public void write(FieldWriter out) throws IOException {
      out.whole(DIM_VALUE, size);
    }
  }

  /// A size that is known when the model runs; axes of one name have one size. The name may be
  /// empty.
  record Open(String name) implements Dimension {
    @Override
    public void write(FieldWriter out) throws IOException {
      out.text(DIM_PARAM, name);
    }
  }

  static Dimension read(FieldReader in) throws IOException {
    Dimension size = new Open("");
    while (in.next()) {
      switch (in.field()) {
        case DIM_VALUE -> size = new Fixed(in.whole());
        case DIM_PARAM -> size = new Open(in.text());
        default -> in.skip();
      }
    }
    return size;
  }
}
