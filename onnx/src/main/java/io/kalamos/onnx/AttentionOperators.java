package io.kalamos.onnx;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Scaled dot-product attention over whole sequences (Vaswani et al., 2017).
final class AttentionOperators {
  static final Map<String, Operator> ALL = Map.of("Attention", AttentionOperators::attention);

  private static final Set<String> READ =
      Set.of(
          "is_causal",
          "kv_num_heads",
          "q_num_heads",
          "qk_matmul_output_mode",
          "scale",
          "softcap",
          "softmax_precision");

  /// A score that softmax makes 0, also in bfloat16.
  private static final double NEVER = -1e30;

  private AttentionOperators() {}

  private static List<Value> attention(Site s) {
    refuse(s);
    Node queries = heads(s, 0, "q_num_heads");
    int width = queries.shape().dim(-1);
    Node keys = repeated(s, heads(s, 1, "kv_num_heads"), queries.shape().dim(1));
    Node values = repeated(s, heads(s, 2, "kv_num_heads"), queries.shape().dim(1));
    double scale = s.given("scale") ? s.real("scale", 1) : 1 / Math.sqrt(width);
    Node scores =
        Ops.multiply(ProductOperators.matmul(queries, Ops.transpose(keys, 0, 1, 3, 2)), scale);
    Node y = ProductOperators.matmul(weights(s, scores), values);
    if (s.rank(0) == 4) {
      return s.give(y);
    }
    Node turned = Ops.transpose(y, 0, 2, 1, 3);
    Shape shape = turned.shape();
    int joined = Math.multiplyExact(shape.dim(2), shape.dim(3));
    return s.give(Ops.reshape(turned, Shape.of(shape.dim(0), shape.dim(1), joined)));
  }

  /// What generating texts step by step needs is not read.
  private static void refuse(Site s) {
    boolean steps = s.has(4) || s.has(5) || s.has(6);
    boolean further = s.node().outputs().stream().skip(1).anyMatch(name -> !name.isEmpty());
    List<String> options =
        s.node().attributes().stream()
            .map(AttributeProto::name)
            .filter(name -> !READ.contains(name))
            .map(Names::shown)
            .toList();
    if (steps || further || !options.isEmpty() || s.real("softcap", 0) != 0) {
      throw s.refusal(
          "attention over whole sequences: no past keys, lengths, windows, softcap and further"
              + " outputs",
          "inputs, outputs, options",
          s.count() + ", " + s.node().outputs().size() + ", " + options,
          "Export the model without a cache of keys and values.");
    }
  }

  /// (batch, heads, steps, width), also of (batch, steps, heads · width).
  private static Node heads(Site s, int input, String attribute) {
    Shape shape = s.shape(input);
    if (shape.rank() == 4) {
      return s.x(input);
    }
    int heads = s.size(attribute, s.number(attribute, 0), 1);
    if (shape.rank() != 3 || shape.dim(2) % heads != 0) {
      throw s.refusal(
          "sequences (batch, steps, width) whose width is divisible by " + attribute,
          "shape",
          shape,
          "Export the model anew.");
    }
    Shape apart = Shape.of(shape.dim(0), shape.dim(1), heads, shape.dim(2) / heads);
    return Ops.transpose(Ops.reshape(s.x(input), apart), 0, 2, 1, 3);
  }

  /// Each head for as many neighbouring heads of the queries.
  private static Node repeated(Site s, Node x, int heads) {
    Shape shape = x.shape();
    int own = shape.dim(1);
    if (own == heads) {
      return x;
    }
    if (own == 0 || heads % own != 0) {
      throw s.refusal(
          "heads of keys and values that divide the " + heads + " of queries",
          "heads",
          own,
          "Export the model anew.");
    }
    Node one = Ops.reshape(x, Shape.of(shape.dim(0), own, 1, shape.dim(2), shape.dim(3)));
    Shape all = one.shape().with(2, heads / own);
    return Ops.reshape(Ops.broadcastTo(one, all), shape.with(1, heads));
  }

  /// Softmax of the scores, where a mask of truth values may leave some out; who may look at
  /// nothing gets zeros.
  private static Node weights(Site s, Node scores) {
    Shape shape = scores.shape();
    boolean truths = s.has(3) && s.type(3) == ElementType.BOOL;
    Node sum = s.has(3) && !truths ? Ops.add(scores, s.x(3)) : scores;
    List<Node> masks = new ArrayList<>();
    if (truths) {
      masks.add(s.x(3));
    }
    if (s.flag("is_causal", false)) {
      masks.add(earlier(s, shape.dim(-2), shape.dim(-1)));
    }
    if (masks.isEmpty()) {
      return softmax(sum);
    }
    Node allowed = Ops.broadcastTo(masks.stream().reduce(Ops::multiply).orElseThrow(), shape);
    Node weights = softmax(Ops.select(allowed, sum, Ops.like(sum, NEVER)));
    return Ops.multiply(weights, allowed);
  }

  /// Which keys stand at the place of a query or before.
  private static Node earlier(Site s, int queries, int keys) {
    s.unrolls("steps", Math.max(queries, keys));
    Tensor before = Tensor.zeros(DType.FLOAT32, Shape.of(queries, keys));
    before.fill(i -> i % keys <= i / keys ? 1 : 0);
    return Ops.constant(before.cast(s.dtype()));
  }

  private static Node softmax(Node scores) {
    Shape shape = scores.shape();
    int row = shape.dim(-1);
    Shape rows = Shape.of(Math.toIntExact(shape.size() / Math.max(1, row)), row);
    return Ops.reshape(Ops.softmax(Ops.reshape(scores, rows)), shape);
  }
}
