package io.kalamos.onnx;

import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;

/// Numbers of a file as the engine keeps them.
final class Tensors {
  private static final int MOST_AXES = 16;

  private Tensors() {}

  /// The numbers of a tensor, whose bytes must be there: nothing is allocated for sizes that are
  /// only claimed.
  static Value.Known known(String where, TensorProto tensor) {
    String place =
        tensor.name().isEmpty() ? where : where + " tensor " + Names.shown(tensor.name());
    if (tensor.external()) {
      throw Refusal.of(
          place,
          "numbers within the file",
          "location",
          "another file",
          "Only the file itself is opened; save the model with its weights inside:"
              + " onnx.save(model, path, save_as_external_data=False).");
    }
    if (tensor.type() == ElementType.STRING) {
      throw Refusal.of(
          place, "numbers", "type", "string", "Turn texts into numbers before the model.");
    }
    Shape shape = shape(place, tensor.dims());
    long bytes = Math.multiplyExact(shape.size(), tensor.type().bytes());
    if (bytes != tensor.raw().remaining()) {
      throw Refusal.of(
          place,
          bytes + " bytes for " + tensor.type() + shape,
          "bytes",
          tensor.raw().remaining(),
          "The file is damaged; use another copy.");
    }
    return new Value.Known(tensor.type(), numbers(tensor.type(), shape, tensor.raw()));
  }

  private static Shape shape(String place, List<Long> dims) {
    long size = 1;
    for (long dim : dims) {
      boolean fits = dim >= 0 && dim <= Integer.MAX_VALUE && size * dim <= Integer.MAX_VALUE;
      if (!fits || dims.size() > MOST_AXES) {
        throw Refusal.of(
            place,
            "at most " + MOST_AXES + " sizes of 0 or more, whose product is below 2^31",
            "dims",
            dims.subList(0, Math.min(dims.size(), MOST_AXES + 1)),
            "The file is damaged; use another copy.");
      }
      size *= dim;
    }
    return Shape.of(dims.stream().mapToInt(Math::toIntExact).toArray());
  }

  private static Tensor numbers(ElementType type, Shape shape, ByteBuffer raw) {
    ByteBuffer bytes = raw.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    Tensor tensor = Tensor.zeros(Value.Known.stored(type), shape);
    int from = bytes.position();
    if (type == ElementType.FLOAT && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      tensor.memory().asByteBuffer().put(bytes);
    } else {
      tensor.fill(i -> number(type, bytes, from + i * type.bytes()));
    }
    return tensor;
  }

  private static double number(ElementType type, ByteBuffer bytes, int at) {
    return switch (type) {
      case FLOAT -> bytes.getFloat(at);
      case DOUBLE -> bytes.getDouble(at);
      case FLOAT16 -> Float.float16ToFloat(bytes.getShort(at));
      case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort(at) << 16);
      case INT8 -> bytes.get(at);
      case UINT8 -> bytes.get(at) & 0xff;
      case BOOL -> bytes.get(at) == 0 ? 0 : 1;
      case INT16 -> bytes.getShort(at);
      case UINT16 -> bytes.getShort(at) & 0xffff;
      case INT32 -> bytes.getInt(at);
      case UINT32 -> Integer.toUnsignedLong(bytes.getInt(at));
      case INT64 -> bytes.getLong(at);
      case UINT64 -> unsigned(bytes.getLong(at));
      case STRING -> throw new IllegalStateException("no number");
    };
  }

  private static double unsigned(long value) {
    return value >= 0 ? value : (value >>> 1) * 2.0;
  }

  /// A copy with the axes in another order.
  static Tensor transposed(Tensor tensor, int... order) {
    Shape from = tensor.shape();
    int[] sizes = IntStream.of(order).map(from::dim).toArray();
    Tensor turned = Tensor.zeros(tensor.dtype(), Shape.of(sizes));
    double[] values = tensor.toDoubles();
    long[] strides = IntStream.of(order).mapToLong(a -> from.product(a + 1, from.rank())).toArray();
    int[] index = new int[order.length];
    turned.fill(
        i -> {
          long at = 0;
          for (int axis = 0; axis < index.length; axis++) {
            at += index[axis] * strides[axis];
          }
          for (int axis = index.length - 1; axis >= 0 && ++index[axis] == sizes[axis]; axis--) {
            index[axis] = 0;
          }
          return values[(int) at];
        });
    return turned;
  }
}
