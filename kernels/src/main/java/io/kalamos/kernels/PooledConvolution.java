package io.kalamos.kernels;

import static io.kalamos.kernels.Routine.LANES;

/// A convolution of pictures of one channel with its bias, max pooling by 2x2 and relu, in one
/// pass: what the convolution computes stays in registers, and for the way back one byte per result
/// remembers which of the four won.
///
/// Pictures channels-last and kernels (height, width, 1, filters) as in Keras, in float32. Results
/// and what flows back to them may be bfloat16.
///
/// @param height of the pictures
/// @param width of the pictures
/// @param top rows of zeros above the pictures
/// @param left columns of zeros to their left; below and to the right as many as the windows reach
/// @param pooledHeight rows of the result
/// @param pooledWidth columns of the result
/// @param narrow whether results and their gradients are bfloat16
public record PooledConvolution(
    int height,
    int width,
    int kernelHeight,
    int kernelWidth,
    int top,
    int left,
    int filters,
    int pooledHeight,
    int pooledWidth,
    boolean narrow) {
  /// Sums that the gradient keeps in registers, one for each element of the kernel.
  private static final int MOST_TAPS = 25;

  /// A half vector has to hold the columns under two windows.
  private static final int WIDEST_KERNEL = 7;

  /// What a picture may take of a second-level cache.
  private static final int MOST_BYTES = 600_000;

  /// Whether there is code for these sizes.
  public boolean fits() {
    return filters % LANES == 0
        && taps() <= MOST_TAPS
        && kernelWidth <= WIDEST_KERNEL
        && pairRows() * pairRowBytes() <= MOST_BYTES;
  }

  int taps() {
    return kernelHeight * kernelWidth;
  }

  /// Results of one picture.
  int pooledSize() {
    return pooledHeight * pooledWidth * filters;
  }

  /// Power of two of a result's bytes.
  int resultScale() {
    return narrow ? 1 : 2;
  }

  /// Rows of a padded picture that windows reach.
  int paddedRows() {
    return pairRows() + 1;
  }

  /// Columns of a padded picture, rounded up so that half a vector can be read at the last window.
  int paddedColumns() {
    return (2 * pooledWidth + 8 + LANES - 1) / LANES * LANES;
  }

  /// Rows of windows' pixels, each with the row below it.
  int pairRows() {
    return 2 * pooledHeight + kernelHeight - 2;
  }

  int pairRowBytes() {
    return pooledWidth * 4 * LANES;
  }
}
