package io.kalamos.models;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.losses.Losses.MEAN_SQUARED_ERROR;
import static io.kalamos.models.ModelTest.box;
import static io.kalamos.models.ModelTest.random;
import static io.kalamos.models.ModelTest.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.data.Samples;
import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Call;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.optimizers.SGD;
import io.kalamos.regularizers.L2;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Models within models.
class NestedModelTest {
  private static final Samples LINE = Samples.of(random(1, 32, 4), random(2, 32, 2));

  private static Model base() {
    return Sequential.of(Input.of(4), Dense.of(3).activation(RELU), BatchNormalization.of());
  }

  private static Model on(Layer base) {
    Model model = Sequential.of(Input.of(4), base, Dense.of(2));
    compile(model);
    return model;
  }

  private static void compile(Model model) {
    model.compile(
        Compilation.of(SGD.of(0.1), MEAN_SQUARED_ERROR).running(run -> run.log(line -> {})));
  }

  private static void fit(Model model, Samples samples) {
    model.fit(samples, fit -> fit.batchSize(8).verbose(false));
  }

  @Test
  void namesGoOnFromTheInnerModel() {
    Model model = on(base());
    assertEquals(
        List.of("input_layer_1", "sequential", "dense_1"), List.copyOf(model.layers().keySet()));
    assertEquals("sequential_1", model.title());
    assertEquals("sequential_1", model.named("x").named("sequential_1").title());
    assertEquals(
        List.of(
            "sequential/dense/kernel",
            "sequential/dense/bias",
            "sequential/batch_normalization/gamma",
            "sequential/batch_normalization/beta",
            "sequential/batch_normalization/moving_mean",
            "sequential/batch_normalization/moving_variance",
            "dense_1/kernel",
            "dense_1/bias"),
        List.copyOf(model.weights().keySet()));
    assertEquals("Sequential sequential_1 of 3 layers, 35 weights", model.toString());
    Input a = Input.of(4);
    Model outer = Model.of(a, on(base()).on(a));
    assertEquals("functional", outer.title());
    Input b = Input.of(4);
    assertEquals("functional_1", Model.of(b, outer.on(b)).title());
  }

  @Test
  void trainingOneChangesTheOther() {
    Model base = base().named("base");
    Model model = on(base);
    String before = box(base.weight("dense/kernel"));
    String mean = box(base.weight("batch_normalization/moving_mean"));
    fit(model, LINE);
    assertFalse(before.equals(box(base.weight("dense/kernel"))));
    assertFalse(mean.equals(box(base.weight("batch_normalization/moving_mean"))));
    assertEquals(box(base.weight("dense/kernel")), box(model.weight("base/dense/kernel")));

    Tensor x = LINE.x().getFirst();
    String predicted = box(model.predict(x));
    compile(base);
    fit(base, Samples.of(x, random(3, 32, 3)));
    assertEquals(box(base.weight("dense/kernel")), box(model.weight("base/dense/kernel")));
    assertFalse(predicted.equals(box(model.predict(x))));
    base.setWeight("dense/bias", Tensor.of(new float[] {1, 2, 3}, 3));
    assertEquals("[1.0, 2.0, 3.0]", box(model.weight("base/dense/bias")));
    model.initialize(4);
    assertEquals("[0.0, 0.0, 0.0]", box(base.weight("dense/bias")));
  }

  /// The same layers in one model and in two end with the same bits.
  @Test
  void innerLayersTrainLikeOuterOnes() {
    Dense first = Dense.of(3).kernelRegularizer(L2.of(0.1));
    Model flat = Sequential.of(Input.of(4), first, BatchNormalization.of(), Dense.of(2));
    Model base = Sequential.of(Input.of(4), first, BatchNormalization.of());
    Model nested = Sequential.of(Input.of(4), base, Dense.of(2));
    nested.setWeights(flat.getWeights());
    compile(flat);
    compile(nested);
    fit(flat, LINE);
    fit(nested, LINE);
    assertEquals(
        flat.getWeights().stream().map(ModelTest::box).toList(),
        nested.getWeights().stream().map(ModelTest::box).toList());
    assertEquals(box(flat.predict(LINE.x().getFirst())), box(nested.predict(LINE.x().getFirst())));
  }

  @Test
  void freezingIsSeenByBoth() {
    Model base = base().named("base");
    Model model = on(base);
    fit(model, LINE);
    base.trainable(false);
    List<String> frozen = base.getWeights().stream().map(ModelTest::box).toList();
    String head = box(model.weight("dense_1/kernel"));
    assertFalse(model.trainable("base/dense/kernel"));
    assertTrue(model.trainable("dense_1/kernel"));
    fit(model, LINE);
    assertEquals(frozen, base.getWeights().stream().map(ModelTest::box).toList());
    assertFalse(head.equals(box(model.weight("dense_1/kernel"))));

    model.trainable("base", true);
    assertTrue(base.trainable());
    model.trainable("base/batch_normalization", false);
    String mean = box(base.weight("batch_normalization/moving_mean"));
    fit(model, LINE);
    assertEquals(mean, box(base.weight("batch_normalization/moving_mean")));
    assertFalse(frozen.getFirst().equals(box(base.weight("dense/kernel"))));
    assertFalse(base.trainable("batch_normalization/gamma"));
    assertTrue(base.trainable("dense/kernel"));

    model.trainable(false);
    assertFalse(base.trainable("dense/kernel"));
    model.trainable(true);
    assertTrue(base.trainable("batch_normalization/gamma"));
  }

  @Test
  void severalUsesShare() {
    Model base = base();
    Input a = Input.of(4);
    Input b = Input.of(4);
    Model twins = Model.of(List.of(a, b), List.of(base.on(a), base.on(b)));
    assertEquals(base.countParams(), twins.countParams());
    List<Tensor> both = twins.predict(List.of(LINE.x().getFirst(), LINE.x().getFirst()), 8);
    assertEquals(box(both.getFirst()), box(both.getLast()));
    assertEquals(List.of("sequential", "sequential_1"), twins.outputNames());

    Input c = Input.of(4);
    Model inside = Sequential.of(Input.of(4), base, Dense.of(4));
    Model overlapping =
        Model.of(
            c, new ModelTest.Sum(Optional.empty()).on(Dense.of(3).on(inside.on(c)), base.on(c)));
    assertEquals(inside.countParams() + 15, overlapping.countParams());
    compile(overlapping);
    Samples samples = Samples.of(LINE.x().getFirst(), random(3, 32, 3));
    fit(overlapping, samples);
    String kernel = box(base.weight("dense/kernel"));
    assertEquals(kernel, box(inside.weight("sequential/dense/kernel")));
    base.trainable(false);
    fit(overlapping, samples);
    assertEquals(kernel, box(base.weight("dense/kernel")));
  }

  @Test
  void innerModelsWithSeveralInputsAndOutputs() {
    Input a = Input.of(4).named("a");
    Input b = Input.of(3).named("b");
    Dense one = Dense.of(2).named("one");
    Dense two = Dense.of(5).named("two");
    Model base = Model.of(List.of(a, b), List.of(one.on(a), two.on(b))).named("base");
    Input x = Input.of(4);
    Input y = Input.of(3);
    var both = base.on(x, y);
    Model model = Model.of(List.of(x, y), List.of(both.output(1), Dense.of(1).on(both)));
    assertEquals(List.of("base", "dense"), model.outputNames());
    List<Tensor> data = List.of(random(1, 6, 4), random(2, 6, 3));
    assertEquals(box(base.predict(data, 6).getLast()), box(model.predict(data, 6).getFirst()));
    assertEquals(Shape.of(6, 1), model.predict(data, 6).getLast().shape());
    assertTrue(model.summary().contains("[(None, 2),"), model.summary());
  }

  @Test
  void layersMayHoldModels() {
    Model base = base();
    Model model = on(new Holder(Optional.empty(), base));
    assertEquals("holder/held/dense/kernel", List.copyOf(model.weights().keySet()).getFirst());
    fit(model, LINE);
    assertEquals(box(base.weight("dense/kernel")), box(model.weight("holder/held/dense/kernel")));
    base.trainable(false);
    assertFalse(model.trainable("holder/held/dense/kernel"));
    String kernel = box(base.weight("dense/kernel"));
    fit(model, LINE);
    assertEquals(kernel, box(base.weight("dense/kernel")));
    model.trainable("holder", false);
    refused(
        "model: expected an inner model before the /, received layer=holder/held. Known: none.",
        () -> model.trainable("holder/held", false));
  }

  @Test
  void typesAreTheSameInBoth() {
    Model base = base().named("base");
    Model model = on(base);
    compile(base);
    Tensor x = LINE.x().getFirst();
    model.predict(x);
    base.predict(new float[4], new float[3]);
    model.compile(
        Compilation.of(SGD.of(0.1), MEAN_SQUARED_ERROR)
            .running(run -> run.backend("java").precision("float64")));
    fit(model, LINE);
    assertEquals(base.weight("dense/kernel").dtype(), model.weight("base/dense/bias").dtype());
    assertEquals(box(base.weight("dense/kernel")), box(model.weight("base/dense/kernel")));
    refused(
        "fit: expected weights in float32 as compiled, received weights=float64. Another model with"
            + " these weights was compiled in that type: compile this one again.",
        () -> fit(base, Samples.of(x, random(3, 32, 3))));
    base.predict(new float[4], new float[3]);
    compile(base);
    refused(
        "predict: expected inner models with weights in float64 as this one, received inner=float32."
            + " Compile this model again, or both in the same precision.",
        () -> model.predict(x));
    compile(model);
    assertSame(model.weights().get("base/dense/kernel"), base.weights().get("dense/kernel"));
  }

  @Test
  void dropoutOfAFrozenModelRests() {
    Model base = Sequential.of(Input.of(4), Dropout.of(0.9), Dense.of(2));
    Model model = Sequential.of(Input.of(4), base);
    compile(model);
    fit(model, LINE);
    base.trainable(false);
    fit(model, LINE);
    double loss = model.evaluate(LINE).loss();
    assertEquals(loss, model.fit(LINE, fit -> fit.verbose(false)).metric("loss").getLast(), 1e-6);
  }

  @Test
  void messages() {
    Model base = base().named("base");
    refused(
        "base (Sequential): expected inputs of shapes [(None, 4)], received shapes=[(None, 5)]."
            + " Give what the inner model's Input says.",
        () -> Sequential.of(Input.of(5), base));
    refused(
        "Sequential: expected each inner model once, received twice=b. Apply it several times in"
            + " a functional model: base.on(base.on(x)).",
        () -> Sequential.of(Input.of(4), base, Dense.of(4), base.named("b")));
    Input a = Input.of(4);
    refused(
        "Model: expected one name for each inner model, received names=[base, b]. Apply the same"
            + " object in all places.",
        () -> Model.of(List.of(a), List.of(base.on(a), base.named("b").on(a))));
    refused(
        "Model: expected a name without / that is not blank, received name=\"a/b\". Names are parts"
            + " of weight paths such as base/dense/kernel; choose another.",
        () -> base.named("a/b"));
    refused(
        "model: expected a layer's name, received layer=bas. Did you mean base? Known:"
            + " input_layer_1, base, dense_1.",
        () -> on(base).trainable("bas", false));
    refused(
        "model: expected a layer's name, received layer=dens. Did you mean dense? Known:"
            + " input_layer, dense, batch_normalization.",
        () -> on(base).trainable("base/dens", false));
  }

  /// A layer around a model.
  record Holder(Optional<String> name, Model held) implements Layer {
    @Override
    public Holder named(String name) {
      return new Holder(Optional.of(name), held);
    }

    @Override
    public Node call(Call call, Node x) {
      return call.inner("held", held, x);
    }
  }
}
