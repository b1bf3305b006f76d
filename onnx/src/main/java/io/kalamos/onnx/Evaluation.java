package io.kalamos.onnx;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.ShapeException;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes the nodes of an ONNX graph one by one; what follows from known numbers alone is computed
/// at once.
final class Evaluation {
  private final Site.Setting setting;
  private final Folding folding;

  /// @param folding keeps account of the numbers that a file makes us compute
  Evaluation(Site.Setting setting, Folding folding) {
    this.setting = setting;
    this.folding = folding;
  }

  /// The node's results, from those of the nodes before it.
  List<Value> of(NodeProto node, Map<String, Value> values) {
    List<Optional<Value>> inputs = new ArrayList<>();
    for (String name : node.inputs()) {
      inputs.add(name.isEmpty() ? Optional.empty() : Optional.of(values.get(name)));
    }
    boolean known =
        inputs.stream().flatMap(Optional::stream).allMatch(Value.Known.class::isInstance);
    boolean whole =
        inputs.stream().flatMap(Optional::stream).anyMatch(value -> value.type().integral());
    DType dtype = known ? DType.FLOAT64 : whole ? setting.variableType() : setting.computeType();
    Site site = new Site(node, inputs, setting, dtype);
    try {
      List<Value> results = new ArrayList<>();
      for (Value result : Operators.of(Site.operator(node)).orElseThrow().write(site)) {
        results.add(settled(site, result, known));
      }
      if (results.size() < node.outputs().size()) {
        throw site.refusal(
            results.size() + " outputs or fewer",
            "outputs",
            node.outputs().size(),
            "Export the model for inference, where nobody asks for more.");
      }
      return results;
    } catch (ShapeException problem) {
      throw new IllegalArgumentException(
          Site.where(node) + ": " + problem.getMessage() + hint(), problem);
    } catch (ArithmeticException | IndexOutOfBoundsException | NegativeArraySizeException problem) {
      throw new IllegalArgumentException(
          Refusal.of(
                  Site.where(node),
                  "sizes and attributes that ONNX allows",
                  "inputs",
                  inputs.stream().map(input -> input.map(Value::shape).orElse(null)).toList(),
                  "Export the model again.")
              .getMessage(),
          problem);
    }
  }

  /// What to do where a batch that the file was made for has become part of its sizes.
  private String hint() {
    return setting.fixedBatch() == 0
        ? ""
        : " The file is made for batches of "
            + setting.fixedBatch()
            + "; export it with an open batch: dynamic_axes={\"x\": {0: \"batch\"}}.";
  }

  private Value settled(Site site, Value result, boolean known) {
    return switch (result) {
      case Value.Known given -> given;
      case Value.Computed(ElementType type, Node node) -> {
        if (node.shape().size() > Integer.MAX_VALUE) {
          throw site.refusal(
              "at most " + Integer.MAX_VALUE + " numbers for " + setting.batch() + " samples",
              "shape",
              node.shape(),
              "Use smaller inputs.");
        }
        yield known
            ? folding
                .numbers(node)
                .<Value>map(numbers -> Value.Known.of(type, numbers, node.shape()))
                .orElse(result)
            : result;
      }
    };
  }
}
