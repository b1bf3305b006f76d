package io.kalamos.kernels;

import static io.kalamos.kernels.Routine.LANES;

/// A convolution of pictures with a few channels by its definition, without strides: the first one
/// of a network. Where windows see blank paper only, nothing is multiplied.
///
/// All in float32, pictures and results channels-last, kernels (height, width, channels, filters)
/// as in Keras.
///
/// @param height of the pictures
/// @param width of the pictures
/// @param top rows of zeros above the pictures
/// @param left columns of zeros to their left; below and to the right as many as the windows reach
/// @param places rows of the result
/// @param placesAcross columns of the result
/// @param bias whether there is a last input: a number for each filter
public record DirectConvolution(
    int height,
    int width,
    int channels,
    int kernelHeight,
    int kernelWidth,
    int top,
    int left,
    int filters,
    int places,
    int placesAcross,
    boolean bias,
    boolean relu) {
  private static final int MOST_CHANNELS = 4;
  private static final int MOST_TAPS = 64;
  private static final int MOST_VECTORS = 4;

  /// What a picture may take of a second-level cache.
  private static final int MOST_BYTES = 400_000;

  /// Sums that keep both units for multiplications busy, with some registers left.
  private static final int SUMS = 16;

  /// Whether there is code for these sizes.
  public boolean fits() {
    return channels <= MOST_CHANNELS
        && taps() <= MOST_TAPS
        && vectors() <= MOST_VECTORS
        && top >= 0
        && left >= 0
        && places > 0
        && placesAcross >= placesTogether()
        && (long) paddedRows() * rowBytes() <= MOST_BYTES;
  }

  /// Numbers that a result of a filter is a sum of.
  int taps() {
    return kernelHeight * kernelWidth * channels;
  }

  /// Vectors that hold all filters; the last one may hold fewer.
  int vectors() {
    return (filters + LANES - 1) / LANES;
  }

  /// Neighbouring places whose results a vector holds: two, where the filters would leave half of
  /// it empty.
  int placesTogether() {
    return channels == 1 && filters <= LANES / 2 ? 2 : 1;
  }

  // Blocks of results that are computed together; the last ones overlap those before

  /// Columns of a block: as many as keep the sums of a row in half of the registers, in whole
  /// vectors.
  int blockColumns() {
    int most = Math.min(placesAcross, vectors() <= 2 ? LANES / 2 : 6);
    int blocks = (placesAcross + most - 1) / most;
    int even = (placesAcross + blocks - 1) / blocks;
    int whole = (even + placesTogether() - 1) / placesTogether() * placesTogether();
    return whole <= placesAcross ? whole : whole - placesTogether();
  }

  /// Rows of a block.
  int blockRows() {
    int sums = blockColumns() / placesTogether() * vectors();
    return Math.min(places, 2 * sums <= SUMS ? 2 : 1);
  }

  // The picture between zeros

  /// Rows that windows reach.
  int paddedRows() {
    return places + kernelHeight - 1;
  }

  /// Numbers of a row that windows reach.
  int paddedLine() {
    return (placesAcross + kernelWidth - 1) * channels;
  }

  /// Bytes of such a row, with room for whole vectors from any place on.
  int rowBytes() {
    return 4 * ((paddedLine() + 2 * LANES - 1) / LANES * LANES + 2 * LANES);
  }
}
