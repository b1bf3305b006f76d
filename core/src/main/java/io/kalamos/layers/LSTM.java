package io.kalamos.layers;

import io.kalamos.activations.ActivationFunction;
import io.kalamos.activations.Activations;
import io.kalamos.constraints.Constraint;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.initializers.GlorotUniform;
import io.kalamos.initializers.Initializer;
import io.kalamos.initializers.Orthogonal;
import io.kalamos.initializers.Zeros;
import io.kalamos.options.Vary;
import io.kalamos.regularizers.Regularizer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Long short-term memory (Hochreiter and Schmidhuber, 1997, with a forget gate): (batch, time,
/// features) becomes (batch, units), or (batch, time, units) with `returnSequences`.
///
/// At each time step z = x · kernel + bias + h · recurrent kernel is cut into i, f, g, o of `units`
/// each; c = σ(f) · c + σ(i) · tanh(g) and h = σ(o) · tanh(c). Further inputs are the states h and
/// c to begin with; with `returnState` the last h and c follow as further results. Weights: kernel
/// (features, 4 units), recurrent_kernel (units, 4 units), bias (4 units). Keras class `LSTM`.
///
/// @param unitForgetBias whether f's bias begins at 1 (Jozefowicz et al., 2015)
public record LSTM(
    Optional<String> name,
    int units,
    ActivationFunction activation,
    ActivationFunction recurrentActivation,
    boolean useBias,
    boolean unitForgetBias,
    WeightOptions kernel,
    WeightOptions recurrent,
    WeightOptions bias,
    Optional<Regularizer> activityRegularizer,
    Recurrence recurrence)
    implements RecurrentLayer {
  public LSTM {
    name.ifPresent(n -> Options.name("LSTM", n));
    Options.positive("LSTM", "units", units);
  }

  public static LSTM of(int units) {
    return new LSTM(
        Optional.empty(),
        units,
        Activations.TANH,
        Activations.SIGMOID,
        true,
        true,
        WeightOptions.of(GlorotUniform.of()),
        WeightOptions.of(Orthogonal.of()),
        WeightOptions.of(Zeros.of()),
        Optional.empty(),
        Recurrence.DEFAULTS);
  }

  @Override
  public LSTM named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public LSTM activation(ActivationFunction activation) {
    return Vary.of(this, "activation", activation);
  }

  /// What gates are made with.
  public LSTM recurrentActivation(ActivationFunction activation) {
    return Vary.of(this, "recurrentActivation", activation);
  }

  public LSTM useBias(boolean useBias) {
    return Vary.of(this, "useBias", useBias);
  }

  public LSTM unitForgetBias(boolean unitForgetBias) {
    return Vary.of(this, "unitForgetBias", unitForgetBias);
  }

  public LSTM kernelInitializer(Initializer initializer) {
    return Vary.of(this, "kernel", kernel.initializer(initializer));
  }

  public LSTM kernelRegularizer(Regularizer regularizer) {
    return Vary.of(this, "kernel", kernel.regularizer(regularizer));
  }

  public LSTM kernelConstraint(Constraint constraint) {
    return Vary.of(this, "kernel", kernel.constraint(constraint));
  }

  public LSTM recurrentInitializer(Initializer initializer) {
    return Vary.of(this, "recurrent", recurrent.initializer(initializer));
  }

  public LSTM recurrentRegularizer(Regularizer regularizer) {
    return Vary.of(this, "recurrent", recurrent.regularizer(regularizer));
  }

  public LSTM recurrentConstraint(Constraint constraint) {
    return Vary.of(this, "recurrent", recurrent.constraint(constraint));
  }

  public LSTM biasInitializer(Initializer initializer) {
    return Vary.of(this, "bias", bias.initializer(initializer));
  }

  public LSTM biasRegularizer(Regularizer regularizer) {
    return Vary.of(this, "bias", bias.regularizer(regularizer));
  }

  public LSTM biasConstraint(Constraint constraint) {
    return Vary.of(this, "bias", bias.constraint(constraint));
  }

  /// A price for large results.
  public LSTM activityRegularizer(Regularizer regularizer) {
    return Vary.of(this, "activityRegularizer", Optional.of(regularizer));
  }

  /// How it goes over time; the methods below vary one option of it.
  @Override
  public LSTM recurrence(Recurrence recurrence) {
    return Vary.of(this, "recurrence", recurrence);
  }

  public LSTM returnSequences(boolean returnSequences) {
    return recurrence(Vary.of(recurrence, "returnSequences", returnSequences));
  }

  public LSTM returnState(boolean returnState) {
    return recurrence(Vary.of(recurrence, "returnState", returnState));
  }

  public LSTM goBackwards(boolean goBackwards) {
    return recurrence(Vary.of(recurrence, "goBackwards", goBackwards));
  }

  public LSTM zeroOutputForMask(boolean zeroOutputForMask) {
    return recurrence(Vary.of(recurrence, "zeroOutputForMask", zeroOutputForMask));
  }

  public LSTM dropout(double dropout) {
    return recurrence(Vary.of(recurrence, "dropout", dropout));
  }

  public LSTM recurrentDropout(double recurrentDropout) {
    return recurrence(Vary.of(recurrence, "recurrentDropout", recurrentDropout));
  }

  public LSTM seed(long seed) {
    return recurrence(Vary.of(recurrence, "seed", OptionalLong.of(seed)));
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    Unrolling time = new Unrolling(call, recurrence);
    String cell = "lstm_cell/";
    Node input = call.weight(cell + "kernel", Shape.of(time.features(), 4 * units), kernel);
    Node state = call.weight(cell + "recurrent_kernel", Shape.of(units, 4 * units), recurrent);
    Optional<Node> offset =
        useBias
            ? Optional.of(call.weight(cell + "bias", Shape.of(4 * units), beginning()))
            : Optional.empty();
    Optional<Node> mask = time.stateMask(units);
    Node y =
        time.run(
            time.project(input, offset),
            2,
            units,
            (step, states) -> {
              Node h = states.get(0);
              Node masked = mask.map(m -> Ops.multiply(h, m)).orElse(h);
              return step(Ops.add(step, Ops.matmul(masked, state)), states.get(1));
            });
    return call.regularized(y, activityRegularizer);
  }

  private List<Node> step(Node z, Node c) {
    List<Node> gates = Ops.split(z, 1, 4);
    Node input = recurrentActivation.apply(gates.get(0));
    Node forget = recurrentActivation.apply(gates.get(1));
    Node output = recurrentActivation.apply(gates.get(3));
    Node carry =
        Ops.add(Ops.multiply(forget, c), Ops.multiply(input, activation.apply(gates.get(2))));
    return List.of(Ops.multiply(output, activation.apply(carry)), carry);
  }

  private WeightOptions beginning() {
    if (!unitForgetBias) {
      return bias;
    }
    Initializer others = bias.initializer();
    return bias.initializer(
        (weight, seed, stream) -> {
          others.fill(weight, seed, stream);
          for (int i = units; i < 2 * units; i++) {
            weight.set(i, 1);
          }
        });
  }
}
