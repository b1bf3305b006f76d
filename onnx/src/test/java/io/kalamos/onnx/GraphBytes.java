package io.kalamos.onnx;

import io.kalamos.models.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Small ONNX files, right or wrong, for tests.
final class GraphBytes {
  private final List<NodeProto> nodes = new ArrayList<>();
  private final List<TensorProto> initializers = new ArrayList<>();
  private final List<ValueInfoProto> inputs = new ArrayList<>();
  private final List<ValueInfoProto> outputs = new ArrayList<>();
  private Map<String, Long> opsets = Map.of("", 18L);

  /// A graph of an input `x` (batch, sizes) and an output `y`.
  static GraphBytes of(long... sizes) {
    return new GraphBytes().input("x", sizes).output("y");
  }

  GraphBytes opset(long version) {
    opsets = Map.of("", version);
    return this;
  }

  GraphBytes input(String name, long... sizes) {
    List<Dimension> dims = new ArrayList<>(List.of(new Dimension.Open("batch")));
    for (long size : sizes) {
      dims.add(new Dimension.Fixed(size));
    }
    return input(name, dims);
  }

  GraphBytes input(String name, List<Dimension> dims) {
    inputs.add(
        new ValueInfoProto(
            name, Optional.of(new TensorType(ElementType.FLOAT, Optional.of(dims)))));
    return this;
  }

  GraphBytes output(String name) {
    outputs.add(new ValueInfoProto(name, Optional.empty()));
    return this;
  }

  GraphBytes node(String operator, List<String> from, List<String> to, AttributeProto... options) {
    return node("", operator, from, to, options);
  }

  GraphBytes node(
      String domain,
      String operator,
      List<String> from,
      List<String> to,
      AttributeProto... options) {
    nodes.add(new NodeProto("n" + nodes.size(), operator, domain, from, to, List.of(options)));
    return this;
  }

  GraphBytes initializer(TensorProto tensor) {
    initializers.add(tensor);
    return this;
  }

  ModelProto model() {
    return new ModelProto(
        8,
        "",
        "",
        "",
        opsets,
        Map.of(),
        new GraphProto("g", "", nodes, initializers, inputs, outputs));
  }

  byte[] bytes() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FieldWriter.write(out, model());
    return out.toByteArray();
  }

  Model load() {
    return load(LoadOptions.DEFAULTS);
  }

  Model load(LoadOptions options) {
    return Translation.of(OnnxGraph.of(model(), options.outputs()), options);
  }
}
