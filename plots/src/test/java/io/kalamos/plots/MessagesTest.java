package io.kalamos.plots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.kalamos.engine.Tensor;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Input;
import io.kalamos.models.Sequential;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every message about what a picture is made of.
class MessagesTest {
  private static final Tensor IMAGES = Tensor.of(new float[8], 2, 2, 2);
  private static final Tensor TWO = Tensor.of(new int[] {0, 1}, 2);

  @ParameterizedTest
  @MethodSource
  void messages(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  static Stream<Arguments> messages() {
    return Stream.of(
        wrong(
            "Plots.learningCurves: expected a history with at least one epoch, received history={}."
                + " Train with fit before drawing.",
            () -> Plots.learningCurves(new LinkedHashMap<String, List<Double>>())),
        wrong(
            "Plots.images: expected images of shape (n, height, width), (n, height, width, 1) or (n,"
                + " height, width, 3) with n >= 1, received images=float32(2, 2). Reshape them.",
            () -> Plots.images(Tensor.of(new float[4], 2, 2), List.of())),
        wrong(
            "Plots.images: expected a caption for each of 2 images or none, received captions=1."
                + " Give as many as there are images.",
            () -> Plots.images(IMAGES, List.of("a"))),
        wrong(
            "Plots.learningRate: expected steps of 1 or more, received steps=0. Steps of an epoch"
                + " times epochs.",
            () -> Plots.learningRate(step -> 0.1, 0)),
        wrong(
            "Plots.learningRate in step 0: expected a finite learning rate of 0 or more, received"
                + " learning rate=-0.1. Check the schedule's formula (it counts from 0).",
            () -> Plots.learningRate(step -> -0.1, 5)),
        wrong(
            "Plots.learningRate: expected epochs of 1 or more, received epochs=0. Give those of"
                + " fit.",
            () -> Plots.learningRate((epoch, rate) -> rate, 0, 0.1)),
        wrong(
            "Plots.learningRate in epoch 1: expected a finite learning rate of 0 or more, received"
                + " learning rate=NaN. Check the schedule's formula (it counts from 0).",
            () -> Plots.learningRate((epoch, rate) -> epoch == 1 ? Double.NaN : rate, 3, 0.1)),
        wrong(
            "Plots.learningRateFinder: expected a loss for each of 2 rates, received losses=1. Give"
                + " as many as there are rates.",
            () -> Plots.learningRateFinder(List.of(0.1, 1.0), List.of(1.0), 0.1)),
        wrong(
            "Plots.learningRateFinder: expected a finite rate above 0, received rate=0.0. The axis"
                + " of the rates is logarithmic.",
            () -> Plots.learningRateFinder(List.of(0.0), List.of(1.0), 0.1)),
        wrong(
            "Plots.learningRateFinder: expected a finite suggested above 0, received"
                + " suggested=-1.0. Give the rate to mark.",
            () -> Plots.learningRateFinder(List.of(0.1), List.of(1.0), -1)),
        wrong(
            "Plots.learningRateFinder: expected two losses or more that are numbers, received"
                + " losses=[1.0, NaN]. Begin at a smaller rate.",
            () -> Plots.learningRateFinder(List.of(0.1, 1.0), List.of(1.0, Double.NaN), 0.1)),
        wrong(
            "Plots.predictions: expected labels of shape (n) or (n, classes) with n >= 1, received"
                + " labels=float32(2, 2, 2). Reshape them to one row for each sample.",
            () -> Plots.predictions(IMAGES, IMAGES, TWO)),
        wrong(
            "Plots.predictions: expected predictions that are classes from 0 on, or probabilities"
                + " from 0 to 1, received predictions=-1.0. Give the labels as numbers from 0, or"
                + " what model.predict returns.",
            () -> Plots.predictions(IMAGES, TWO, Tensor.of(new int[] {0, -1}, 2))),
        wrong(
            "Plots.predictions: expected a prediction for each of 2 labels, received predictions=3."
                + " Predict for the same samples that the labels are of.",
            () -> Plots.predictions(IMAGES, TWO, Tensor.of(new int[3], 3))),
        wrong(
            "Plots.predictions: expected a label for each of 2 images, received labels=3. Give as"
                + " many as there are images.",
            () -> Plots.predictions(IMAGES, Tensor.of(new int[3], 3), Tensor.of(new int[3], 3))),
        wrong(
            "Plots.predictions: expected a name for each of 2 classes or none, received"
                + " classNames=[cat]. Give as many as there are classes.",
            () -> Plots.predictions(IMAGES, TWO, TWO, "cat")),
        wrong(
            "Plots.predictions: expected most from 1 to 1000, received most=0. A page shows about"
                + " 100.",
            () -> Plots.predictions(IMAGES, TWO, TWO, grid -> grid.most(0))),
        wrong(
            "Plots.predictions: expected columns from 1 to 50, received columns=51. A page is 10"
                + " wide.",
            () -> Plots.predictions(IMAGES, TWO, TWO, grid -> grid.columns(51))),
        wrong(
            "Plots.confusionMatrix: expected at most 100 classes, received classes=101. Join some of"
                + " them, nobody could read it.",
            () -> {
              var many = Tensor.of(IntStream.range(0, 101).toArray(), 101);
              Plots.confusionMatrix(many, many);
            }),
        wrong(
            "Plots.parameterShare: expected a model with weights, received layers=[input_layer,"
                + " flatten]. Add a layer that learns, such as Dense.",
            () -> Plots.parameterShare(Sequential.of(Input.of(2, 2), Flatten.of()))),
        wrong(
            "Plots.sweep: expected one point or more, received points=[]. Train before drawing.",
            () -> Plots.sweep(List.of(), 0.9)),
        wrong(
            "Plots.sweep: expected a finite target, received target=NaN. Such as 0.95.",
            () -> Plots.sweep(List.of(new SweepPoint("a", 1, List.of(1.0))), Double.NaN)),
        wrong(
            "SweepPoint a: expected parameters of 1 or more, received parameters=0. Give"
                + " model.countParams().",
            () -> new SweepPoint("a", 0, List.of(1.0))),
        wrong(
            "SweepPoint a: expected one score or more, all of them numbers, received scores=[NaN]."
                + " Leave out runs that failed.",
            () -> new SweepPoint("a", 1, List.of(Double.NaN))),
        wrong(
            "Picture.dpi: expected dpi from 36 to 1200, received dpi=20. Print wants 300.",
            () -> Plots.images(IMAGES, List.of()).dpi(20)),
        wrong(
            "Picture.save: expected at most 100,000,000 pixels, received dpi=1200, which are"
                + " 104,166,667 pixels. Save it as .svg, or ask for fewer with dpi.",
            () -> new Picture(1000, 375, graphics -> {}).dpi(1200).save("large.png")),
        wrong(
            "Picture.save: expected a file name that ends in .png or .svg, received file=live.gif."
                + " Take .png for screens, .svg for print.",
            () -> LiveCurves.to("live.gif")),
        wrong(
            "TerminalCurve: expected every of 1 or more, received every=0. 1 shows each epoch.",
            () -> TerminalCurve.of().every(0)));
  }

  private static Arguments wrong(String message, Executable wrong) {
    return arguments(message, wrong);
  }
}
