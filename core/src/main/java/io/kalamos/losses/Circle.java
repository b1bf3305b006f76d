package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Objects;
import java.util.Optional;

/// Draws embeddings of one label together and others apart, each pair by how far it is from where
/// it should be: (batch, features), of length 1, beside labels (batch). Pairs are those of the
/// batch; samples without a loss do not count in the mean. Keras class `Circle`; Sun et al., 2020.
///
/// @param gamma the scale
/// @param margin between the kinds of pairs
/// @param removeDiagonal whether a sample makes no pair with itself
public record Circle(
    String name, double gamma, double margin, boolean removeDiagonal, Reduction reduction)
    implements KerasLoss<Circle> {
  private static final double NOTHING = -1e9;

  public Circle {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
    Refusal.unlessPositive("Circle", "gamma", gamma, "Keras's default is 80.");
    Refusal.unlessFinite("Circle", "margin", margin, "Keras's default is 0.4.");
  }

  public static Circle of() {
    return new Circle("circle", 80, 0.4, true, Reduction.SUM_OVER_BATCH_SIZE);
  }

  public Circle gamma(double gamma) {
    return Vary.of(this, "gamma", gamma);
  }

  public Circle margin(double margin) {
    return Vary.of(this, "margin", margin);
  }

  public Circle removeDiagonal(boolean removeDiagonal) {
    return Vary.of(this, "removeDiagonal", removeDiagonal);
  }

  @Override
  public TargetKind target() {
    return TargetKind.LABEL;
  }

  @Override
  public Optional<Node> counted(Node target, Node losses) {
    return Optional.of(greater(losses, 0));
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node x = Operands.wide(prediction);
    Node labels = cast(reshape(target, Shape.of(target.shape().dim(0), 1)), x.dtype());
    Node far = maximum(subtract(1, matmul(x, x, false, true)), 0);
    Node same = equal(labels, transpose(labels, 1, 0));
    Node other = subtract(1, same);
    Node friends = removeDiagonal ? multiply(same, subtract(1, diagonal(same))) : same;
    Node pull = multiply(maximum(multiply(add(far, margin), friends), 0), subtract(margin, far));
    Node push =
        multiply(maximum(multiply(subtract(1 + margin, far), other), 0), subtract(1 - margin, far));
    Node sum = add(logSum(multiply(pull, -gamma), friends), logSum(multiply(push, gamma), other));
    return add(maximum(sum, 0), log(add(exp(neg(abs(sum))), 1)));
  }

  /// log(sum(exp(values))) of each row where `counts` is 1, shape (batch); NOTHING where it never
  /// is.
  private static Node logSum(Node values, Node counts) {
    Node kept = select(counts, values, like(values, NOTHING));
    Node top = maxLast(kept);
    return Operands.withoutLast(add(top, log(sumLast(exp(subtract(kept, top))))));
  }

  private static Node diagonal(Node square) {
    int size = square.shape().dim(0);
    Tensor places = Tensor.zeros(square.dtype(), Shape.of(size, 1));
    places.fill(i -> i);
    return oneHot(constant(places), size, square.dtype());
  }
}
