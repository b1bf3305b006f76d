package io.kalamos.optimizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    List<Optimizer> all =
        List.of(
            SGD.of(),
            RMSprop.of(),
            Adam.of(),
            AdamW.of(),
            Nadam.of(),
            Adagrad.of(),
            Adamax.of(),
            Adadelta.of(),
            Lion.of(),
            Lamb.of());
    assertEquals(
        List.of(
            "sgd",
            "rmsprop",
            "adam",
            "adamw",
            "nadam",
            "adagrad",
            "adamax",
            "adadelta",
            "lion",
            "lamb"),
        all.stream().map(Optimizer::name).toList());
    for (Optimizer optimizer : all) {
      Optimizer other = optimizer.withLearningRate(new ConstantRate(0.5));
      assertEquals(new ConstantRate(0.5), other.learningRate());
      assertEquals(optimizer, other.withLearningRate(optimizer.learningRate()));
    }
    assertEquals(0.9, SGD.of().momentum(0.9).withLearningRate(new ConstantRate(1)).momentum());
  }

  @Test
  void weightsThatDecay() {
    OptimizerOptions options =
        Adam.of().weightDecay(0.1).excludeFromWeightDecay("bias", "gamma", "head/").options();
    assertTrue(options.decays("dense/kernel"));
    assertFalse(options.decays("dense/bias"));
    assertFalse(options.decays("norm/gamma"));
    assertFalse(options.decays("head/kernel"));
    assertTrue(options.decays("bias_layer/kernel"), "only the weight's own name counts");
    assertFalse(Adam.of().options().decays("dense/kernel"));
    assertTrue(AdamW.of().options().decays("dense/kernel"));
  }

  record Wrong(String message, Runnable wrong) {
    @Override
    public String toString() {
      return message;
    }
  }

  static List<Wrong> wrong() {
    String rate =
        "optimizer: expected a finite learning rate above 0, received learning rate=%s. Start from"
            + " 1e-3 for Adam or 1e-2 for SGD.";
    String beta1 =
        ": expected beta1 from 0 to below 1, received beta1=1.0. Keras's default is 0.9.";
    String beta2 =
        ": expected beta2 from 0 to below 1, received beta2=NaN. Keras's default is 0.999.";
    String epsilon =
        ": expected a finite epsilon above 0, received epsilon=-1.0. Keras's default is 1e-7.";
    return List.of(
        new Wrong(rate.formatted("0.0"), () -> Adam.of(0)),
        new Wrong(rate.formatted("NaN"), () -> SGD.of(Double.NaN)),
        new Wrong(rate.formatted("Infinity"), () -> RMSprop.of(Double.POSITIVE_INFINITY)),
        new Wrong(
            "SGD: expected momentum from 0 to below 1, received momentum=1.0. Use 0.9, or 0 for"
                + " none.",
            () -> SGD.of().momentum(1)),
        new Wrong(
            "RMSprop: expected momentum from 0 to below 1, received momentum=-0.1. Use 0.9, or 0"
                + " for none.",
            () -> RMSprop.of().momentum(-0.1)),
        new Wrong(
            "RMSprop: expected rho from 0 to below 1, received rho=2.0. Keras's default is 0.9.",
            () -> RMSprop.of().rho(2)),
        new Wrong("RMSprop" + epsilon, () -> RMSprop.of().epsilon(-1)),
        new Wrong("Adam" + beta1, () -> Adam.of().beta1(1)),
        new Wrong("Adam" + beta2, () -> Adam.of().beta2(Double.NaN)),
        new Wrong("Adam" + epsilon, () -> Adam.of().epsilon(-1)),
        new Wrong("AdamW" + beta1, () -> AdamW.of().beta1(1)),
        new Wrong("AdamW" + beta2, () -> AdamW.of().beta2(Double.NaN)),
        new Wrong("AdamW" + epsilon, () -> AdamW.of().epsilon(-1)),
        new Wrong(
            "AdamW: expected a weightDecay, received weightDecay=none. Use Adam for no decay.",
            () -> AdamW.of().options(OptimizerOptions.NONE)),
        new Wrong("Nadam" + beta1, () -> Nadam.of().beta1(1)),
        new Wrong("Nadam" + beta2, () -> Nadam.of().beta2(Double.NaN)),
        new Wrong("Nadam" + epsilon, () -> Nadam.of().epsilon(-1)),
        new Wrong("Adamax" + beta1, () -> Adamax.of().beta1(1)),
        new Wrong("Adamax" + beta2, () -> Adamax.of().beta2(Double.NaN)),
        new Wrong("Adamax" + epsilon, () -> Adamax.of().epsilon(-1)),
        new Wrong("Lamb" + beta1, () -> Lamb.of().beta1(1)),
        new Wrong("Lamb" + beta2, () -> Lamb.of().beta2(Double.NaN)),
        new Wrong("Lamb" + epsilon, () -> Lamb.of().epsilon(-1)),
        new Wrong(
            "Adagrad: expected a finite initialAccumulatorValue of 0 or more, received"
                + " initialAccumulatorValue=-0.1. Keras's default is 0.1.",
            () -> Adagrad.of().initialAccumulatorValue(-0.1)),
        new Wrong("Adagrad" + epsilon, () -> Adagrad.of().epsilon(-1)),
        new Wrong(
            "Adadelta: expected rho from 0 to below 1, received rho=1.0. Keras's default is 0.95.",
            () -> Adadelta.of().rho(1)),
        new Wrong("Adadelta" + epsilon, () -> Adadelta.of().epsilon(-1)),
        new Wrong(
            "Lion: expected beta1 above 0 and up to 1, received beta1=0.0. Keras's default is 0.9.",
            () -> Lion.of().beta1(0)),
        new Wrong(
            "Lion: expected beta2 from 0 to below 1, received beta2=1.0. Keras's default is 0.99.",
            () -> Lion.of().beta2(1)),
        new Wrong(
            "optimizer: expected a finite weightDecay of 0 or more, received weightDecay=-0.1."
                + " AdamW's default is 0.004.",
            () -> SGD.of().weightDecay(-0.1)),
        new Wrong(
            "optimizer: expected a finite clipnorm above 0, received clipnorm=0.0. Use 1, or leave"
                + " it out.",
            () -> SGD.of().clipnorm(0)),
        new Wrong(
            "optimizer: expected a finite clipvalue above 0, received clipvalue=-1.0. Use 1, or"
                + " leave it out.",
            () -> SGD.of().clipvalue(-1)),
        new Wrong(
            "optimizer: expected a finite globalClipnorm above 0, received globalClipnorm=NaN. Use"
                + " 1, or leave it out.",
            () -> SGD.of().globalClipnorm(Double.NaN)),
        new Wrong(
            "optimizer: expected one of clipnorm, clipvalue and globalClipnorm, received"
                + " clipnorm=1.0, clipvalue=none, globalClipnorm=2.0. Leave the others out.",
            () -> SGD.of().clipnorm(1).globalClipnorm(2)),
        new Wrong(
            "optimizer: expected emaMomentum from 0 to 1, received emaMomentum=1.5. Keras's default"
                + " is 0.99.",
            () -> SGD.of().emaMomentum(1.5)),
        new Wrong(
            "optimizer: expected emaOverwriteFrequency of 1 or more, received"
                + " emaOverwriteFrequency=0. Leave it out to take the averages at the end of"
                + " training.",
            () -> SGD.of().emaOverwriteFrequency(0)),
        new Wrong(
            "optimizer: expected a finite lossScaleFactor above 0, received lossScaleFactor=0.0."
                + " Leave it out.",
            () -> SGD.of().lossScaleFactor(0)),
        new Wrong(
            "optimizer: expected gradientAccumulationSteps of 2 or more, received"
                + " gradientAccumulationSteps=1. Leave it out to update at each step.",
            () -> SGD.of().gradientAccumulationSteps(1)));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void messages(Wrong row) {
    assertEquals(
        row.message, assertThrows(IllegalArgumentException.class, row.wrong::run).getMessage());
  }
}
