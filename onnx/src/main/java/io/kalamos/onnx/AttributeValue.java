package io.kalamos.onnx;

import java.util.List;

/// What an attribute of an ONNX node holds.
sealed interface AttributeValue {
  record Real(float value) implements AttributeValue {}

  record Whole(long value) implements AttributeValue {}

  record Text(String value) implements AttributeValue {}

  record Constant(TensorProto value) implements AttributeValue {}

  record Reals(List<Float> values) implements AttributeValue {
    public Reals {
      values = List.copyOf(values);
    }
  }

  record Wholes(List<Long> values) implements AttributeValue {
    public Wholes {
      values = List.copyOf(values);
    }
  }

  record Texts(List<String> values) implements AttributeValue {
    public Texts {
      values = List.copyOf(values);
    }
  }

  /// A graph, a type or several tensors, by the number of the kind: read past, never written.
  record Other(int kind) implements AttributeValue {}
}
