package io.kalamos.models;

import static io.kalamos.losses.Losses.MEAN_SQUARED_ERROR;
import static io.kalamos.metrics.Metrics.ACCURACY;
import static io.kalamos.models.ModelTest.box;
import static io.kalamos.models.ModelTest.random;
import static io.kalamos.models.ModelTest.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.kalamos.data.Samples;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.losses.Loss;
import io.kalamos.optimizers.SGD;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Invalid values of the options of compile, fit, data and summaries, and what clones and layers'
/// weights are.
class ModelOptionsTest {
  private static final Tensor X = random(1, 6, 3);
  private static final Tensor Y = random(2, 6, 2);

  private static Model two() {
    Input x = Input.of(3).named("x");
    return Model.of(
        List.of(x), List.of(Dense.of(2).named("a").on(x), Dense.of(2).named("b").on(x)));
  }

  private static Compilation mse() {
    return Compilation.of(SGD.of(), MEAN_SQUARED_ERROR);
  }

  private static Model compiled() {
    Model model = two();
    model.compile(mse());
    return model;
  }

  private static void own(TrainingStep step, String... logs) {
    Model model = two();
    model.compile(Compilation.of(SGD.of(), step).logs(logs));
    model.trainOnBatch(Samples.of(X));
  }

  private static Arguments row(String message, Executable wrong) {
    return Arguments.of(message, wrong);
  }

  static Stream<Arguments> wrong() {
    Samples both = new Samples(List.of(X), List.of(Y, Y));
    Fit fit = Fit.DEFAULTS;
    return Stream.of(
        row(
            "compile: expected a value for each of the outputs [a, b], received lossWeights=[1.0]."
                + " Give 2 in this order, or name the outputs in a map.",
            () -> two().compile(mse().lossWeights(1))),
        row(
            "compile: expected a finite lossWeights, received lossWeights=NaN."
                + " Use 1 to leave a loss as is.",
            () -> two().compile(mse().lossWeights(1, Double.NaN))),
        row(
            "compile: expected an output's name, received losses=aa. Did you mean a? Known: a, b.",
            () -> two().compile(Compilation.of(SGD.of(), Map.of("aa", MEAN_SQUARED_ERROR)))),
        row(
            "compile: expected a loss, received losses={}. Name at least one output.",
            () -> Compilation.of(SGD.of(), Map.<String, Loss>of())),
        row(
            "compile: expected a loss, received losses=[]. Name one for each output.",
            () -> Compilation.of(SGD.of(), List.<Loss>of())),
        row(
            "compile: expected an output's name, received weightedMetrics=c. Did you mean a? Known:"
                + " a, b.",
            () -> two().compile(mse().weightedMetrics(Map.of("c", List.of(ACCURACY))))),
        row(
            "compile: expected names without / other than loss, received logs=[loss]. Choose another"
                + " name.",
            () -> Compilation.of(SGD.of(), step -> step.output()).logs("loss")),
        row(
            "training step: expected a value for each of logs=[near], received logged=[]. Call"
                + " step.log(\"near\", value), or leave the name out of logs.",
            () -> own(step -> Ops.meanAll(step.output()), "near")),
        row(
            "training step: loss: expected a single number, or one for each sample, received"
                + " shape=(6, 2). Use Ops.meanAll.",
            () -> own(step -> step.output())),
        row(
            "training step: expected the model itself or one of its inner models [], received"
                + " model=functional. Put it into the model as a layer, so that the model owns its"
                + " weights.",
            () -> own(step -> step.call(two(), step.inputs()).getFirst())),
        row(
            "fit: expected 0, 1 or 2, received verbose=3. 0 is silent, 1 a bar, 2 lines.",
            () -> fit.verbose(3)),
        row(
            "fit: expected validationFreq of 1 or more, received validationFreq=0."
                + " 1 validates after each epoch.",
            () -> fit.validationFreq(0)),
        row(
            "fit: expected validationFreq of 1 or more, received validationFreq=0."
                + " Epochs count from 1.",
            () -> fit.validationFreq(List.of(0, 2))),
        row(
            "fit: expected at least one epoch, received validationFreq=[]."
                + " Name epochs, counted from 1.",
            () -> fit.validationFreq(List.of())),
        row(
            "fit: expected validationBatchSize of 1 or more, received validationBatchSize=0."
                + " Leave it out to take batchSize.",
            () -> fit.validationBatchSize(0)),
        row(
            "fit: expected classWeight of 0 or more, received classWeight=-1."
                + " Name classes by their index, from 0 on.",
            () -> fit.classWeight(Map.of(-1, 1.0))),
        row(
            "fit: expected a finite classWeight of 0 or more, received classWeight=-2.0."
                + " Use 0 for a class that does not count.",
            () -> fit.classWeight(Map.of(1, -2.0))),
        row(
            "fit: expected an output's name, received classWeight=c. Did you mean a? Known: a, b.",
            () -> compiled().fit(both, f -> f.classWeight("c", Map.of(0, 1.0)).verbose(0))),
        row(
            "fit: expected weights of classes or of samples, received classWeight=[{0=1.0}]. Leave"
                + " out one of them, or multiply the samples' weights.",
            () ->
                compiled()
                    .fit(
                        both.weights(random(3, 6)),
                        f -> f.classWeight("a", Map.of(0, 1.0)).verbose(0))),
        row(
            "data: expected as many rows in weights as in x (6), received weights.shape=(5,)."
                + " Give one weight for each sample.",
            () -> both.weights(random(3, 5))),
        row(
            "data: expected weights for each of the 2 tensors y, received weights=1. Give one tensor"
                + " for all of them, or name the outputs.",
            () -> both.weights(List.of(random(3, 6)))),
        row(
            "data: expected weights for some of the outputs [], received weights=a."
                + " Name the targets too: Samples.of(Map, Map).",
            () -> both.weights(Map.of("a", random(3, 6)))),
        row(
            "fit: expected finite weights, received first=NaN in row 1."
                + " Give 0 to samples that shall not count.",
            () ->
                compiled()
                    .fit(
                        both.weights(Tensor.of(new float[] {1, Float.NaN, 1, 1, 1, 1}, 6)),
                        f -> f.verbose(0))),
        row(
            "fit: expected a target for each of the 2 outputs, received targets=1."
                + " Give as many tensors y as the model has outputs.",
            () -> compiled().fit(Samples.of(X, Y), f -> f.verbose(0))),
        row(
            "fit: expected data for b, received y=[a]. Add a tensor of that name to y.",
            () -> compiled().fit(Samples.of(Map.of("x", X), Map.of("a", Y)), f -> f.verbose(0))),
        row(
            "fit: expected an input's name, received x=xx. Did you mean x? Known: x.",
            () ->
                compiled()
                    .fit(Samples.of(Map.of("xx", X), Map.of("a", Y, "b", Y)), f -> f.verbose(0))),
        row(
            "summary: expected lineLength of 40 or more, received lineLength=10."
                + " Keras's tables need the room.",
            () -> two().summary(summary -> summary.lineLength(10))),
        row(
            "summary: expected names of layers or patterns of them, received layerRange=(."
                + " Use names such as dense_1.",
            () -> two().summary(summary -> summary.layerRange("(", "b"))),
        row(
            "summary: expected a layer's name, received layerRange=c. Did you mean x? Known: x, a, b.",
            () -> two().summary(summary -> summary.layerRange("a", "c"))),
        row(
            "model: expected a layer's name, received layer=aa. Did you mean a? Known: x, a, b.",
            () -> two().layer("aa")));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void refuses(String message, Executable wrong) {
    refused(message, wrong);
  }

  @Test
  void clonesHaveWeightsOfTheirOwn() {
    Dense dense = Dense.of(3);
    Model base = Sequential.of(Input.of(3), dense).named("base");
    Input x = Input.of(3);
    Model model = Model.of(x, base.on(base.on(x)));
    assertSame(dense, model.layer("base/dense"));
    Model clone = model.cloneModel();
    assertEquals(List.copyOf(model.weights().keySet()), List.copyOf(clone.weights().keySet()));
    assertEquals(12, clone.countParams());
    model.setWeights("base/dense", List.of(random(5, 3, 3), random(6, 3)));
    assertEquals(box(random(5, 3, 3)), box(base.getWeights("dense").getFirst()));
    assertFalse(
        box(model.weight("base/dense/kernel")).equals(box(clone.weight("base/dense/kernel"))));
    Layer inner = clone.layer("base");
    assertFalse(inner == base);
  }

  @Test
  void namesTakeTheModelsOrder() {
    Model model = compiled();
    Samples named = Samples.of(Map.of("x", X), Map.of("b", random(3, 6, 2), "a", Y));
    Samples inOrder = new Samples(List.of(X), List.of(Y, random(3, 6, 2)));
    assertEquals(model.evaluate(inOrder).values(), model.evaluate(named).values());
  }
}
