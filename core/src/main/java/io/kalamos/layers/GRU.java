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

/// Gated recurrent unit (Cho et al., 2014): (batch, time, features) becomes (batch, units), or
/// (batch, time, units) with `returnSequences`.
///
/// Update gate z, reset gate r and candidate g at each time step: h = z · h + (1 - z) · g. With
/// `resetAfter` g = tanh(x_g + r · (h · recurrent kernel + bias)), else g = tanh(x_g + (r · h) ·
/// recurrent kernel). Further inputs are the state to begin with; with `returnState` the last h
/// follows as a further result. Weights: kernel (features, 3 units), recurrent_kernel (units, 3
/// units), bias (2, 3 units) with `resetAfter`, else (3 units). Keras class `GRU`.
public record GRU(
    Optional<String> name,
    int units,
    ActivationFunction activation,
    ActivationFunction recurrentActivation,
    boolean useBias,
    boolean resetAfter,
    WeightOptions kernel,
    WeightOptions recurrent,
    WeightOptions bias,
    Optional<Regularizer> activityRegularizer,
    Recurrence recurrence)
    implements RecurrentLayer {
  public GRU {
    name.ifPresent(n -> Options.name("GRU", n));
    Options.positive("GRU", "units", units);
  }

  public static GRU of(int units) {
    return new GRU(
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
  public GRU named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public GRU activation(ActivationFunction activation) {
    return Vary.of(this, "activation", activation);
  }

  /// What gates are made with.
  public GRU recurrentActivation(ActivationFunction activation) {
    return Vary.of(this, "recurrentActivation", activation);
  }

  public GRU useBias(boolean useBias) {
    return Vary.of(this, "useBias", useBias);
  }

  /// Whether the reset gate is applied behind the recurrent product.
  public GRU resetAfter(boolean resetAfter) {
    return Vary.of(this, "resetAfter", resetAfter);
  }

  public GRU kernelInitializer(Initializer initializer) {
    return Vary.of(this, "kernel", kernel.initializer(initializer));
  }

  public GRU kernelRegularizer(Regularizer regularizer) {
    return Vary.of(this, "kernel", kernel.regularizer(regularizer));
  }

  public GRU kernelConstraint(Constraint constraint) {
    return Vary.of(this, "kernel", kernel.constraint(constraint));
  }

  public GRU recurrentInitializer(Initializer initializer) {
    return Vary.of(this, "recurrent", recurrent.initializer(initializer));
  }

  public GRU recurrentRegularizer(Regularizer regularizer) {
    return Vary.of(this, "recurrent", recurrent.regularizer(regularizer));
  }

  public GRU recurrentConstraint(Constraint constraint) {
    return Vary.of(this, "recurrent", recurrent.constraint(constraint));
  }

  public GRU biasInitializer(Initializer initializer) {
    return Vary.of(this, "bias", bias.initializer(initializer));
  }

  public GRU biasRegularizer(Regularizer regularizer) {
    return Vary.of(this, "bias", bias.regularizer(regularizer));
  }

  public GRU biasConstraint(Constraint constraint) {
    return Vary.of(this, "bias", bias.constraint(constraint));
  }

  /// A price for large results.
  public GRU activityRegularizer(Regularizer regularizer) {
    return Vary.of(this, "activityRegularizer", Optional.of(regularizer));
  }

  /// How it goes over time; the methods below vary one option of it.
  @Override
  public GRU recurrence(Recurrence recurrence) {
    return Vary.of(this, "recurrence", recurrence);
  }

  public GRU returnSequences(boolean returnSequences) {
    return recurrence(Vary.of(recurrence, "returnSequences", returnSequences));
  }

  public GRU returnState(boolean returnState) {
    return recurrence(Vary.of(recurrence, "returnState", returnState));
  }

  public GRU goBackwards(boolean goBackwards) {
    return recurrence(Vary.of(recurrence, "goBackwards", goBackwards));
  }

  public GRU zeroOutputForMask(boolean zeroOutputForMask) {
    return recurrence(Vary.of(recurrence, "zeroOutputForMask", zeroOutputForMask));
  }

  public GRU dropout(double dropout) {
    return recurrence(Vary.of(recurrence, "dropout", dropout));
  }

  public GRU recurrentDropout(double recurrentDropout) {
    return recurrence(Vary.of(recurrence, "recurrentDropout", recurrentDropout));
  }

  public GRU seed(long seed) {
    return recurrence(Vary.of(recurrence, "seed", OptionalLong.of(seed)));
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    Unrolling time = new Unrolling(call, recurrence);
    String cell = "gru_cell/";
    int gates = 3 * units;
    Node input = call.weight(cell + "kernel", Shape.of(time.features(), gates), kernel);
    Node state = call.weight(cell + "recurrent_kernel", Shape.of(units, gates), recurrent);
    Optional<Node> inputBias = Optional.empty();
    Optional<Node> stateBias = Optional.empty();
    if (useBias && resetAfter) {
      List<Node> rows =
          Ops.split(call.weight(cell + "bias", Shape.of(2, gates), bias), 0, 2).stream()
              .map(row -> Ops.reshape(row, Shape.of(gates)))
              .toList();
      inputBias = Optional.of(rows.get(0));
      stateBias = Optional.of(rows.get(1));
    } else if (useBias) {
      inputBias = Optional.of(call.weight(cell + "bias", Shape.of(gates), bias));
    }
    Optional<Node> mask = time.stateMask(units);
    Unrolling.Cell step = resetAfter ? after(state, stateBias, mask) : before(state, mask);
    return call.regularized(
        time.run(time.project(input, inputBias), 1, units, step), activityRegularizer);
  }

  /// The reset gate behind the recurrent product.
  private Unrolling.Cell after(Node kernel, Optional<Node> bias, Optional<Node> mask) {
    return (x, states) -> {
      Node h = states.getFirst();
      Node product = Ops.matmul(mask.map(m -> Ops.multiply(h, m)).orElse(h), kernel);
      List<Node> own = Ops.split(bias.map(b -> Ops.add(product, b)).orElse(product), 1, 3);
      List<Node> inputs = Ops.split(x, 1, 3);
      Node z = recurrentActivation.apply(Ops.add(inputs.get(0), own.get(0)));
      Node r = recurrentActivation.apply(Ops.add(inputs.get(1), own.get(1)));
      Node g = activation.apply(Ops.add(inputs.get(2), Ops.multiply(r, own.get(2))));
      return List.of(mixed(z, h, g));
    };
  }

  /// The reset gate in front of it.
  private Unrolling.Cell before(Node kernel, Optional<Node> mask) {
    Node ofGates = Ops.slice(kernel, 1, 0, 2 * units);
    Node ofCandidate = Ops.slice(kernel, 1, 2 * units, 3 * units);
    return (x, states) -> {
      Node h = states.getFirst();
      Node masked = mask.map(m -> Ops.multiply(h, m)).orElse(h);
      List<Node> own = Ops.split(Ops.matmul(masked, ofGates), 1, 2);
      List<Node> inputs = Ops.split(x, 1, 3);
      Node z = recurrentActivation.apply(Ops.add(inputs.get(0), own.get(0)));
      Node r = recurrentActivation.apply(Ops.add(inputs.get(1), own.get(1)));
      Node product = Ops.matmul(Ops.multiply(r, masked), ofCandidate);
      return List.of(mixed(z, h, activation.apply(Ops.add(inputs.get(2), product))));
    };
  }

  private static Node mixed(Node z, Node h, Node g) {
    return Ops.add(Ops.multiply(z, h), Ops.multiply(Ops.subtract(1, z), g));
  }
}
