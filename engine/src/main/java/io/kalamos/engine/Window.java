package io.kalamos.engine;

/// How a convolution or pooling slides over height and width: window size, strides, dilation and
/// padding in pixels.
public record Window(
    int height,
    int width,
    int strideHeight,
    int strideWidth,
    int dilationHeight,
    int dilationWidth,
    int top,
    int left,
    int bottom,
    int right) {

  /// Without padding (Keras's `valid`).
  public static Window valid(int height, int width, int strideHeight, int strideWidth) {
    return new Window(height, width, strideHeight, strideWidth, 1, 1, 0, 0, 0, 0);
  }

  /// The same window with holes between its taps.
  public Window dilated(int height, int width) {
    return new Window(
        this.height,
        this.width,
        strideHeight,
        strideWidth,
        height,
        width,
        top,
        left,
        bottom,
        right);
  }

  /// Padded so that the output has ceil(input / stride) pixels, the odd pixel at the end (Keras's
  /// `same`).
  public Window same(int inputHeight, int inputWidth) {
    int vertical = samePadding(inputHeight, spanHeight(), strideHeight);
    int horizontal = samePadding(inputWidth, spanWidth(), strideWidth);
    return new Window(
        height,
        width,
        strideHeight,
        strideWidth,
        dilationHeight,
        dilationWidth,
        vertical / 2,
        horizontal / 2,
        vertical - vertical / 2,
        horizontal - horizontal / 2);
  }

  private static int samePadding(int input, int span, int stride) {
    int output = (input + stride - 1) / stride;
    return Math.max(0, (output - 1) * stride + span - input);
  }

  /// Pixels that the window covers vertically, holes included.
  public int spanHeight() {
    return (height - 1) * dilationHeight + 1;
  }

  /// Pixels that the window covers horizontally, holes included.
  public int spanWidth() {
    return (width - 1) * dilationWidth + 1;
  }

  /// Rows of the output; below 1 where the window does not fit.
  public int outputHeight(int inputHeight) {
    return Math.floorDiv(inputHeight + top + bottom - spanHeight(), strideHeight) + 1;
  }

  /// Columns of the output; below 1 where the window does not fit.
  public int outputWidth(int inputWidth) {
    return Math.floorDiv(inputWidth + left + right - spanWidth(), strideWidth) + 1;
  }

  /// The output's shape (batch, height, width, channels) over pictures of shape `input`.
  Shape outputShape(String name, Shape input, int channels) {
    if (input.rank() != 4) {
      throw new ShapeException(
          name
              + ": expected pictures (batch, height, width, channels), received shape="
              + input
              + ". Reshape the input.");
    }
    int rows = outputHeight(input.dim(1));
    int columns = outputWidth(input.dim(2));
    if (rows < 1 || columns < 1) {
      throw new ShapeException(
          name
              + ": expected pictures at least as large as the window of "
              + spanHeight()
              + "x"
              + spanWidth()
              + " pixels, received shape="
              + input
              + ". Use a smaller window or padding \"same\".");
    }
    return Shape.of(input.dim(0), rows, columns, channels);
  }

  @Override
  public String toString() {
    return height
        + "x"
        + width
        + (strideHeight * strideWidth > 1 ? " stride " + strideHeight + "x" + strideWidth : "")
        + (dilationHeight * dilationWidth > 1
            ? " dilation " + dilationHeight + "x" + dilationWidth
            : "")
        + (top + left + bottom + right > 0
            ? " padding " + top + "," + left + "," + bottom + "," + right
            : "");
  }
}
