package io.kalamos.onnx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An operation applied to named values.
///
/// @param inputs names of values; an empty one is an optional input that is left out
/// @param domain empty for ONNX's own operators
record NodeProto(
    String name,
    String opType,
    String domain,
    List<String> inputs,
    List<String> outputs,
    List<AttributeProto> attributes)
    implements Message {
  private static final int INPUT = 1;
  private static final int OUTPUT = 2;
  private static final int NAME = 3;
  private static final int OP_TYPE = 4;
  private static final int ATTRIBUTE = 5;
  private static final int DOMAIN = 7;

  NodeProto {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = List.copyOf(attributes);
  }

  /// The value of an attribute, if the node has it.
  Optional<AttributeValue> attribute(String name) {
    return attributes.stream()
        .filter(attribute -> attribute.name().equals(name))
        .map(AttributeProto::value)
        .findFirst();
  }

  @Override
  public void write(FieldWriter out) throws IOException {
    out.texts(INPUT, inputs);
    out.texts(OUTPUT, outputs);
    out.text(NAME, name);
    out.text(OP_TYPE, opType);
    out.messages(ATTRIBUTE, attributes);
    out.text(DOMAIN, domain);
  }

  static NodeProto read(FieldReader in) throws IOException {
    String name = "";
    String opType = "";
    String domain = "";
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    List<AttributeProto> attributes = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case INPUT -> inputs.add(in.text());
        case OUTPUT -> outputs.add(in.text());
        case NAME -> name = in.text();
        case OP_TYPE -> opType = in.text();
        case ATTRIBUTE -> attributes.add(in.message(AttributeProto::read));
        case DOMAIN -> domain = in.text();
        default -> in.skip();
      }
    }
    return new NodeProto(name, opType, domain, inputs, outputs, attributes);
  }
}
