package io.kalamos.onnx;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Nodes and initializers that grow, with names that are given once.
final class GraphBuilder {
  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final List<NodeProto> nodes = new ArrayList<>();
  private final Map<String, TensorProto> initializers = new LinkedHashMap<>();
  private final Map<List<Object>, String> known = new HashMap<>();

  /// @param reserved the names of the model's inputs and outputs
  GraphBuilder(List<String> reserved) {
    taken.addAll(reserved);
  }

  /// Adds a node to what a layer does; the name of its result. The same node is added once.
  String node(String scope, String opType, List<String> inputs, AttributeProto... attributes) {
    return known.computeIfAbsent(
        List.of(opType, inputs, Arrays.asList(attributes)),
        key -> {
          String name = unique(scope.isEmpty() ? opType : scope + "/" + opType);
          nodes.add(
              new NodeProto(name, opType, "", inputs, List.of(name), Arrays.asList(attributes)));
          return name;
        });
  }

  /// Adds what takes an axis from its end to its beginning.
  String reversed(String scope, String value, String axis) {
    return node(
        scope, "Slice", List.of(value, wholes(-1), wholes(Long.MIN_VALUE), axis, wholes(-1)));
  }

  /// Adds a node with several results; their names.
  List<String> node(
      String scope,
      String opType,
      List<String> inputs,
      int results,
      List<AttributeProto> attributes) {
    String name = unique(scope + "/" + opType);
    List<String> outputs = new ArrayList<>(List.of(name));
    while (outputs.size() < results) {
      outputs.add(unique(name + ":" + outputs.size()));
    }
    nodes.add(new NodeProto(name, opType, "", inputs, outputs, attributes));
    return outputs;
  }

  /// Adds numbers under a name like this one.
  String initializer(String wanted, ElementType type, List<Long> dims, ByteBuffer raw) {
    String name = unique(wanted);
    initializers.put(name, TensorProto.of(name, type, dims, raw));
    return name;
  }

  /// Adds numbers that have no name of their own; the same numbers are added once.
  String constant(ElementType type, List<Long> dims, ByteBuffer raw) {
    return known.computeIfAbsent(
        List.of(type, dims, raw), key -> initializer("constant", type, dims, raw));
  }

  /// Sizes, axes or places.
  String wholes(long... numbers) {
    TensorProto tensor = TensorProto.wholes("", numbers);
    return constant(tensor.type(), tensor.dims(), tensor.raw());
  }

  private String unique(String wanted) {
    String name = wanted;
    while (!taken.add(name)) {
      name = wanted + "_" + counts.merge(wanted, 1, Integer::sum);
    }
    return name;
  }

  /// The graph of what outputs need, which get their names.
  ///
  /// @param results the values by the names that they shall have
  GraphProto build(
      String name,
      String docString,
      List<ValueInfoProto> inputs,
      List<ValueInfoProto> outputs,
      List<String> results) {
    Map<String, String> renamed = new HashMap<>();
    List<NodeProto> all = new ArrayList<>(nodes);
    Set<String> made = new HashSet<>();
    nodes.forEach(node -> made.addAll(node.outputs()));
    for (int i = 0; i < outputs.size(); i++) {
      String output = outputs.get(i).name();
      boolean free = made.contains(results.get(i)) && !renamed.containsKey(results.get(i));
      if (free) {
        renamed.put(results.get(i), output);
      } else {
        all.add(
            new NodeProto(
                unique(output + "/Identity"),
                "Identity",
                "",
                List.of(results.get(i)),
                List.of(output),
                List.of()));
      }
    }
    List<NodeProto> named = all.stream().map(node -> renamed(node, renamed)).toList();
    Set<String> needed = new HashSet<>();
    outputs.forEach(output -> needed.add(output.name()));
    List<NodeProto> kept = new ArrayList<>();
    for (NodeProto node : named.reversed()) {
      if (node.outputs().stream().anyMatch(needed::contains)) {
        kept.addFirst(node);
        needed.addAll(node.inputs());
      }
    }
    List<TensorProto> numbers =
        initializers.values().stream().filter(tensor -> needed.contains(tensor.name())).toList();
    return new GraphProto(name, docString, kept, numbers, inputs, outputs);
  }

  private static NodeProto renamed(NodeProto node, Map<String, String> names) {
    return new NodeProto(
        node.name(),
        node.opType(),
        node.domain(),
        node.inputs().stream().map(input -> names.getOrDefault(input, input)).toList(),
        node.outputs().stream().map(output -> names.getOrDefault(output, output)).toList(),
        node.attributes());
  }
}
