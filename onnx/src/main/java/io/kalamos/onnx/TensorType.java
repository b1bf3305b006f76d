package io.kalamos.onnx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Type and shape of a value, as `TypeProto` has them.
///
/// @param shape empty where not even the number of axes is known
record TensorType(ElementType element, Optional<List<Dimension>> shape) implements Message {
  private static final int TENSOR_TYPE = 1;
  private static final int ELEM_TYPE = 1;
  private static final int SHAPE = 2;
  private static final int DIM = 1;

  @Override
  public void write(FieldWriter out) throws IOException {
    out.message(TENSOR_TYPE, this::writeTensor);
  }

  private void writeTensor(FieldWriter out) throws IOException {
    out.whole(ELEM_TYPE, element.code());
    if (shape.isPresent()) {
      out.message(SHAPE, axes -> axes.messages(DIM, shape.get()));
    }
  }

  /// Nothing where the value is no tensor.
  static Optional<TensorType> read(FieldReader in) throws IOException {
    Optional<TensorType> type = Optional.empty();
    while (in.next()) {
      switch (in.field()) {
        case TENSOR_TYPE -> type = Optional.of(in.message(TensorType::readTensor));
        default -> in.skip();
      }
    }
    return type;
  }

  private static TensorType readTensor(FieldReader in) throws IOException {
    ElementType element = null;
    Optional<List<Dimension>> shape = Optional.empty();
    while (in.next()) {
      switch (in.field()) {
        case ELEM_TYPE -> element = ElementType.coded(in.code());
        case SHAPE -> shape = Optional.of(in.message(TensorType::readShape));
        default -> in.skip();
      }
    }
    if (element == null) {
      throw new IOException(
          "ONNX file: expected the type of a value's elements, received elem_type=none."
              + " The file is damaged; write it again with the program that made it.");
    }
    return new TensorType(element, shape);
  }

  private static List<Dimension> readShape(FieldReader in) throws IOException {
    List<Dimension> sizes = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case DIM -> sizes.add(in.message(Dimension::read));
        default -> in.skip();
      }
    }
    return sizes;
  }
}
