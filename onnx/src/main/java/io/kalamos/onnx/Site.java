package io.kalamos.onnx;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// An ONNX node while its operator is written: its inputs, attributes and errors.
///
/// @param setting what holds for all nodes
/// @param dtype the type to compute in: float64 where all inputs are known numbers
record Site(NodeProto node, List<Optional<Value>> inputs, Setting setting, DType dtype) {
  /// The most operations that one node may be unrolled to, such as steps of a recurrent operator.
  static final int UNROLLED = 4096;

  /// What holds for all nodes of a graph.
  ///
  /// @param opset the version of ONNX's operators
  /// @param computeType the type of products and activations
  /// @param variableType the type of whole numbers
  /// @param fixedBatch the batch that the file was made for, where its inputs name one; such
  ///   constants in shapes then stand for `batch`; 0 where it is open
  /// @param batch the batch for which the graph is written
  /// @param scope the layer that the operations belong to; empty where there is none yet
  record Setting(
      int opset, DType computeType, DType variableType, int fixedBatch, int batch, String scope) {
    /// Float32, as files have it.
    static Setting of(int opset, int fixedBatch, int batch) {
      return new Setting(opset, DType.FLOAT32, DType.FLOAT32, fixedBatch, batch, "");
    }
  }

  String scope() {
    return setting.scope();
  }

  int opset() {
    return setting.opset();
  }

  String where() {
    return where(node);
  }

  /// How messages name a node: `node conv1 (Conv)`, by its first output where it has no name.
  static String where(NodeProto node) {
    String name =
        node.name().isEmpty() && !node.outputs().isEmpty()
            ? node.outputs().getFirst()
            : node.name();
    return "node " + Names.shown(name) + " (" + Names.shown(operator(node)) + ")";
  }

  /// An operator's name, behind its domain where that is not ONNX's own.
  static String operator(NodeProto node) {
    boolean own = node.domain().isEmpty() || node.domain().equals("ai.onnx");
    return own ? node.opType() : node.domain() + "::" + node.opType();
  }

  // Inputs

  /// How many inputs the node names, absent ones before the last included.
  int count() {
    return inputs.size();
  }

  boolean has(int i) {
    return i < inputs.size() && inputs.get(i).isPresent();
  }

  Value value(int i) {
    if (!has(i)) {
      throw refusal(
          "an input number " + (i + 1), "inputs", inputs.size(), "Export the model anew.");
    }
    return inputs.get(i).get();
  }

  ElementType type(int i) {
    return value(i).type();
  }

  Shape shape(int i) {
    return value(i).shape();
  }

  int rank(int i) {
    return shape(i).rank();
  }

  /// How many axes a window slides along, 1 or 2, behind the batch and the channels.
  int spatialAxes() {
    int spatial = rank(0) - 2;
    if (spatial != 1 && spatial != 2) {
      throw refusal(
          "pictures (batch, channels, height, width) or sequences (batch, channels, steps)",
          "shape",
          shape(0),
          "Three-dimensional convolutions and pooling are not read.");
    }
    return spatial;
  }

  /// An input in the type to compute in.
  Node x(int i) {
    return written(value(i));
  }

  /// Any value in the type to compute in.
  Node written(Value value) {
    return switch (value) {
      case Value.Known known when known.uniform() ->
          Ops.fill(known.tensor().get(0), known.shape(), dtype);
      case Value.Known(ElementType _, var tensor) ->
          Ops.constant(tensor.dtype() == dtype ? tensor : tensor.cast(dtype));
      case Value.Computed(ElementType _, Node node) -> Ops.cast(node, dtype);
    };
  }

  /// All inputs that are present.
  List<Node> all() {
    List<Node> all = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      if (has(i)) {
        all.add(x(i));
      }
    }
    return all;
  }

  /// Whether an input's numbers are known.
  boolean known(int i) {
    return has(i) && inputs.get(i).get() instanceof Value.Known;
  }

  /// The known numbers of an input; an error where they depend on the data.
  Value.Known constant(int i) {
    return switch (value(i)) {
      case Value.Known known -> known;
      case Value.Computed _ ->
          throw refusal(
              "an input number " + (i + 1) + " that does not depend on the data",
              "input",
              Names.shown(node.inputs().get(i)),
              "Export the model with fixed sizes, only the batch being open.");
    };
  }

  long[] numbers(int i) {
    return constant(i).numbers();
  }

  /// The only number of a known input.
  double number(int i) {
    double[] values = constant(i).values();
    if (values.length != 1) {
      throw refusal(
          "one number as input number " + (i + 1), "shape", shape(i), "Export the model anew.");
    }
    return values[0];
  }

  // Attributes

  boolean given(String attribute) {
    return node.attribute(attribute).isPresent();
  }

  long number(String attribute, long otherwise) {
    return switch (node.attribute(attribute).orElse(null)) {
      case null -> otherwise;
      case AttributeValue.Whole(long value) -> value;
      case AttributeValue other -> throw wrong(attribute, "a whole number", other);
    };
  }

  long[] numbers(String attribute, long... otherwise) {
    return switch (node.attribute(attribute).orElse(null)) {
      case null -> otherwise;
      case AttributeValue.Wholes(var values) -> values.stream().mapToLong(n -> n).toArray();
      case AttributeValue other -> throw wrong(attribute, "whole numbers", other);
    };
  }

  double real(String attribute, double otherwise) {
    return switch (node.attribute(attribute).orElse(null)) {
      case null -> otherwise;
      case AttributeValue.Real(float value) -> value;
      case AttributeValue other -> throw wrong(attribute, "a number", other);
    };
  }

  double[] reals(String attribute, double... otherwise) {
    return switch (node.attribute(attribute).orElse(null)) {
      case null -> otherwise;
      case AttributeValue.Reals(var values) -> values.stream().mapToDouble(n -> n).toArray();
      case AttributeValue other -> throw wrong(attribute, "numbers", other);
    };
  }

  boolean flag(String attribute, boolean otherwise) {
    return number(attribute, otherwise ? 1 : 0) != 0;
  }

  String text(String attribute, String otherwise) {
    return switch (node.attribute(attribute).orElse(null)) {
      case null -> otherwise;
      case AttributeValue.Text(String value) -> value;
      case AttributeValue other -> throw wrong(attribute, "a word", other);
    };
  }

  List<String> texts(String attribute) {
    return switch (node.attribute(attribute).orElse(null)) {
      case null -> List.of();
      case AttributeValue.Texts(var values) -> values;
      case AttributeValue other -> throw wrong(attribute, "words", other);
    };
  }

  Optional<Value.Known> tensor(String attribute) {
    return switch (node.attribute(attribute).orElse(null)) {
      case null -> Optional.empty();
      case AttributeValue.Constant(var value) -> Optional.of(Tensors.known(where(), value));
      case AttributeValue other -> throw wrong(attribute, "a tensor", other);
    };
  }

  private IllegalArgumentException wrong(String name, String expected, AttributeValue received) {
    return refusal(
        expected + " as attribute " + name,
        name,
        Names.shown(received.toString()),
        "The file does not keep to ONNX; export it again.");
  }

  /// An attribute that names an element type.
  ElementType element(String attribute, ElementType otherwise) {
    if (!given(attribute)) {
      return otherwise;
    }
    try {
      return ElementType.coded(size(attribute, number(attribute, 0)));
    } catch (IOException problem) {
      throw new IllegalArgumentException(where() + ": " + problem.getMessage(), problem);
    }
  }

  /// An axis of a rank, counted from the end where negative.
  int axis(long axis, int rank) {
    long positive = axis < 0 ? axis + rank : axis;
    if (positive < 0 || positive >= rank) {
      throw refusal(
          "an axis from " + -rank + " to " + (rank - 1), "axis", axis, "Export the model anew.");
    }
    return (int) positive;
  }

  /// Different axes of a rank, in order.
  int[] axes(long[] axes, int rank) {
    int[] positive =
        Arrays.stream(axes).mapToInt(axis -> axis(axis, rank)).distinct().sorted().toArray();
    if (positive.length != axes.length) {
      throw refusal("each axis once", "axes", shown(axes), "Export the model anew.");
    }
    return positive;
  }

  /// A size from the file as an int from 0 on.
  int size(String name, long size) {
    return size(name, size, 0);
  }

  int size(String name, long size, int least) {
    if (size < least || size > Integer.MAX_VALUE) {
      throw refusal(
          name + " from " + least + " to " + Integer.MAX_VALUE,
          name,
          size,
          "Export the model anew.");
    }
    return (int) size;
  }

  /// Refuses to write more operations than memory and time allow for.
  void unrolls(String name, long times) {
    if (times > UNROLLED) {
      throw refusal(
          name + " of at most " + UNROLLED,
          name,
          times,
          "Use shorter sequences or smaller tensors.");
    }
  }

  // Results

  /// The only result, of the first input's element type.
  List<Value> give(Node y) {
    return give(y, type(0));
  }

  List<Value> give(Node y, ElementType type) {
    return List.of(result(y, type));
  }

  Value result(Node y, ElementType type) {
    return new Value.Computed(type, Ops.cast(y, dtype));
  }

  /// An error about this node.
  IllegalArgumentException refusal(String expected, String name, Object value, String todo) {
    return Refusal.of(where(), expected, name, value, todo);
  }

  /// Numbers as messages show them.
  static String shown(long... values) {
    String text = Arrays.toString(Arrays.copyOf(values, Math.min(values.length, 12)));
    return values.length > 12 ? text.substring(0, text.length() - 1) + ", ...]" : text;
  }
}
