package io.kalamos.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class LayerOptionsTest {
  private static void refused(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  @Test
  void sizes() {
    refused(
        "Dense: expected units of 1 or more, received units=0. Give a positive whole number.",
        () -> Dense.of(0));
    refused(
        "Conv2D: expected filters of 1 or more, received filters=-1. Give a positive whole number.",
        () -> Conv2D.of(-1, 3));
    refused(
        "Conv2D: expected kernelSize of 1 or more, received kernelSize=0."
            + " Give a positive whole number.",
        () -> Conv2D.of(8, 3, 0));
    refused(
        "MaxPooling2D: expected strides of 1 or more, received strides=0."
            + " Give a positive whole number.",
        () -> MaxPooling2D.of(2).strides(0));
    refused(
        "AveragePooling2D: expected poolSize of 1 or more, received poolSize=0."
            + " Give a positive whole number.",
        () -> AveragePooling2D.of(0));
    refused(
        "Input: expected sizes of 1 or more, without the batch, received shape=(None, 28)."
            + " Name the sizes of one sample, such as Input.of(28, 28, 1).",
        () -> Input.of(-1, 28));
    refused(
        "Reshape: expected positive sizes and at most one -1, received targetShape=(None, None)."
            + " Name the sizes of one sample, without the batch.",
        () -> Reshape.of(-1, -1));
  }

  @Test
  void clashes() {
    refused(
        "Conv2D: expected filters (8) divisible by groups, received groups=3."
            + " Change filters or groups.",
        () -> Conv2D.of(8, 3).groups(3));
    refused(
        "Conv2D: expected strides (1, 1) where dilationRate is (2, 2), received strides=(2, 2)."
            + " Use one of strides and dilationRate.",
        () -> Conv2D.of(8, 3).dilationRate(2).strides(2));
  }

  @Test
  void parts() {
    refused(
        "Dropout: expected rate from 0 to below 1, received rate=1.0."
            + " Give the part as a fraction, such as 0.5 for one half.",
        () -> Dropout.of(1));
    refused(
        "BatchNormalization: expected momentum from 0 to 1, received momentum=1.5."
            + " Keras's default is 0.99.",
        () -> BatchNormalization.of().momentum(1.5));
    refused(
        "BatchNormalization: expected epsilon above 0, received epsilon=0.0."
            + " Keras's default is 0.001.",
        () -> BatchNormalization.of().epsilon(0));
  }

  @Test
  void names() {
    refused(
        "Dense: expected a name without / that is not blank, received name=\"a/b\"."
            + " Names are parts of weight paths such as dense/kernel; choose another.",
        () -> Dense.of(1).named("a/b"));
  }

  @Test
  void statistics() {
    refused(
        "Normalization: expected as many variances as means (1), received variances=2."
            + " Give one of each for every place along the axes.",
        () -> Normalization.of().meanAndVariance(new double[1], new double[2]));
    refused(
        "Normalization.adapt: expected at least one sample, received data=float32(0, 3)."
            + " Give the training data.",
        () -> Normalization.of().adapt(Tensor.zeros(DType.FLOAT32, Shape.of(0, 3))));
    refused(
        "Normalization: expected axes behind the batch of shape (2, 3), received axes=[2]."
            + " Choose axes that exist; the last one is -1.",
        () ->
            Normalization.of().axes(List.of(2)).adapt(Tensor.zeros(DType.FLOAT32, Shape.of(2, 3))));
  }

  @Test
  void adaptsAlongTheAxesAsked() {
    Tensor data = Tensor.of(new float[] {1, 2, 3, 5, 6, 7}, 3, 2);
    Normalization.Statistics last = Normalization.of().adapt(data).statistics().orElseThrow();
    assertEquals(10 / 3.0, last.mean().get(0), 1e-12);
    assertEquals(14 / 3.0, last.mean().get(1), 1e-12);
    assertEquals(38 / 9.0, last.variance().get(0), 1e-12);
    Normalization.Statistics all =
        Normalization.of().axes(List.of()).adapt(data).statistics().orElseThrow();
    assertEquals(1, all.mean().size());
    assertEquals(4, all.mean().get(0), 1e-12);
  }
}
