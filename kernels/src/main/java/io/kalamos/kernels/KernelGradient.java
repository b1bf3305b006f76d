package io.kalamos.kernels;

import static io.kalamos.kernels.Routine.LANES;

import java.util.stream.IntStream;

/// The gradient of a convolution's kernel: for each element of the kernel the sum, over all places
/// of the window, of the pixel under it times the gradient of the result there.
///
/// All in float32, pictures and gradients channels-last, kernels (height, width, channels, filters)
/// as in Keras.
///
/// @param height of the pictures
/// @param width of the pictures
/// @param top rows of zeros above the pictures
/// @param left columns of zeros to their left; below and to the right as many as the windows reach
/// @param places rows of the result
/// @param placesAcross columns of the result
public record KernelGradient(
    int height,
    int width,
    int channels,
    int kernelHeight,
    int kernelWidth,
    int strideHeight,
    int strideWidth,
    int top,
    int left,
    int filters,
    int places,
    int placesAcross) {
  /// What a padded picture or the sums may take of a second-level cache.
  private static final int MOST_BYTES = 200_000;

  /// Pixels under a row of the kernel: with fewer the library is as fast.
  private static final int SHORTEST_RUN = 64;

  /// A row of a picture is copied without a loop.
  private static final int WIDEST = 1024;

  /// Masks for vectors that hold the end of one row of the kernel and the beginning of the next.
  private static final int MOST_SEAMS = 5;

  /// Whether there is code for these sizes and it is faster than the library's, which works in
  /// whole vectors of channels and filters.
  public boolean fits() {
    return (channels % LANES != 0 || filters % LANES != 0)
        && run() >= SHORTEST_RUN
        && filters >= 8
        && width * channels <= WIDEST
        && paddedRows() * rowBytes() <= MOST_BYTES
        && 4 * LANES * vectors() * filters <= MOST_BYTES
        && IntStream.range(0, vectors()).map(this::seam).distinct().count() <= MOST_SEAMS;
  }

  /// Pixels under a row of the kernel: they lie one behind the other.
  int run() {
    return kernelWidth * channels;
  }

  /// Vectors of pixels under the whole kernel.
  int vectors() {
    return (kernelHeight * run() + LANES - 1) / LANES;
  }

  /// Lanes of a vector before the next row of the kernel begins; all of them where it does not.
  int seam(int vector) {
    int rest = run() - vector * LANES % run();
    boolean last = vector * LANES / run() == kernelHeight - 1;
    return last ? LANES : Math.min(LANES, rest);
  }

  int paddedRows() {
    return (places - 1) * strideHeight + kernelHeight;
  }

  int paddedColumns() {
    return (placesAcross - 1) * strideWidth + kernelWidth;
  }

  /// Bytes of a padded row, rounded up to whole cache lines.
  int rowBytes() {
    return (4 * paddedColumns() * channels + 63) / 64 * 64;
  }
}
