package io.kalamos.optimizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.engine.Assign;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import io.kalamos.golden.Golden;
import io.kalamos.golden.Reference;
import io.kalamos.schedules.ConstantRate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Six steps of each optimizer against the weights of real Keras.
class OptimizerTest {
  record Row(String name, Optimizer optimizer) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("sgd", SGD.of()),
        new Row("sgd_momentum", SGD.of(0.1).momentum(0.9)),
        new Row("sgd_nesterov", SGD.of(0.1).momentum(0.9).nesterov(true)),
        new Row("rmsprop", RMSprop.of()),
        new Row("rmsprop_momentum", RMSprop.of(0.01).rho(0.8).momentum(0.5)),
        new Row("rmsprop_centered", RMSprop.of(0.01).momentum(0.5).centered(true)),
        new Row("adam", Adam.of()),
        new Row("adam_betas", Adam.of(0.1).beta1(0.8).beta2(0.99).epsilon(1e-3)),
        new Row("adam_amsgrad", Adam.of(0.01).beta2(0.5).amsgrad(true)));
  }

  /// One weight with its slots; what an optimizer writes into is taken down.
  private static final class Step implements Update {
    private final Variable weight;
    private final Map<String, Variable> slots = new LinkedHashMap<>();
    private final List<Assign> assigns = new ArrayList<>();

    Step(Variable weight) {
      this.weight = weight;
    }

    @Override
    public Node learningRate() {
      return Ops.scalar("learning_rate");
    }

    @Override
    public Node iteration() {
      return Ops.scalar("iteration");
    }

    @Override
    public Node number(String name, LongToDoubleFunction ofIteration) {
      throw new UnsupportedOperationException(name);
    }

    private Variable variable(String slot) {
      return slots.computeIfAbsent(
          slot, s -> new Variable(s, Tensor.zeros(weight.dtype(), weight.shape()), false));
    }

    @Override
    public Node slot(String name, double initial) {
      Variable variable = variable(name);
      variable.value().fill(i -> initial);
      return Ops.parameter(variable);
    }

    @Override
    public void assign(String slot, Node value) {
      assigns.add(new Assign(variable(slot), value));
    }

    @Override
    public void assignWeight(Node value) {
      assigns.add(new Assign(weight, value));
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void weightsAreThoseOfKeras(Row row) {
    check(row, DType.FLOAT32);
    check(row, DType.FLOAT64);
  }

  private static void check(Row row, DType dtype) {
    double[] gradients = Golden.values("optimizer.gradients");
    double[] expected = Golden.values("optimizer." + row.name);
    Tensor start = Tensor.of(Golden.values("optimizer.start"), 4).cast(dtype);
    Variable weight = new Variable("weight", start, true);
    Variable gradient = new Variable("gradient", Tensor.zeros(DType.FLOAT32, start.shape()), false);
    Step step = new Step(weight);
    row.optimizer.update(step, Ops.parameter(weight), Ops.parameter(gradient));
    for (int i = 0; i < gradients.length / 4; i++) {
      for (int j = 0; j < 4; j++) {
        gradient.value().set(j, gradients[4 * i + j]);
      }
      double rate = row.optimizer.learningRate().at(i);
      Reference.update(step.assigns, Map.of("learning_rate", rate, "iteration", i + 1.0));
      for (int j = 0; j < 4; j++) {
        assertEquals(expected[4 * i + j], weight.value().get(j), 3e-6, "step " + i);
      }
    }
  }

  @Test
  void slotsAreThoseThatKerasKeeps() {
    assertEquals(List.of(), slots(SGD.of()));
    assertEquals(List.of("momentum"), slots(SGD.of().momentum(0.9)));
    assertEquals(List.of("velocity"), slots(RMSprop.of()));
    assertEquals(
        List.of("velocity", "average_gradient", "momentum"),
        slots(RMSprop.of().momentum(0.9).centered(true)));
    assertEquals(List.of("momentum", "velocity"), slots(Adam.of()));
    assertEquals(List.of("momentum", "velocity", "velocity_hat"), slots(Adam.of().amsgrad(true)));
  }

  private static List<String> slots(Optimizer optimizer) {
    Variable weight = new Variable("weight", Tensor.of(new float[] {1}, 1), true);
    Step step = new Step(weight);
    optimizer.update(step, Ops.parameter(weight), Ops.parameter(weight));
    return List.copyOf(step.slots.keySet());
  }

  @Test
  void namesAndRates() {
    assertEquals(
        List.of("sgd", "rmsprop", "adam"),
        List.of(SGD.of().name(), RMSprop.of().name(), Adam.of().name()));
    assertEquals(
        new ConstantRate(0.5), Adam.of().withLearningRate(new ConstantRate(0.5)).learningRate());
    assertEquals(0.9, SGD.of().momentum(0.9).withLearningRate(new ConstantRate(1)).momentum());
  }

  @Test
  void messages() {
    refuses(
        "optimizer: expected a finite learning rate above 0, received learning rate=0.0. Start"
            + " from 1e-3 for Adam or 1e-2 for SGD.",
        () -> Adam.of(0));
    refuses(
        "optimizer: expected a finite learning rate above 0, received learning rate=NaN. Start"
            + " from 1e-3 for Adam or 1e-2 for SGD.",
        () -> SGD.of(Double.NaN));
    refuses(
        "optimizer: expected a finite learning rate above 0, received learning rate=Infinity. Start"
            + " from 1e-3 for Adam or 1e-2 for SGD.",
        () -> RMSprop.of(Double.POSITIVE_INFINITY));
    refuses(
        "SGD: expected momentum from 0 to below 1, received momentum=1.0. Use 0.9, or 0 for none.",
        () -> SGD.of().momentum(1));
    refuses(
        "RMSprop: expected momentum from 0 to below 1, received momentum=-0.1. Use 0.9, or 0 for"
            + " none.",
        () -> RMSprop.of().momentum(-0.1));
    refuses(
        "RMSprop: expected rho from 0 to below 1, received rho=2.0. Keras's default is 0.9.",
        () -> RMSprop.of().rho(2));
    refuses(
        "RMSprop: expected a finite epsilon above 0, received epsilon=0.0. Keras's default is"
            + " 1e-7.",
        () -> RMSprop.of().epsilon(0));
    refuses(
        "Adam: expected beta1 from 0 to below 1, received beta1=1.0. Keras's default is 0.9.",
        () -> Adam.of().beta1(1));
    refuses(
        "Adam: expected beta2 from 0 to below 1, received beta2=NaN. Keras's default is 0.999.",
        () -> Adam.of().beta2(Double.NaN));
    refuses(
        "Adam: expected a finite epsilon above 0, received epsilon=-1.0. Keras's default is 1e-7.",
        () -> Adam.of().epsilon(-1));
  }

  private static void refuses(String message, Runnable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong::run).getMessage());
  }
}
