package io.kalamos.onnx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Nodes in an order in which each comes after what it needs, and the values around them.
///
/// @param inputs in old files those of initializers too
record GraphProto(
    String name,
    String docString,
    List<NodeProto> nodes,
    List<TensorProto> initializers,
    List<ValueInfoProto> inputs,
    List<ValueInfoProto> outputs)
    implements Message {
  private static final int NODE = 1;
  private static final int NAME = 2;
  private static final int INITIALIZER = 5;
  private static final int DOC_STRING = 10;
  private static final int INPUT = 11;
  private static final int OUTPUT = 12;

  GraphProto {
    nodes = List.copyOf(nodes);
    initializers = List.copyOf(initializers);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  @Override
  public void write(FieldWriter out) throws IOException {
    out.messages(NODE, nodes);
    out.text(NAME, name);
    out.messages(INITIALIZER, initializers);
    out.text(DOC_STRING, docString);
    out.messages(INPUT, inputs);
    out.messages(OUTPUT, outputs);
  }

  static GraphProto read(FieldReader in) throws IOException {
    String name = "";
    String docString = "";
    List<NodeProto> nodes = new ArrayList<>();
    List<TensorProto> initializers = new ArrayList<>();
    List<ValueInfoProto> inputs = new ArrayList<>();
    List<ValueInfoProto> outputs = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case NODE -> nodes.add(in.message(NodeProto::read));
        case NAME -> name = in.text();
        case INITIALIZER -> initializers.add(in.message(TensorProto::read));
        case DOC_STRING -> docString = in.text();
        case INPUT -> inputs.add(in.message(ValueInfoProto::read));
        case OUTPUT -> outputs.add(in.message(ValueInfoProto::read));
        default -> in.skip();
      }
    }
    return new GraphProto(name, docString, nodes, initializers, inputs, outputs);
  }
}
