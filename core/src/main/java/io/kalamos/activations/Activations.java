package io.kalamos.activations;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The activations by Keras's names; those with options are records of their own, such as [Elu],
/// and stand here with Keras's defaults.
public final class Activations {
  private Activations() {}

  /// x.
  public static final ActivationFunction LINEAR = new NamedActivation("linear", x -> x);

  /// max(x, 0).
  public static final ActivationFunction RELU = new NamedActivation("relu", Ops::relu);

  /// 1 / (1 + exp(-x)).
  public static final ActivationFunction SIGMOID = new NamedActivation("sigmoid", Ops::sigmoid);

  /// exp(x) / sum(exp(x)) along the last axis.
  public static final ActivationFunction SOFTMAX = new NamedActivation("softmax", Ops::softmax);

  public static final ActivationFunction TANH = new NamedActivation("tanh", Ops::tanh);

  /// The logarithm of the softmax along the last axis.
  public static final ActivationFunction LOG_SOFTMAX =
      new NamedActivation("log_softmax", Ops::logSoftmax);

  /// x above 0, exp(x) - 1 below.
  public static final ActivationFunction ELU = Elu.of();

  /// A scaled elu that keeps mean 0 and variance 1 from layer to layer (Klambauer et al., 2017).
  public static final ActivationFunction SELU =
      new NamedActivation(
          "selu", x -> multiply(Elu.of(1.6732632423543772848).apply(x), 1.0507009873554804934));

  /// x above 0, exp(x) - 1 below, as [#ELU] (Barron, 2017).
  public static final ActivationFunction CELU = Celu.of();

  /// x above 0, 0.2 x below.
  public static final ActivationFunction LEAKY_RELU = LeakyRelu.of();

  /// min(max(x, 0), 6).
  public static final ActivationFunction RELU6 = new NamedActivation("relu6", Activations::relu6);

  /// log(1 + exp(x)).
  public static final ActivationFunction SOFTPLUS =
      new NamedActivation("softplus", Activations::softplus);

  /// x / (1 + |x|).
  public static final ActivationFunction SOFTSIGN =
      new NamedActivation("softsign", x -> divide(x, add(abs(x), 1)));

  /// x times the normal distribution's function of x (Hendrycks and Gimpel, 2016).
  public static final ActivationFunction GELU = Gelu.of();

  /// x * sigmoid(x); `swish` in older programs.
  public static final ActivationFunction SILU =
      new NamedActivation("silu", x -> multiply(x, sigmoid(x)));

  /// 0 up to -3, 1 from 3 on, a straight line between.
  public static final ActivationFunction HARD_SIGMOID =
      new NamedActivation("hard_sigmoid", Activations::hardSigmoid);

  /// x * hard_sigmoid(x); `hard_swish` in older programs.
  public static final ActivationFunction HARD_SILU =
      new NamedActivation("hard_silu", x -> multiply(x, hardSigmoid(x)));

  /// x between -1 and 1, the nearer of them elsewhere.
  public static final ActivationFunction HARD_TANH =
      new NamedActivation("hard_tanh", Activations::hardTanh);

  /// exp(x).
  public static final ActivationFunction EXPONENTIAL = new NamedActivation("exponential", Ops::exp);

  /// x * tanh(softplus(x)) (Misra, 2019).
  public static final ActivationFunction MISH = new NamedActivation("mish", Activations::mish);

  /// log(sigmoid(x)).
  public static final ActivationFunction LOG_SIGMOID =
      new NamedActivation("log_sigmoid", x -> neg(softplus(neg(x))));

  /// x, but 0 where |x| is at most 0.5.
  public static final ActivationFunction HARD_SHRINK = HardShrink.of();

  /// x brought nearer to 0 by 0.5, at most to 0.
  public static final ActivationFunction SOFT_SHRINK = SoftShrink.of();

  /// x - tanh(x).
  public static final ActivationFunction TANH_SHRINK =
      new NamedActivation("tanh_shrink", x -> subtract(x, tanh(x)));

  /// 0 up to -1, x from 1 on, (x + 1)² / 4 between.
  public static final ActivationFunction SPARSE_PLUS =
      new NamedActivation("sparse_plus", Activations::sparsePlus);

  /// 0 up to -1, 1 from 1 on, a straight line between.
  public static final ActivationFunction SPARSE_SIGMOID =
      new NamedActivation("sparse_sigmoid", x -> multiply(clip(add(x, 1), 0, 2), 0.5));

  /// (x + sqrt(x² + 4)) / 2.
  public static final ActivationFunction SQUAREPLUS = Squareplus.of();

  /// The first half of the last axis times the sigmoid of the second: half as many features.
  public static final ActivationFunction GLU = Glu.of();

  /// All of them.
  public static final List<ActivationFunction> ALL =
      List.of(
          LINEAR,
          RELU,
          SIGMOID,
          SOFTMAX,
          TANH,
          ELU,
          SELU,
          CELU,
          LEAKY_RELU,
          RELU6,
          SOFTPLUS,
          SOFTSIGN,
          GELU,
          SILU,
          HARD_SIGMOID,
          HARD_SILU,
          HARD_TANH,
          EXPONENTIAL,
          MISH,
          LOG_SOFTMAX,
          LOG_SIGMOID,
          HARD_SHRINK,
          SOFT_SHRINK,
          TANH_SHRINK,
          SPARSE_PLUS,
          SPARSE_SIGMOID,
          SQUAREPLUS,
          GLU);

  /// Second names, which Keras accepts too.
  private static final Map<String, ActivationFunction> ALIASES =
      Map.of("swish", SILU, "hard_swish", HARD_SILU);

  /// The activation of this name in Keras, with its defaults.
  ///
  /// @throws IllegalArgumentException where there is none
  public static ActivationFunction named(String name) {
    ActivationFunction alias = ALIASES.get(name);
    return alias != null
        ? alias
        : ALL.stream()
            .filter(activation -> activation.name().equals(name))
            .findFirst()
            .orElseThrow(() -> unknown(name));
  }

  private static IllegalArgumentException unknown(String name) {
    String known =
        Stream.concat(ALL.stream().map(ActivationFunction::name), ALIASES.keySet().stream())
            .sorted()
            .collect(Collectors.joining(", "));
    return Refusal.of(
        "activation",
        "one of " + known,
        "name",
        name,
        "Use one of these, or write an own function over Ops.");
  }

  /// max(x, 0) + log(1 + exp(-|x|)), which overflows nowhere.
  private static Node softplus(Node x) {
    return add(maximum(x, 0), log(add(exp(neg(abs(x))), 1)));
  }

  /// tanh(softplus(x)) is n / (n + d) with n = 1 + 2e, d = 2e² above 0 and n = e² + 2e, d = 2
  /// below, where e = exp(-|x|).
  private static Node mish(Node x) {
    Node e = exp(neg(abs(x)));
    Node positive = greater(x, 0);
    Node n = select(positive, add(multiply(e, 2), 1), multiply(e, add(e, 2)));
    Node d = select(positive, multiply(square(e), 2), like(x, 2));
    return multiply(x, divide(n, add(n, d)));
  }

  /// At 6 the derivative is 0, as in Keras.
  private static Node relu6(Node x) {
    return select(less(x, like(x, 6)), relu(x), like(x, 6));
  }

  private static Node hardSigmoid(Node x) {
    return divide(relu6(add(x, 3)), 6);
  }

  private static Node hardTanh(Node x) {
    Node above = select(greater(x, 1), like(x, 1), x);
    return select(less(x, like(x, -1)), like(x, -1), above);
  }

  private static Node sparsePlus(Node x) {
    Node line = select(greaterEqual(x, 1), x, divide(square(add(x, 1)), 4));
    return select(greater(x, -1), line, like(x, 0));
  }

  /// exp(x) - 1 for x of 0 or less, exact near 0 too: 2t / (1 - t) with t = tanh(x / 2).
  static Node expMinusOne(Node x) {
    Node t = tanh(multiply(x, 0.5));
    return divide(multiply(t, 2), subtract(1, t));
  }

  /// `below(x)` where x is not above 0, else x; neither side's gradient spoils the other's.
  static Node unlessPositive(Node x, java.util.function.UnaryOperator<Node> below) {
    Node positive = greater(x, 0);
    return select(positive, x, below.apply(select(positive, like(x, 0), x)));
  }
}
