package io.kalamos.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Which options layers refuse, and in which words: one row for each wrong one.
class LayerOptionsTest {
  private static Arguments row(String message, Executable wrong) {
    return arguments(message, wrong);
  }

  static Stream<Arguments> options() {
    return Stream.of(
        row(
            "Dense: expected units of 1 or more, received units=0. Give a positive "
                + "whole number.",
            () -> Dense.of(0)),
        row(
            "Conv2D: expected filters of 1 or more, received filters=-1. Give a "
                + "positive whole number.",
            () -> Conv2D.of(-1, 3)),
        row(
            "Conv2D: expected kernelSize of 1 or more, received kernelSize=0. Give a "
                + "positive whole number.",
            () -> Conv2D.of(8, 3, 0)),
        row(
            "MaxPooling2D: expected strides of 1 or more, received strides=0. Give a "
                + "positive whole number.",
            () -> MaxPooling2D.of(2).strides(0)),
        row(
            "AveragePooling2D: expected poolSize of 1 or more, received poolSize=0. "
                + "Give a positive whole number.",
            () -> AveragePooling2D.of(0)),
        row(
            "Input: expected sizes of 1 or more, without the batch, received "
                + "shape=(None, 28). Name the sizes of one sample, such as Input.of(28, "
                + "28, 1).",
            () -> Input.of(-1, 28)),
        row(
            "Reshape: expected positive sizes and at most one -1, received "
                + "targetShape=(None, None). Name the sizes of one sample, without the "
                + "batch.",
            () -> Reshape.of(-1, -1)),
        row(
            "Conv2D: expected filters (8) divisible by groups, received groups=3. "
                + "Change filters or groups.",
            () -> Conv2D.of(8, 3).groups(3)),
        row(
            "Conv2D: expected strides (1, 1) where dilationRate is (2, 2), received "
                + "strides=(2, 2). Use one of strides and dilationRate.",
            () -> Conv2D.of(8, 3).dilationRate(2).strides(2)),
        row(
            "Dropout: expected rate from 0 to below 1, received rate=1.0. Give the "
                + "part as a fraction, such as 0.5 for one half.",
            () -> Dropout.of(1)),
        row(
            "BatchNormalization: expected momentum from 0 to 1, received "
                + "momentum=1.5. Keras's default is 0.99.",
            () -> BatchNormalization.of().momentum(1.5)),
        row(
            "BatchNormalization: expected epsilon above 0, received epsilon=0.0. "
                + "Keras's default is 0.001.",
            () -> BatchNormalization.of().epsilon(0)),
        row(
            "Dense: expected a name without / that is not blank, received "
                + "name=\"a/b\". Names are parts of weight paths such as dense/kernel; "
                + "choose another.",
            () -> Dense.of(1).named("a/b")),
        row(
            "Normalization: expected as many variances as means (1), received "
                + "variances=2. Give one of each for every place along the axes.",
            () -> Normalization.of().meanAndVariance(new double[1], new double[2])),
        row(
            "Normalization.adapt: expected at least one sample, received "
                + "data=float32(0, 3). Give the training data.",
            () -> Normalization.of().adapt(Tensor.zeros(DType.FLOAT32, Shape.of(0, 3)))),
        row(
            "Normalization: expected axes behind the batch of shape (2, 3), received "
                + "axis=[2]. Choose axes that exist; the last one is -1.",
            () ->
                Normalization.of()
                    .axis(List.of(2))
                    .adapt(Tensor.zeros(DType.FLOAT32, Shape.of(2, 3)))),
        row(
            "Conv1D: expected filters of 1 or more, received filters=0. Give a "
                + "positive whole number.",
            () -> Conv1D.of(0, 3)),
        row(
            "Conv1D: expected kernelSize of 1 or more, received kernelSize=0. Give a "
                + "positive whole number.",
            () -> Conv1D.of(3, 0)),
        row(
            "Conv1D: expected strides of 1 or more, received strides=0. Give a "
                + "positive whole number.",
            () -> Conv1D.of(3, 3).strides(0)),
        row(
            "Conv1D: expected dilationRate of 1 or more, received dilationRate=-1. "
                + "Give a positive whole number.",
            () -> Conv1D.of(3, 3).dilationRate(-1)),
        row(
            "Conv1D: expected groups of 1 or more, received groups=0. Give a "
                + "positive whole number.",
            () -> Conv1D.of(3, 3).groups(0)),
        row(
            "Conv1D: expected filters (4) divisible by groups, received groups=3. "
                + "Change filters or groups.",
            () -> Conv1D.of(4, 3).groups(3)),
        row(
            "Conv1D: expected strides of 1 where dilationRate is 2, received "
                + "strides=3. Use one of strides and dilationRate.",
            () -> Conv1D.of(4, 3).dilationRate(2).strides(3)),
        row(
            "Conv2D: expected padding VALID or SAME, received padding=CAUSAL. Causal "
                + "padding is for sequences: Conv1D has it.",
            () -> Conv2D.of(3, 3).padding(Padding.CAUSAL)),
        row(
            "DepthwiseConv2D: expected padding VALID or SAME, received "
                + "padding=CAUSAL. Causal padding is for sequences: Conv1D has it.",
            () -> DepthwiseConv2D.of(3).padding(Padding.CAUSAL)),
        row(
            "SeparableConv2D: expected padding VALID or SAME, received "
                + "padding=CAUSAL. Causal padding is for sequences: Conv1D has it.",
            () -> SeparableConv2D.of(3, 3).padding(Padding.CAUSAL)),
        row(
            "Conv2DTranspose: expected padding VALID or SAME, received "
                + "padding=CAUSAL. Causal padding is for sequences: Conv1D has it.",
            () -> Conv2DTranspose.of(3, 3).padding(Padding.CAUSAL)),
        row(
            "MaxPooling1D: expected padding VALID or SAME, received padding=CAUSAL. "
                + "Causal padding is for sequences: Conv1D has it.",
            () -> MaxPooling1D.of().padding(Padding.CAUSAL)),
        row(
            "AveragePooling1D: expected padding VALID or SAME, received "
                + "padding=CAUSAL. Causal padding is for sequences: Conv1D has it.",
            () -> AveragePooling1D.of(2).padding(Padding.CAUSAL)),
        row(
            "MaxPooling2D: expected padding VALID or SAME, received padding=CAUSAL. "
                + "Causal padding is for sequences: Conv1D has it.",
            () -> MaxPooling2D.of().padding(Padding.CAUSAL)),
        row(
            "AveragePooling2D: expected padding VALID or SAME, received "
                + "padding=CAUSAL. Causal padding is for sequences: Conv1D has it.",
            () -> AveragePooling2D.of(2).padding(Padding.CAUSAL)),
        row(
            "DepthwiseConv2D: expected kernelSize of 1 or more, received "
                + "kernelSize=0. Give a positive whole number.",
            () -> DepthwiseConv2D.of(0)),
        row(
            "DepthwiseConv2D: expected strides of 1 or more, received strides=0. "
                + "Give a positive whole number.",
            () -> DepthwiseConv2D.of(3).strides(1, 0)),
        row(
            "DepthwiseConv2D: expected dilationRate of 1 or more, received "
                + "dilationRate=0. Give a positive whole number.",
            () -> DepthwiseConv2D.of(3).dilationRate(0)),
        row(
            "SeparableConv2D: expected kernelSize of 1 or more, received "
                + "kernelSize=0. Give a positive whole number.",
            () -> SeparableConv2D.of(3, 0)),
        row(
            "SeparableConv2D: expected strides of 1 or more, received strides=0. "
                + "Give a positive whole number.",
            () -> SeparableConv2D.of(3, 3).strides(1, 0)),
        row(
            "SeparableConv2D: expected dilationRate of 1 or more, received "
                + "dilationRate=0. Give a positive whole number.",
            () -> SeparableConv2D.of(3, 3).dilationRate(0)),
        row(
            "Conv2DTranspose: expected kernelSize of 1 or more, received "
                + "kernelSize=0. Give a positive whole number.",
            () -> Conv2DTranspose.of(3, 0)),
        row(
            "Conv2DTranspose: expected strides of 1 or more, received strides=0. "
                + "Give a positive whole number.",
            () -> Conv2DTranspose.of(3, 3).strides(1, 0)),
        row(
            "Conv2DTranspose: expected dilationRate of 1 or more, received "
                + "dilationRate=0. Give a positive whole number.",
            () -> Conv2DTranspose.of(3, 3).dilationRate(0)),
        row(
            "DepthwiseConv2D: expected depthMultiplier of 1 or more, received "
                + "depthMultiplier=0. Give a positive whole number.",
            () -> DepthwiseConv2D.of(3).depthMultiplier(0)),
        row(
            "SeparableConv2D: expected depthMultiplier of 1 or more, received "
                + "depthMultiplier=0. Give a positive whole number.",
            () -> SeparableConv2D.of(3, 3).depthMultiplier(0)),
        row(
            "SeparableConv2D: expected filters of 1 or more, received filters=0. "
                + "Give a positive whole number.",
            () -> SeparableConv2D.of(0, 3)),
        row(
            "Conv2DTranspose: expected filters of 1 or more, received filters=0. "
                + "Give a positive whole number.",
            () -> Conv2DTranspose.of(0, 3)),
        row(
            "Conv2DTranspose: expected strides (1, 1) where dilationRate is (2, 2), "
                + "received strides=(2, 2). Use one of strides and dilationRate.",
            () -> Conv2DTranspose.of(3, 3).dilationRate(2).strides(2)),
        row(
            "Conv2DTranspose: expected outputPadding of 0 or more and below strides "
                + "(2, 2), received outputPadding=(2, 2). Leave it out for the usual sizes.",
            () -> Conv2DTranspose.of(3, 3).strides(2).outputPadding(2)),
        row(
            "Conv2DTranspose: expected outputPadding of 0 or more and below strides "
                + "(2, 2), received outputPadding=(-1, 0). Leave it out for the usual "
                + "sizes.",
            () -> Conv2DTranspose.of(3, 3).strides(2).outputPadding(-1, 0)),
        row(
            "MaxPooling1D: expected poolSize of 1 or more, received poolSize=0. Give "
                + "a positive whole number.",
            () -> MaxPooling1D.of(0)),
        row(
            "MaxPooling1D: expected strides of 1 or more, received strides=0. Give a "
                + "positive whole number.",
            () -> MaxPooling1D.of(2).strides(0)),
        row(
            "AveragePooling1D: expected poolSize of 1 or more, received poolSize=0. "
                + "Give a positive whole number.",
            () -> AveragePooling1D.of(0)),
        row(
            "AveragePooling1D: expected strides of 1 or more, received strides=0. "
                + "Give a positive whole number.",
            () -> AveragePooling1D.of(2).strides(0)),
        row(
            "AdaptiveAveragePooling2D: expected outputSize of 1 or more, received "
                + "outputSize=0. Give a positive whole number.",
            () -> AdaptiveAveragePooling2D.of(2, 0)),
        row(
            "AdaptiveMaxPooling2D: expected outputSize of 1 or more, received "
                + "outputSize=0. Give a positive whole number.",
            () -> AdaptiveMaxPooling2D.of(2, 0)),
        row(
            "Permute: expected each axis from 1 on once, received dims=[1, 1]. Name "
                + "the axes of a sample in their new order, such as Permute.of(2, 1).",
            () -> Permute.of(1, 1)),
        row(
            "Permute: expected each axis from 1 on once, received dims=[0, 1]. Name "
                + "the axes of a sample in their new order, such as Permute.of(2, 1).",
            () -> Permute.of(0, 1)),
        row(
            "Permute: expected each axis from 1 on once, received dims=[2, 3]. Name "
                + "the axes of a sample in their new order, such as Permute.of(2, 1).",
            () -> Permute.of(2, 3)),
        row(
            "RepeatVector: expected n of 1 or more, received n=0. Give a positive "
                + "whole number.",
            () -> RepeatVector.of(0)),
        row(
            "UpSampling2D: expected size of 1 or more, received size=0. Give a "
                + "positive whole number.",
            () -> UpSampling2D.of(2, 0)),
        row(
            "ZeroPadding2D: expected no number below 0 in padding, received "
                + "padding=((1, 1), (0, -1)). Give whole numbers of rows and columns.",
            () -> ZeroPadding2D.of(1, 1, 0, -1)),
        row(
            "Cropping2D: expected no number below 0 in cropping, received "
                + "cropping=((-1, -1), (-1, -1)). Give whole numbers of rows and columns.",
            () -> Cropping2D.of(-1)),
        row(
            "SpatialDropout1D: expected rate from 0 to below 1, received rate=1.0. "
                + "Give the part as a fraction, such as 0.5 for one half.",
            () -> SpatialDropout1D.of(1.0)),
        row(
            "SpatialDropout1D: expected rate from 0 to below 1, received rate=-0.1. "
                + "Give the part as a fraction, such as 0.5 for one half.",
            () -> SpatialDropout1D.of(-0.1)),
        row(
            "SpatialDropout2D: expected rate from 0 to below 1, received rate=1.0. "
                + "Give the part as a fraction, such as 0.5 for one half.",
            () -> SpatialDropout2D.of(1.0)),
        row(
            "SpatialDropout2D: expected rate from 0 to below 1, received rate=-0.1. "
                + "Give the part as a fraction, such as 0.5 for one half.",
            () -> SpatialDropout2D.of(-0.1)),
        row(
            "GaussianDropout: expected rate from 0 to below 1, received rate=1.0. "
                + "Give the part as a fraction, such as 0.5 for one half.",
            () -> GaussianDropout.of(1.0)),
        row(
            "GaussianDropout: expected rate from 0 to below 1, received rate=-0.1. "
                + "Give the part as a fraction, such as 0.5 for one half.",
            () -> GaussianDropout.of(-0.1)),
        row(
            "AlphaDropout: expected rate from 0 to below 1, received rate=1.0. Give "
                + "the part as a fraction, such as 0.5 for one half.",
            () -> AlphaDropout.of(1.0)),
        row(
            "AlphaDropout: expected rate from 0 to below 1, received rate=-0.1. Give "
                + "the part as a fraction, such as 0.5 for one half.",
            () -> AlphaDropout.of(-0.1)),
        row(
            "Dropout: expected sizes of 1 or more, or -1 for the input's own, "
                + "received noiseShape=(None, 0). Give 1 for axes whose numbers share "
                + "their fate.",
            () -> Dropout.of(0.5).noiseShape(-1, 0)),
        row(
            "AlphaDropout: expected sizes of 1 or more, or -1 for the input's own, "
                + "received noiseShape=(None, 0). Give 1 for axes whose numbers share "
                + "their fate.",
            () -> AlphaDropout.of(0.5).noiseShape(-1, 0)),
        row(
            "GaussianNoise: expected stddev from 0 to 1, received stddev=1.5. Scale "
                + "the data so that less noise is enough.",
            () -> GaussianNoise.of(1.5)),
        row(
            "ActivityRegularization: expected a finite l1 of 0 or more, received "
                + "l1=-1.0. Keras's default is 0.",
            () -> ActivityRegularization.of().l1(-1)),
        row(
            "ActivityRegularization: expected a finite l2 of 0 or more, received "
                + "l2=-1.0. Keras's default is 0.",
            () -> ActivityRegularization.of().l2(-1)),
        row(
            "LayerNormalization: expected epsilon above 0, received epsilon=0.0. "
                + "Keras's default is 0.001.",
            () -> LayerNormalization.of().epsilon(0)),
        row(
            "GroupNormalization: expected epsilon above 0, received epsilon=0.0. "
                + "Keras's default is 0.001.",
            () -> GroupNormalization.of().epsilon(0)),
        row(
            "LayerNormalization: expected one axis or more, received axis=[]. The "
                + "last one is -1.",
            () -> LayerNormalization.of().axis(new int[0])),
        row(
            "GroupNormalization: expected groups of 1 or more, or -1 for as many as "
                + "channels, received groups=0. Keras's default is 32.",
            () -> GroupNormalization.of(0)),
        row(
            "GroupNormalization: expected groups of 1 or more, or -1 for as many as "
                + "channels, received groups=-2. Keras's default is 32.",
            () -> GroupNormalization.of(-2)),
        row(
            "ReLU: expected a finite maxValue of 0 or more, received maxValue=-1.0. "
                + "Leave it out for no bound.",
            () -> ReLU.of().maxValue(-1)),
        row(
            "ReLU: expected a finite negativeSlope of 0 or more, received "
                + "negativeSlope=-1.0. Keras's default is 0.",
            () -> ReLU.of().negativeSlope(-1)),
        row(
            "ReLU: expected a finite threshold of 0 or more, received "
                + "threshold=-1.0. Keras's default is 0.",
            () -> ReLU.of().threshold(-1)),
        row(
            "LeakyReLU: expected a finite negativeSlope of 0 or more, received "
                + "negativeSlope=-0.1. Keras's default is 0.3.",
            () -> LeakyReLU.of(-0.1)),
        row(
            "ELU: expected a finite alpha, received alpha=NaN. Keras's default is 1.",
            () -> ELU.of(Double.NaN)),
        row(
            "PReLU: expected axes behind the batch, from 1 on, received "
                + "sharedAxes=[0]. For pictures 1 and 2 give one alpha for each channel.",
            () -> PReLU.of().sharedAxes(0)),
        row(
            "Softmax: expected one axis or more, received axis=[]. The last one is -1.",
            () -> Softmax.of().axis(new int[0])),
        row(
            "Dot: expected an axis behind the batch for each of two inputs, received "
                + "axes=[1, 0]. Name two axes, such as Dot.of(2, 1).",
            () -> Dot.of(1, 0)),
        row(
            "CategoryEncoding: expected numTokens of 1 or more, received "
                + "numTokens=0. Give a positive whole number.",
            () -> CategoryEncoding.of(0)),
        row(
            "CenterCrop: expected height of 1 or more, received height=0. Give a "
                + "positive whole number.",
            () -> CenterCrop.of(0, 3)),
        row(
            "CenterCrop: expected width of 1 or more, received width=0. Give a "
                + "positive whole number.",
            () -> CenterCrop.of(3, 0)),
        row(
            "Resizing: expected height of 1 or more, received height=0. Give a "
                + "positive whole number.",
            () -> Resizing.of(0, 3)),
        row(
            "Resizing: expected width of 1 or more, received width=0. Give a "
                + "positive whole number.",
            () -> Resizing.of(3, 0)),
        row(
            "Resizing: expected a finite fillValue, received fillValue=NaN. Keras's "
                + "default is 0.",
            () -> Resizing.of(3, 3).fillValue(Double.NaN)),
        row(
            "Resizing: expected no padToAspectRatio beside cropToAspectRatio, "
                + "received padToAspectRatio=true. Use one of the two.",
            () -> Resizing.of(3, 3).cropToAspectRatio(true).padToAspectRatio(true)),
        row(
            "Conv1D: expected a name without / that is not blank, received "
                + "name=\"a/b\". Names are parts of weight paths such as dense/kernel; "
                + "choose another.",
            () -> Conv1D.of(1, 1).named("a/b")),
        row(
            "DepthwiseConv2D: expected a name without / that is not blank, received "
                + "name=\"a/b\". Names are parts of weight paths such as dense/kernel; "
                + "choose another.",
            () -> DepthwiseConv2D.of(1).named("a/b")),
        row(
            "Softmax: expected a name without / that is not blank, received "
                + "name=\"a/b\". Names are parts of weight paths such as dense/kernel; "
                + "choose another.",
            () -> Softmax.of().named("a/b")),
        row(
            "Add: expected a name without / that is not blank, received "
                + "name=\"a/b\". Names are parts of weight paths such as dense/kernel; "
                + "choose another.",
            () -> Add.of().named("a/b")),
        row(
            "RepeatVector: expected a name without / that is not blank, received "
                + "name=\"a/b\". Names are parts of weight paths such as dense/kernel; "
                + "choose another.",
            () -> RepeatVector.of(1).named("a/b")),
        row(
            "Identity: expected a name without / that is not blank, received "
                + "name=\"a/b\". Names are parts of weight paths such as dense/kernel; "
                + "choose another.",
            () -> Identity.of().named("a/b")));
  }

  @ParameterizedTest
  @MethodSource("options")
  void refuses(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  @Test
  void adaptsAlongTheAxesAsked() {
    Tensor data = Tensor.of(new float[] {1, 2, 3, 5, 6, 7}, 3, 2);
    Normalization.Statistics last = Normalization.of().adapt(data).statistics().orElseThrow();
    assertEquals(10 / 3.0, last.mean().get(0), 1e-12);
    assertEquals(14 / 3.0, last.mean().get(1), 1e-12);
    assertEquals(38 / 9.0, last.variance().get(0), 1e-12);
    Normalization.Statistics all =
        Normalization.of().axis(List.of()).adapt(data).statistics().orElseThrow();
    assertEquals(1, all.mean().size());
    assertEquals(4, all.mean().get(0), 1e-12);
  }
}
