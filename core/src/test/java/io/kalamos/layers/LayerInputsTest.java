package io.kalamos.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Which inputs layers refuse, and in which words: one row for each that does not fit.
class LayerInputsTest {
  private static Arguments row(String message, Executable wrong) {
    return arguments(message, wrong);
  }

  private static Model over(Layer layer, int... sizes) {
    return Sequential.of(Input.of(sizes), layer);
  }

  private static Model both(Layer layer, Input first, Input second) {
    return Model.of(List.of(first, second), List.of(layer.on(first, second)));
  }

  static Stream<Arguments> inputs() {
    return Stream.of(
        row(
            "conv1d (Conv1D): expected sequences (batch, steps, channels), received "
                + "shape=(None, 4). Reshape to (steps, channels) first: Reshape.of(100, 1) "
                + "for single numbers.",
            () -> over(Conv1D.of(2, 3), 4)),
        row(
            "conv1d (Conv1D): expected sequences of at least 5 steps for the window, "
                + "received shape=(None, 4, 2). Use a smaller window, longer sequences, or "
                + "padding(SAME).",
            () -> over(Conv1D.of(2, 3).dilationRate(2), 4, 2)),
        row(
            "conv1d (Conv1D): expected channels divisible by groups=2, received "
                + "shape=(None, 4, 3). Change the groups or the input.",
            () -> over(Conv1D.of(2, 3).groups(2), 4, 3)),
        row(
            "depthwise_conv2d (DepthwiseConv2D): expected pictures (batch, height, "
                + "width, channels), received shape=(None, 4). Reshape to (height, width, "
                + "channels) first.",
            () -> over(DepthwiseConv2D.of(3), 4)),
        row(
            "depthwise_conv2d (DepthwiseConv2D): expected pictures of at least 3 x 3 "
                + "pixels for the window, received shape=(None, 2, 4, 1). Use a smaller "
                + "window, larger pictures, or padding(SAME).",
            () -> over(DepthwiseConv2D.of(3), 2, 4, 1)),
        row(
            "separable_conv2d (SeparableConv2D): expected pictures (batch, height, "
                + "width, channels), received shape=(None, 4). Reshape to (height, width, "
                + "channels) first.",
            () -> over(SeparableConv2D.of(2, 3), 4)),
        row(
            "separable_conv2d (SeparableConv2D): expected pictures of at least 3 x 3 "
                + "pixels for the window, received shape=(None, 2, 4, 1). Use a smaller "
                + "window, larger pictures, or padding(SAME).",
            () -> over(SeparableConv2D.of(2, 3), 2, 4, 1)),
        row(
            "conv2d_transpose (Conv2DTranspose): expected pictures (batch, height, "
                + "width, channels), received shape=(None, 4). Reshape to pictures first.",
            () -> over(Conv2DTranspose.of(2, 3), 4)),
        row(
            "zero_padding2d (ZeroPadding2D): expected pictures (batch, height, "
                + "width, channels), received shape=(None, 4). Reshape to pictures first.",
            () -> over(ZeroPadding2D.of(), 4)),
        row(
            "cropping2d (Cropping2D): expected pictures (batch, height, width, "
                + "channels), received shape=(None, 4). Reshape to pictures first.",
            () -> over(Cropping2D.of(1), 4)),
        row(
            "up_sampling2d (UpSampling2D): expected pictures (batch, height, width, "
                + "channels), received shape=(None, 4). Reshape to pictures first.",
            () -> over(UpSampling2D.of(), 4)),
        row(
            "center_crop (CenterCrop): expected pictures (batch, height, width, "
                + "channels), received shape=(None, 4). Reshape to pictures first.",
            () -> over(CenterCrop.of(2, 2), 4)),
        row(
            "resizing (Resizing): expected pictures (batch, height, width, "
                + "channels), received shape=(None, 4). Reshape to pictures first.",
            () -> over(Resizing.of(2, 2), 4)),
        row(
            "global_max_pooling2d (GlobalMaxPooling2D): expected pictures (batch, "
                + "height, width, channels), received shape=(None, 4). Pool before "
                + "flattening, or reshape to (height, width, channels) first.",
            () -> over(GlobalMaxPooling2D.of(), 4)),
        row(
            "global_average_pooling2d (GlobalAveragePooling2D): expected pictures "
                + "(batch, height, width, channels), received shape=(None, 4). Pool before "
                + "flattening, or reshape to (height, width, channels) first.",
            () -> over(GlobalAveragePooling2D.of(), 4)),
        row(
            "adaptive_max_pooling2d (AdaptiveMaxPooling2D): expected pictures "
                + "(batch, height, width, channels), received shape=(None, 4). Pool before "
                + "flattening, or reshape to (height, width, channels) first.",
            () -> over(AdaptiveMaxPooling2D.of(2), 4)),
        row(
            "adaptive_average_pooling2d (AdaptiveAveragePooling2D): expected "
                + "pictures (batch, height, width, channels), received shape=(None, 4). "
                + "Pool before flattening, or reshape to (height, width, channels) first.",
            () -> over(AdaptiveAveragePooling2D.of(2), 4)),
        row(
            "max_pooling1d (MaxPooling1D): expected sequences (batch, steps, "
                + "channels), received shape=(None, 4). Pool before flattening, or reshape "
                + "to (steps, channels) first.",
            () -> over(MaxPooling1D.of(), 4)),
        row(
            "average_pooling1d (AveragePooling1D): expected sequences (batch, steps, "
                + "channels), received shape=(None, 4). Pool before flattening, or reshape "
                + "to (steps, channels) first.",
            () -> over(AveragePooling1D.of(2), 4)),
        row(
            "global_max_pooling1d (GlobalMaxPooling1D): expected sequences (batch, "
                + "steps, channels), received shape=(None, 4). Pool before flattening, or "
                + "reshape to (steps, channels) first.",
            () -> over(GlobalMaxPooling1D.of(), 4)),
        row(
            "global_average_pooling1d (GlobalAveragePooling1D): expected sequences "
                + "(batch, steps, channels), received shape=(None, 4). Pool before "
                + "flattening, or reshape to (steps, channels) first.",
            () -> over(GlobalAveragePooling1D.of(), 4)),
        row(
            "permute (Permute): expected samples with as many axes as dims=[2, 1], "
                + "received shape=(None, 4). Name each axis of a sample once.",
            () -> over(Permute.of(2, 1), 4)),
        row(
            "repeat_vector (RepeatVector): expected (batch, features), received "
                + "shape=(None, 4, 2). Flatten the samples first.",
            () -> over(RepeatVector.of(2), 4, 2)),
        row(
            "cropping2d (Cropping2D): expected pictures of which cropping=((1, 1), "
                + "(1, 1)) leaves something, received shape=(None, 2, 4, 1). Crop less, or "
                + "use larger pictures.",
            () -> over(Cropping2D.of(1), 2, 4, 1)),
        row(
            "dropout (Dropout): expected an input to which noiseShape=(None, 3) "
                + "repeats, received shape=(None, 4). Give 1 or -1 for each axis, the "
                + "batch included.",
            () -> over(Dropout.of(0.5).noiseShape(-1, 3), 4)),
        row(
            "spatial_dropout1d (SpatialDropout1D): expected sequences (batch, steps, "
                + "channels), received shape=(None, 4). Reshape, or use Dropout.",
            () -> over(SpatialDropout1D.of(0.5), 4)),
        row(
            "spatial_dropout2d (SpatialDropout2D): expected pictures (batch, height, "
                + "width, channels), received shape=(None, 4). Reshape, or use Dropout.",
            () -> over(SpatialDropout2D.of(0.5), 4)),
        row(
            "layer_normalization (LayerNormalization): expected an input that has "
                + "axis=[2] behind the batch, each once, received shape=(None, 4). Choose "
                + "axes that exist; the last one is -1.",
            () -> over(LayerNormalization.of().axis(2), 4)),
        row(
            "layer_normalization (LayerNormalization): expected an input that has "
                + "axis=[1, -1] behind the batch, each once, received shape=(None, 4). "
                + "Choose axes that exist; the last one is -1.",
            () -> over(LayerNormalization.of().axis(1, -1), 4)),
        row(
            "softmax (Softmax): expected an input that has axis=[0] behind the "
                + "batch, each once, received shape=(None, 4). Choose axes that exist; the "
                + "last one is -1.",
            () -> over(Softmax.of().axis(0), 4)),
        row(
            "group_normalization (GroupNormalization): expected an input that has "
                + "axis=[2] behind the batch, each once, received shape=(None, 4). Choose "
                + "axes that exist; the last one is -1.",
            () -> over(GroupNormalization.of(2).axis(2), 4)),
        row(
            "concatenate (Concatenate): expected an input that has axis=[0] behind "
                + "the batch, each once, received shape=(None, 4). Choose axes that exist; "
                + "the last one is -1.",
            () -> over(Concatenate.of().axis(0), 4)),
        row(
            "group_normalization (GroupNormalization): expected channels divisible "
                + "by groups=3, received shape=(None, 4). Change the groups or the input.",
            () -> over(GroupNormalization.of(3), 4)),
        row(
            "p_re_lu (PReLU): expected an input with the sharedAxes=[2], received "
                + "shape=(None, 4). Choose axes that exist.",
            () -> over(PReLU.of().sharedAxes(2), 4)),
        row(
            "category_encoding (CategoryEncoding): expected (batch, n), received "
                + "shape=(None, 4, 2). Flatten the samples, or use outputMode(ONE_HOT).",
            () -> over(CategoryEncoding.of(3), 4, 2)),
        row(
            "subtract (Subtract): expected two inputs, and got 1, received "
                + "shape=(None, 4). Apply it with .on(first, second).",
            () -> over(Subtract.of(), 4)),
        row(
            "dot (Dot): expected two inputs, and got 1, received shape=(None, 4). "
                + "Apply it with .on(first, second).",
            () -> over(Dot.of(1), 4)),
        row(
            "add (Add): expected inputs whose sizes are equal or 1, as the ones "
                + "before of (None, 4), received shape=(None, 3). Reshape one of them, or "
                + "bring both to one size by a layer.",
            () -> both(Add.of(), Input.of(4), Input.of(3))),
        row(
            "concatenate (Concatenate): expected the sizes of (None, 4, 2) but for "
                + "axis -1, received shape=(None, 3, 2). Reshape the inputs, or choose "
                + "another axis.",
            () -> both(Concatenate.of(), Input.of(4, 2), Input.of(3, 2))),
        row(
            "concatenate (Concatenate): expected the sizes of (None, 4, 2) but for "
                + "axis 1, received shape=(None, 4). Reshape the inputs, or choose another "
                + "axis.",
            () -> both(Concatenate.of().axis(1), Input.of(4, 2), Input.of(4))),
        row(
            "dot (Dot): expected the size 4 along axis 1 as in the first input, "
                + "received shape=(None, 3). Choose axes of one size.",
            () -> both(Dot.of(1), Input.of(4), Input.of(3))),
        row(
            "softmax (Softmax): expected a mask that repeats to (None, 4), received "
                + "shape=(None, 3). Reshape the mask.",
            () -> both(Softmax.of(), Input.of(4), Input.of(3))),
        row(
            "category_encoding (CategoryEncoding): expected a second input, the "
                + "weights, for outputMode=COUNT only, received shape=(None, 4). Leave it "
                + "out, or count.",
            () -> both(CategoryEncoding.of(3), Input.of(4), Input.of(4))));
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void refuses(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }
}
