package io.kalamos.onnx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A whole ONNX file.
///
/// @param irVersion of the file format
/// @param opsets the versions of the sets of operators, by their domains; ONNX's own is empty
record ModelProto(
    long irVersion,
    String producerName,
    String producerVersion,
    String docString,
    Map<String, Long> opsets,
    Map<String, String> metadata,
    GraphProto graph)
    implements Message {
  private static final int IR_VERSION = 1;
  private static final int PRODUCER_NAME = 2;
  private static final int PRODUCER_VERSION = 3;
  private static final int DOC_STRING = 6;
  private static final int GRAPH = 7;
  private static final int OPSET_IMPORT = 8;
  private static final int METADATA_PROPS = 14;
  private static final int KEY = 1;
  private static final int VALUE = 2;

  @Override
  public void write(FieldWriter out) throws IOException {
    out.whole(IR_VERSION, irVersion);
    out.text(PRODUCER_NAME, producerName);
    out.text(PRODUCER_VERSION, producerVersion);
    out.text(DOC_STRING, docString);
    out.message(GRAPH, graph);
    for (Map.Entry<String, Long> opset : opsets.entrySet()) {
      out.message(
          OPSET_IMPORT,
          entry -> {
            entry.text(KEY, opset.getKey());
            entry.whole(VALUE, opset.getValue());
          });
    }
    for (Map.Entry<String, String> property : metadata.entrySet()) {
      out.message(
          METADATA_PROPS,
          entry -> {
            entry.text(KEY, property.getKey());
            entry.text(VALUE, property.getValue());
          });
    }
  }

  static ModelProto read(FieldReader in) throws IOException {
    long irVersion = 0;
    String producerName = "";
    String producerVersion = "";
    String docString = "";
    Map<String, Long> opsets = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    List<GraphProto> graphs = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case IR_VERSION -> irVersion = in.whole();
        case PRODUCER_NAME -> producerName = in.text();
        case PRODUCER_VERSION -> producerVersion = in.text();
        case DOC_STRING -> docString = in.text();
        case GRAPH -> graphs.add(in.message(GraphProto::read));
        case OPSET_IMPORT -> in.message(entry -> readOpset(entry, opsets));
        case METADATA_PROPS -> in.message(entry -> readProperty(entry, metadata));
        default -> in.skip();
      }
    }
    if (graphs.size() != 1) {
      throw new IOException(
          "ONNX file: expected one graph, received graphs="
              + graphs.size()
              + ". The file is damaged, hostile or of another kind; use another copy.");
    }
    return new ModelProto(
        irVersion, producerName, producerVersion, docString, opsets, metadata, graphs.getFirst());
  }

  private static String readOpset(FieldReader in, Map<String, Long> opsets) throws IOException {
    String domain = "";
    long version = 0;
    while (in.next()) {
      switch (in.field()) {
        case KEY -> domain = in.text();
        case VALUE -> version = in.whole();
        default -> in.skip();
      }
    }
    opsets.put(domain, version);
    return domain;
  }

  private static String readProperty(FieldReader in, Map<String, String> metadata)
      throws IOException {
    String key = "";
    String value = "";
    while (in.next()) {
      switch (in.field()) {
        case KEY -> key = in.text();
        case VALUE -> value = in.text();
        default -> in.skip();
      }
    }
    metadata.put(key, value);
    return key;
  }
}
