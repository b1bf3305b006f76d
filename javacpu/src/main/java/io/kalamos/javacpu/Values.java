package io.kalamos.javacpu;

import io.kalamos.engine.BFloat16;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.ShapeException;

/// The elements of a node, row-major, in a heap array that may be longer than the node.
sealed interface Values {
  double get(int index);

  /// Writes an element, rounded to the type.
  void set(int index, double value);

  int capacity();

  int bytes();

  /// An array of its own.
  static Values of(DType dtype, int size) {
    return switch (dtype) {
      case FLOAT32 -> new Floats(new float[size], false);
      case BFLOAT16 -> new Floats(new float[size], true);
      case FLOAT64 -> new Doubles(new double[size]);
      case INT32 -> new Ints(new int[size], false);
      case UINT8 -> new Ints(new int[size], true);
    };
  }

  /// The same array, used for a node of another type that is kept in the same kind of array.
  default Values as(DType dtype) {
    return switch (this) {
      case Floats floats -> new Floats(floats.data, dtype == DType.BFLOAT16);
      case Doubles doubles -> doubles;
      case Ints ints -> new Ints(ints.data, dtype == DType.UINT8);
    };
  }

  /// The array of a product's operand. @throws ShapeException where it is of another type
  static double[] doubles(Values values, Node product) {
    return switch (values) {
      case Doubles(double[] data) -> data;
      case Floats _, Ints _ ->
          throw new ShapeException(
              product.scope()
                  + " "
                  + product.op().label()
                  + ": expected operands of one real type, received "
                  + product.inputs()
                  + ". Cast them to float32.");
    };
  }

  /// float32, or bfloat16 where every element is rounded to it.
  record Floats(float[] data, boolean bfloat16) implements Values {
    @Override
    public double get(int index) {
      return data[index];
    }

    @Override
    public void set(int index, double value) {
      float rounded = (float) value;
      data[index] = bfloat16 ? BFloat16.toFloat(BFloat16.fromFloat(rounded)) : rounded;
    }

    @Override
    public int capacity() {
      return data.length;
    }

    @Override
    public int bytes() {
      return 4 * data.length;
    }
  }

  record Doubles(double[] data) implements Values {
    @Override
    public double get(int index) {
      return data[index];
    }

    @Override
    public void set(int index, double value) {
      data[index] = value;
    }

    @Override
    public int capacity() {
      return data.length;
    }

    @Override
    public int bytes() {
      return 8 * data.length;
    }
  }

  /// int32, or uint8 where every element is 0 to 255.
  record Ints(int[] data, boolean uint8) implements Values {
    @Override
    public double get(int index) {
      return data[index];
    }

    @Override
    public void set(int index, double value) {
      data[index] = uint8 ? (int) value & 0xff : (int) value;
    }

    @Override
    public int capacity() {
      return data.length;
    }

    @Override
    public int bytes() {
      return 4 * data.length;
    }
  }
}
