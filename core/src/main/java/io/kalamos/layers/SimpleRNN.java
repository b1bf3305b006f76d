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

/// h = activation(x · kernel + bias + h · recurrent kernel) at each time step: (batch, time,
/// features) becomes (batch, units), or (batch, time, units) with `returnSequences`.
///
/// Further inputs are the state to begin with; with `returnState` the last h follows as a further
/// result. Weights: kernel (features, units), recurrent_kernel (units, units), bias (units). Keras
/// class `SimpleRNN`.
public record SimpleRNN(
    Optional<String> name,
    int units,
    ActivationFunction activation,
    boolean useBias,
    WeightOptions kernel,
    WeightOptions recurrent,
    WeightOptions bias,
    Optional<Regularizer> activityRegularizer,
    Recurrence recurrence)
    implements RecurrentLayer {
  public SimpleRNN {
    name.ifPresent(n -> Options.name("SimpleRNN", n));
    Options.positive("SimpleRNN", "units", units);
  }

  public static SimpleRNN of(int units) {
    return new SimpleRNN(
        Optional.empty(),
        units,
        Activations.TANH,
        true,
        WeightOptions.of(GlorotUniform.of()),
        WeightOptions.of(Orthogonal.of()),
        WeightOptions.of(Zeros.of()),
        Optional.empty(),
        Recurrence.DEFAULTS);
  }

  @Override
  public SimpleRNN named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public SimpleRNN activation(ActivationFunction activation) {
    return Vary.of(this, "activation", activation);
  }

  public SimpleRNN useBias(boolean useBias) {
    return Vary.of(this, "useBias", useBias);
  }

  public SimpleRNN kernelInitializer(Initializer initializer) {
    return Vary.of(this, "kernel", kernel.initializer(initializer));
  }

  public SimpleRNN kernelRegularizer(Regularizer regularizer) {
    return Vary.of(this, "kernel", kernel.regularizer(regularizer));
  }

  public SimpleRNN kernelConstraint(Constraint constraint) {
    return Vary.of(this, "kernel", kernel.constraint(constraint));
  }

  public SimpleRNN recurrentInitializer(Initializer initializer) {
    return Vary.of(this, "recurrent", recurrent.initializer(initializer));
  }

  public SimpleRNN recurrentRegularizer(Regularizer regularizer) {
    return Vary.of(this, "recurrent", recurrent.regularizer(regularizer));
  }

  public SimpleRNN recurrentConstraint(Constraint constraint) {
    return Vary.of(this, "recurrent", recurrent.constraint(constraint));
  }

  public SimpleRNN biasInitializer(Initializer initializer) {
    return Vary.of(this, "bias", bias.initializer(initializer));
  }

  public SimpleRNN biasRegularizer(Regularizer regularizer) {
    return Vary.of(this, "bias", bias.regularizer(regularizer));
  }

  public SimpleRNN biasConstraint(Constraint constraint) {
    return Vary.of(this, "bias", bias.constraint(constraint));
  }

  /// A price for large results.
  public SimpleRNN activityRegularizer(Regularizer regularizer) {
    return Vary.of(this, "activityRegularizer", Optional.of(regularizer));
  }

  /// How it goes over time; the methods below vary one option of it.
  @Override
  public SimpleRNN recurrence(Recurrence recurrence) {
    return Vary.of(this, "recurrence", recurrence);
  }

  public SimpleRNN returnSequences(boolean returnSequences) {
    return recurrence(Vary.of(recurrence, "returnSequences", returnSequences));
  }

  public SimpleRNN returnState(boolean returnState) {
    return recurrence(Vary.of(recurrence, "returnState", returnState));
  }

  public SimpleRNN goBackwards(boolean goBackwards) {
    return recurrence(Vary.of(recurrence, "goBackwards", goBackwards));
  }

  public SimpleRNN zeroOutputForMask(boolean zeroOutputForMask) {
    return recurrence(Vary.of(recurrence, "zeroOutputForMask", zeroOutputForMask));
  }

  public SimpleRNN dropout(double dropout) {
    return recurrence(Vary.of(recurrence, "dropout", dropout));
  }

  public SimpleRNN recurrentDropout(double recurrentDropout) {
    return recurrence(Vary.of(recurrence, "recurrentDropout", recurrentDropout));
  }

  public SimpleRNN seed(long seed) {
    return recurrence(Vary.of(recurrence, "seed", OptionalLong.of(seed)));
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    Unrolling time = new Unrolling(call, recurrence);
    String cell = "simple_rnn_cell/";
    Node input = call.weight(cell + "kernel", Shape.of(time.features(), units), kernel);
    Node state = call.weight(cell + "recurrent_kernel", Shape.of(units, units), recurrent);
    Optional<Node> offset =
        useBias ? Optional.of(call.weight(cell + "bias", Shape.of(units), bias)) : Optional.empty();
    Optional<Node> mask = time.stateMask(units);
    Node y =
        time.run(
            time.project(input, offset),
            1,
            units,
            (step, states) -> {
              Node h = states.getFirst();
              Node masked = mask.map(m -> Ops.multiply(h, m)).orElse(h);
              return List.of(activation.apply(Ops.add(step, Ops.matmul(masked, state))));
            });
    return call.regularized(y, activityRegularizer);
  }
}
