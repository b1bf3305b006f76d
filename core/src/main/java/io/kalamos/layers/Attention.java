package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.initializers.Ones;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Optional;
import java.util.OptionalLong;

/// Each query's mean of the values, weighted by how well query and key fit (Luong et al., 2015):
/// query (batch, t, features) over value (batch, s, features) becomes (batch, t, value features).
///
/// Applied to (query, value) or (query, value, key). Weights: scale () with `useScale`, and
/// concat_score_weight () with CONCAT. Keras class `Attention`.
///
/// @param scoreMode how fit is measured: query · key, or the sum of tanh(query + key)
/// @param causal whether a place looks only at itself and those before it; Keras's call argument
///   `use_causal_mask`
public record Attention(
    Optional<String> name,
    boolean useScale,
    ScoreMode scoreMode,
    double dropout,
    OptionalLong seed,
    boolean causal)
    implements Layer {
  /// How well a query and a key fit.
  public enum ScoreMode {
    DOT,
    CONCAT
  }

  public Attention {
    name.ifPresent(n -> Options.name("Attention", n));
    Refusal.unlessBelowOne("Attention", "dropout", dropout, "Use 0.1, or 0 for none.");
  }

  public static Attention of() {
    return new Attention(Optional.empty(), false, ScoreMode.DOT, 0, OptionalLong.empty(), false);
  }

  @Override
  public Attention named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  /// Whether scores are multiplied with a number that is trained.
  public Attention useScale(boolean useScale) {
    return Vary.of(this, "useScale", useScale);
  }

  public Attention scoreMode(ScoreMode scoreMode) {
    return Vary.of(this, "scoreMode", scoreMode);
  }

  public Attention dropout(double dropout) {
    return Vary.of(this, "dropout", dropout);
  }

  public Attention seed(long seed) {
    return Vary.of(this, "seed", OptionalLong.of(seed));
  }

  public Attention causal(boolean causal) {
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
    int inputs = call.inputs().size();
    if (inputs < 2 || inputs > 3) {
      throw call.rejects(
          "query and value, or query, value and key",
          query.shape(),
          "The layer got " + inputs + "; apply it with .on(query, value).");
    }
    Node value = call.inputs().get(1);
    Node key = inputs > 2 ? call.inputs().get(2) : value;
    for (Node input : call.inputs()) {
      if (input.shape().rank() != 3) {
        throw call.rejects(
            "sequences (batch, time, features)",
            input.shape(),
            "Reshape each input to (time, features).");
      }
    }
    Shape steps = Shape.of(query.shape().dim(0), 1, value.shape().dim(1));
    Optional<Node> allowed =
        AttentionScores.both(
            call.mask(1).map(mask -> Ops.reshape(mask, steps)),
            causal
                ? Optional.of(
                    AttentionScores.causal(
                        query.shape().dim(1), value.shape().dim(1), call.variableType()))
                : Optional.empty());
    Node shares = AttentionScores.softmax(scores(call, query, key), allowed);
    if (call.training() && dropout > 0) {
      Node mask = RandomMask.of(call, shares.shape(), dropout, seed, shares.dtype());
      shares = Ops.multiply(shares, mask);
    }
    Node y = Ops.matmul(shares, value);
    Shape rows = Shape.of(query.shape().dim(0), query.shape().dim(1), 1);
    return call.mask(0)
        .map(mask -> Ops.multiply(y, Ops.cast(Ops.reshape(mask, rows), y.dtype())))
        .orElse(y);
  }

  /// How well each query fits each key: (batch, t, s).
  private Node scores(Call call, Node query, Node key) {
    Optional<Node> scale =
        useScale
            ? Optional.of(call.weight("scale", Shape.SCALAR, WeightOptions.of(Ones.of())))
            : Optional.empty();
    return switch (scoreMode) {
      case DOT -> scaled(Ops.matmul(query, key, false, true), scale);
      case CONCAT -> {
        Node weight = call.weight("concat_score_weight", Shape.SCALAR, WeightOptions.of(Ones.of()));
        Shape q = query.shape();
        Shape k = key.shape();
        Node each = Ops.reshape(query, Shape.of(q.dim(0), q.dim(1), 1, q.dim(2)));
        Node other = Ops.reshape(key, Shape.of(k.dim(0), 1, k.dim(1), k.dim(2)));
        Node sums = Ops.sumLast(Ops.tanh(scaled(Ops.add(each, other), scale)));
        yield Ops.multiply(Ops.reshape(sums, Shape.of(q.dim(0), q.dim(1), k.dim(1))), weight);
      }
    };
  }

  private static Node scaled(Node scores, Optional<Node> scale) {
    return scale.map(s -> Ops.multiply(scores, s)).orElse(scores);
  }
}
