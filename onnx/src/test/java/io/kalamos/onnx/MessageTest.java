package io.kalamos.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The messages of ONNX files: what is written is read again, and no damage costs more than the
/// limits allow.
class MessageTest {
  private static final Limits LIMITS = new Limits(1 << 20, 1000);

  private static ModelProto model() {
    ByteBuffer weights = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    weights.asFloatBuffer().put(new float[] {1.5f, -2});
    TensorType open =
        new TensorType(
            ElementType.FLOAT,
            Optional.of(List.of(new Dimension.Open("batch"), new Dimension.Fixed(2))));
    NodeProto node =
        new NodeProto(
            "dense/Mul",
            "Mul",
            "",
            List.of("x", "", "w"),
            List.of("y"),
            List.of(
                AttributeProto.whole("i", 0),
                AttributeProto.wholes("is", List.of(-1L, 0L, Long.MAX_VALUE)),
                AttributeProto.real("f", 0.25f),
                AttributeProto.text("s", "grün"),
                new AttributeProto("fs", new AttributeValue.Reals(List.of(1f, 0f))),
                new AttributeProto("ss", new AttributeValue.Texts(List.of("a", ""))),
                new AttributeProto(
                    "t", new AttributeValue.Constant(TensorProto.wholes("axes", 1, -1)))));
    return new ModelProto(
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
            List.of(TensorProto.of("w", ElementType.FLOAT, List.of(2L), weights)),
            List.of(new ValueInfoProto("x", Optional.of(open))),
            List.of(
                new ValueInfoProto(
                    "y", Optional.of(new TensorType(ElementType.FLOAT, Optional.empty()))),
                new ValueInfoProto("z", Optional.empty()))));
  }

  static byte[] written(Message message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    FieldWriter.write(bytes, message);
    return bytes.toByteArray();
  }

  @Test
  void readsWhatItWrites() throws IOException {
    assertEquals(model(), FieldReader.read(written(model()), LIMITS, ModelProto::read));
  }

  /// A file that ends early is an error wherever it ends, and a changed byte is an error or another
  /// model, within the limits.
  @Test
  void survivesDamage() throws IOException {
    byte[] file = written(model());
    int refused = 0;
    for (int end = 0; end < file.length; end++) {
      byte[] part = java.util.Arrays.copyOf(file, end);
      try {
        FieldReader.read(part, LIMITS, ModelProto::read);
      } catch (IOException expected) {
        refused++;
      }
    }
    assertTrue(refused > file.length * 9 / 10, "refused " + refused + " of " + file.length);
    int read = 0;
    for (int at = 0; at < file.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] other = file.clone();
        other[at] ^= (byte) (1 << bit);
        try {
          FieldReader.read(other, LIMITS, ModelProto::read);
          read++;
        } catch (IOException expected) {
          assertTrue(expected.getMessage() != null);
        }
      }
    }
    assertTrue(read > 0 && read < 8 * file.length);
  }

  @Test
  void damageIsNamed() {
    assertEquals(
        "ONNX file: expected whole messages of protocol buffers, received error=Protocol message tag"
            + " had invalid wire type. The file is damaged, hostile or of another kind; use another"
            + " copy.",
        assertThrows(
                IOException.class,
                () -> FieldReader.read(new byte[] {0x7f}, LIMITS, ModelProto::read))
            .getMessage());
  }

  /// Numbers in lists, packed or one by one, are the same as bytes.
  static List<Arguments> numberLists() {
    return List.of(
        Arguments.of("1002 0801 2208 0000803f00000040", "float32 1 2", "0000803f00000040"),
        Arguments.of("1001 2500008040 250000803f", "float32 one by one", "000080400000803f"),
        Arguments.of("1007 3a0301ac02", "int64", "01000000000000002c01000000000000"),
        Arguments.of("1006 2a0bffffffffffffffffff0105", "int32", "ffffffff05000000"),
        Arguments.of("1002 2a03c80105", "uint8", "c805"),
        Arguments.of("100b 5208000000000000f03f", "double", "000000000000f03f"),
        Arguments.of("100c 5a020703", "uint32", "0700000003000000"));
  }

  @ParameterizedTest
  @MethodSource("numberLists")
  void numbersAreBytes(String file, String what, String raw) throws IOException {
    String text = file.replace(" ", "");
    if (what.equals("float32 1 2")) {
      text = text.replaceFirst("^1002", "1001");
    }
    TensorProto tensor =
        FieldReader.read(java.util.HexFormat.of().parseHex(text), LIMITS, TensorProto::read);
    byte[] bytes = new byte[tensor.raw().remaining()];
    tensor.raw().get(bytes);
    assertEquals(raw, java.util.HexFormat.of().formatHex(bytes), what);
  }

  static List<Arguments> refusals() {
    String damaged = ". The file is damaged, hostile or of another kind; use another copy.";
    return List.of(
        Arguments.of("", "expected one graph, received graphs=0" + damaged),
        Arguments.of("3a003a00", "expected one graph, received graphs=2" + damaged),
        Arguments.of("0a00", "expected wire type 0 in field 1, received type=2" + damaged),
        Arguments.of(
            "3a042a021017",
            "expected an element type of whole bytes, received data_type=23. Convert the model to"
                + " float32 first."),
        Arguments.of(
            "3a022a00",
            "expected a tensor's type before its numbers, received data_type=none. The file is"
                + " damaged; write it again with the program that made it."),
        Arguments.of(
            "3a065a0412020a00",
            "expected the type of a value's elements, received elem_type=none. The file is"
                + " damaged; write it again with the program that made it."),
        Arguments.of(
            "3a082a0610ffffffff7f",
            "expected a small number in field 2, received number=34359738367" + damaged),
        Arguments.of(
            "3a" + "e20f" + "0a00".repeat(1009),
            "expected at most 1000 parts, received parts=more" + damaged));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refuses(String file, String message) {
    var refused =
        assertThrows(
            IOException.class,
            () ->
                FieldReader.read(
                    java.util.HexFormat.of().parseHex(file), LIMITS, ModelProto::read));
    assertEquals("ONNX file: " + message, refused.getMessage());
  }

  @Test
  void refusesLargeFiles() {
    var refused =
        assertThrows(
            IOException.class,
            () -> FieldReader.read(new byte[9], new Limits(8, 8), ModelProto::read));
    assertEquals(
        "ONNX file: expected at most 8 bytes, received bytes=9. The file is damaged, hostile or of"
            + " another kind; use another copy.",
        refused.getMessage());
  }
}
