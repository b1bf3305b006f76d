package io.kalamos.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// ONNX files as messages, which no other package sees.
public final class OnnxBytes {
  private OnnxBytes() {}

  /// Reads the messages of a file.
  public static void read(byte[] file) throws IOException {
    FieldReader.read(file, Limits.DEFAULTS, ModelProto::read);
  }

  /// A file with each kind of message and attribute.
  public static byte[] seed() throws IOException {
    TensorType open =
        new TensorType(
            ElementType.FLOAT,
            Optional.of(List.of(new Dimension.Open("batch"), new Dimension.Fixed(2))));
    NodeProto node =
        new NodeProto(
            "dense/Mul",
            "Mul",
            "",
            List.of("x", "w"),
            List.of("y"),
            List.of(
                AttributeProto.whole("i", 0),
                AttributeProto.wholes("is", List.of(-1L, 0L, Long.MAX_VALUE)),
                AttributeProto.real("f", 0.25f),
                AttributeProto.text("s", "text"),
                new AttributeProto("fs", new AttributeValue.Reals(List.of(1f, 0f))),
                new AttributeProto("ss", new AttributeValue.Texts(List.of("a", ""))),
                new AttributeProto(
                    "t", new AttributeValue.Constant(TensorProto.wholes("axes", 1, -1)))));
    ModelProto model =
        new ModelProto(
            10,
            "test",
            "1",
            "what it is",
            Map.of("", 21L),
            Map.of("key", "value"),
            new GraphProto(
                "graph",
                "two numbers",
                List.of(node),
                List.of(
                    TensorProto.of("w", ElementType.FLOAT, List.of(2L), ByteBuffer.allocate(8))),
                List.of(new ValueInfoProto("x", Optional.of(open))),
                List.of(new ValueInfoProto("y", Optional.empty()))));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    FieldWriter.write(bytes, model);
    return bytes.toByteArray();
  }
}
