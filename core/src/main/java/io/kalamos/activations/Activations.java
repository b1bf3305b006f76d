package io.kalamos.activations;

import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;
import java.util.List;
import java.util.stream.Collectors;

/// The activations by Keras's names.
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

  /// All of them.
  public static final List<ActivationFunction> ALL = List.of(LINEAR, RELU, SIGMOID, SOFTMAX, TANH);

  /// The activation of this name in Keras.
  ///
  /// @throws IllegalArgumentException where there is none
  public static ActivationFunction named(String name) {
    return ALL.stream()
        .filter(activation -> activation.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Refusal.of(
                    "activation",
                    "one of "
                        + ALL.stream()
                            .map(ActivationFunction::name)
                            .collect(Collectors.joining(", ")),
                    "name",
                    name,
                    "Use one of these, or write an own function over Ops."));
  }
}
