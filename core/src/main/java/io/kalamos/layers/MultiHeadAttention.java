package io.kalamos.layers;

import io.kalamos.constraints.Constraint;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.initializers.GlorotUniform;
import io.kalamos.initializers.Initializer;
import io.kalamos.initializers.Zeros;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import io.kalamos.regularizers.Regularizer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Looks things up in several ways at once (Vaswani et al., 2017): queries (batch, t, features)
/// over values (batch, s, features) become (batch, t, outputShape), the queries' features by
/// default.
///
/// Applied to (query, value) or (query, value, key), and a mask (batch, t, s) of what may be looked
/// at as a fourth; one input is all three. Inputs' own masks and `causal` restrict it further.
/// Weights: kernel and bias of `query`, `key`, `value` (features, heads, size) and
/// `attention_output` (heads, size, features). Keras class `MultiHeadAttention`.
///
/// @param keyDim the size of each head's queries and keys
/// @param valueDim the size of each head's values; keyDim by default
/// @param outputShape the features of the result; those of the query without it
/// @param dropout the part of the scores that is zeroed while training
/// @param causal whether a place looks only at itself and those before it; Keras's call argument
///   `use_causal_mask`
public record MultiHeadAttention(
    Optional<String> name,
    int numHeads,
    int keyDim,
    int valueDim,
    double dropout,
    boolean useBias,
    OptionalInt outputShape,
    WeightOptions kernel,
    WeightOptions bias,
    Optional<Regularizer> activityRegularizer,
    OptionalLong seed,
    boolean causal)
    implements Layer {
  public MultiHeadAttention {
    name.ifPresent(n -> Options.name("MultiHeadAttention", n));
    Options.positive("MultiHeadAttention", "numHeads", numHeads);
    Options.positive("MultiHeadAttention", "keyDim", keyDim);
    Options.positive("MultiHeadAttention", "valueDim", valueDim);
    outputShape.ifPresent(size -> Options.positive("MultiHeadAttention", "outputShape", size));
    Refusal.unlessBelowOne("MultiHeadAttention", "dropout", dropout, "Use 0.1, or 0 for none.");
  }

  public static MultiHeadAttention of(int numHeads, int keyDim) {
    return new MultiHeadAttention(
        Optional.empty(),
        numHeads,
        keyDim,
        keyDim,
        0,
        true,
        OptionalInt.empty(),
        WeightOptions.of(GlorotUniform.of()),
        WeightOptions.of(Zeros.of()),
        Optional.empty(),
        OptionalLong.empty(),
        false);
  }

  @Override
  public MultiHeadAttention named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public MultiHeadAttention valueDim(int size) {
    return Vary.of(this, "valueDim", size);
  }

  public MultiHeadAttention dropout(double dropout) {
    return Vary.of(this, "dropout", dropout);
  }

  public MultiHeadAttention useBias(boolean useBias) {
    return Vary.of(this, "useBias", useBias);
  }

  public MultiHeadAttention outputShape(int features) {
    return Vary.of(this, "outputShape", OptionalInt.of(features));
  }

  public MultiHeadAttention kernelInitializer(Initializer initializer) {
    return Vary.of(this, "kernel", kernel.initializer(initializer));
  }

  public MultiHeadAttention kernelRegularizer(Regularizer regularizer) {
    return Vary.of(this, "kernel", kernel.regularizer(regularizer));
  }

  public MultiHeadAttention kernelConstraint(Constraint constraint) {
    return Vary.of(this, "kernel", kernel.constraint(constraint));
  }

  public MultiHeadAttention biasInitializer(Initializer initializer) {
    return Vary.of(this, "bias", bias.initializer(initializer));
  }

  public MultiHeadAttention biasRegularizer(Regularizer regularizer) {
    return Vary.of(this, "bias", bias.regularizer(regularizer));
  }

  public MultiHeadAttention biasConstraint(Constraint constraint) {
    return Vary.of(this, "bias", bias.constraint(constraint));
  }

  /// A price for large results of each of the four products.
  public MultiHeadAttention activityRegularizer(Regularizer regularizer) {
    return Vary.of(this, "activityRegularizer", Optional.of(regularizer));
  }

  public MultiHeadAttention seed(long seed) {
    return Vary.of(this, "seed", OptionalLong.of(seed));
  }

  public MultiHeadAttention causal(boolean causal) {
    return Vary.of(this, "causal", causal);
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node query) {
    int given = call.inputs().size();
    Node value = given > 1 ? call.inputs().get(1) : query;
    Node key = given > 2 ? call.inputs().get(2) : value;
    for (Node input : new Node[] {query, value, key}) {
      if (input.shape().rank() != 3) {
        throw call.rejects(
            "sequences (batch, time, features)",
            input.shape(),
            "Reshape each input to (time, features).");
      }
    }
    if (key.shape().dim(1) != value.shape().dim(1)) {
      throw call.rejects(
          "as many keys as values (" + value.shape().dim(1) + ")",
          key.shape(),
          "Give keys and values of the same sequence.");
    }

    Node q = heads(call, "query", query, keyDim);
    Node k = heads(call, "key", key, keyDim);
    Node v = heads(call, "value", value, valueDim);
    Node scores = Ops.matmul(Ops.multiply(q, 1 / Math.sqrt(keyDim)), k, false, true);
    Node shares = AttentionScores.softmax(scores, allowed(call, query, value));
    if (call.training() && dropout > 0) {
      Node mask = RandomMask.of(call, shares.shape(), dropout, seed, shares.dtype());
      shares = Ops.multiply(shares, mask);
    }
    return merged(call, Ops.matmul(shares, v), valueDim, query.shape());
  }

  /// x · kernel + bias, one result for each head: (batch, heads, time, size).
  private Node heads(Call call, String part, Node x, int size) {
    Shape shape = x.shape();
    int features = shape.dim(2);
    Node weights = call.weight(part + "/kernel", Shape.of(features, numHeads, size), kernel);
    Node rows = Ops.reshape(x, Shape.of(shape.dim(0) * shape.dim(1), features));
    Node y = Ops.matmul(rows, Ops.reshape(weights, Shape.of(features, numHeads * size)));
    if (useBias) {
      Node offset = call.weight(part + "/bias", Shape.of(numHeads, size), bias);
      y = Ops.add(y, Ops.reshape(offset, Shape.of(numHeads * size)));
    }
    Node cut = Ops.reshape(y, Shape.of(shape.dim(0), shape.dim(1), numHeads, size));
    return Ops.transpose(call.regularized(cut, activityRegularizer), 0, 2, 1, 3);
  }

  /// The heads' results side by side, times the last kernel.
  private Node merged(Call call, Node heads, int size, Shape query) {
    int features = outputShape.orElse(query.dim(2));
    int rows = query.dim(0) * query.dim(1);
    Node joined = Ops.reshape(Ops.transpose(heads, 0, 2, 1, 3), Shape.of(rows, numHeads * size));
    String part = "attention_output";
    Node weights = call.weight(part + "/kernel", Shape.of(numHeads, size, features), kernel);
    Node y = Ops.matmul(joined, Ops.reshape(weights, Shape.of(numHeads * size, features)));
    if (useBias) {
      y = Ops.add(y, call.weight(part + "/bias", Shape.of(features), bias));
    }
    return call.regularized(Ops.reshape(y, query.with(2, features)), activityRegularizer);
  }

  /// Where queries may look: (batch, 1, t, s) of 1 and 0, or what repeats to it.
  private Optional<Node> allowed(Call call, Node query, Node value) {
    int batch = query.shape().dim(0);
    int queries = query.shape().dim(1);
    int values = value.shape().dim(1);
    int inputs = call.inputs().size();
    Optional<Node> ofQuery =
        call.mask(0).map(mask -> Ops.reshape(mask, Shape.of(batch, 1, queries, 1)));
    Optional<Node> ofValue =
        call.mask(inputs > 1 ? 1 : 0).map(m -> Ops.reshape(m, Shape.of(batch, 1, 1, values)));
    Optional<Node> keyMask = inputs > 2 ? call.mask(2) : Optional.empty();
    Optional<Node> ofKey = keyMask.map(m -> Ops.reshape(m, Shape.of(batch, 1, 1, values)));
    Optional<Node> given =
        inputs > 3
            ? Optional.of(Ops.reshape(call.inputs().get(3), Shape.of(batch, 1, queries, values)))
            : Optional.empty();
    Optional<Node> before =
        causal
            ? Optional.of(AttentionScores.causal(queries, values, DType.FLOAT32))
            : Optional.empty();
    Optional<Node> masks =
        AttentionScores.both(
            AttentionScores.both(ofQuery, ofValue), AttentionScores.both(ofKey, before));
    return AttentionScores.both(masks, given.map(g -> Ops.cast(g, DType.FLOAT32)));
  }
}
