package io.kalamos.kernels;

import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;

/// A convolution that multiplies a quarter as often as its definition says: tiles of 4x4 results
/// come from products of 6x6 transformed pixels and taps (Winograd's F(4x4, 3x3), after Lavin and
/// Gray, "Fast Algorithms for Convolutional Neural Networks", 2015).
///
/// The points of the transform are 0, ±3/4, ±3/2 and infinity: rounding costs one bit of float32,
/// not the three of the usual 0, ±1, ±2.
///
/// Where results do not come out even tiles are smaller, and those of 3 or less do without the
/// products at infinity.
///
/// A stride becomes 1 where the pixels of a square as large as the stride are taken for the
/// channels of one pixel; so kernels of 3 times the stride are of 3x3, and smaller ones have taps
/// of zero.
///
/// The gradient of the pictures is such a convolution too: of the results' gradient, with turned
/// kernels, and each of its filters is a number of a square of pixels where there was a stride.
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
/// @param turned whether the kernel is turned by half a circle
/// @param spread the side of the square of pixels that the filters of a place are laid out as
public record WinogradConvolution(
    int height,
    int width,
    int channels,
    int kernelHeight,
    int kernelWidth,
    int stride,
    int top,
    int left,
    int filters,
    int places,
    int placesAcross,
    boolean bias,
    boolean relu,
    boolean turned,
    int spread) {
  /// Results of a tile, along each side.
  static final int TILE = 4;

  /// Pixels that they depend on, along each side.
  static final int SPAN = 6;

  /// Numbers that a tile and channel, or a kernel of a channel and filter, is transformed to.
  static final int POINTS = SPAN * SPAN;

  /// Of a kernel of squares, along each side.
  static final int TAPS = 3;

  private static final int MOST_STRIDE = 3;

  /// What transformed pixels and products of some tiles may take of the caches.
  private static final int TILES_BYTES = 200_000;

  /// With fewer tiles the transformed kernels would be read again too often.
  private static final int FEWEST_TILES = 16;

  /// What a row of tiles may take of a second-level cache.
  private static final int MOST_BYTES = 1_200_000;

  /// What transformed kernels may take: they are read again for every few tiles.
  private static final int KERNELS_BYTES = 2_400_000;

  /// What sums of a kernel's gradient may take of a second-level cache.
  private static final int SUMS_BYTES = 600_000;

  /// How many times fewer cycles it has to take by its counts of instructions: a third more pass
  /// while it waits for the second-level cache.
  private static final double GAIN = 1.6;

  /// The same beside the library's products of bfloat16, by measurement: they make less of twice as
  /// many numbers in a vector where channels are few.
  private static final double NARROW_GAIN = 2.2;

  /// Numbers of a row of a square that filters are laid out as.
  private static final int SHORTEST_LINE = 8;

  /// Sums that keep both units for multiplications busy.
  private static final int SUMS = 8;

  /// A convolution as Keras has it.
  public WinogradConvolution(
      int height,
      int width,
      int channels,
      int kernelHeight,
      int kernelWidth,
      int stride,
      int top,
      int left,
      int filters,
      int places,
      int placesAcross,
      boolean bias,
      boolean relu) {
    this(
        height,
        width,
        channels,
        kernelHeight,
        kernelWidth,
        stride,
        top,
        left,
        filters,
        places,
        placesAcross,
        bias,
        relu,
        false,
        1);
  }

  /// The gradient of the pictures of a convolution without bias, from the gradient of its results
  /// and a kernel in the order (3, 3, filters, rows of a square, columns of a square, channels).
  /// Where it has a stride, the kernel and the pictures consist of whole squares.
  ///
  /// @param of the convolution
  public static WinogradConvolution gradient(WinogradConvolution of) {
    int stride = of.stride;
    return new WinogradConvolution(
        of.places,
        of.placesAcross,
        of.filters,
        TAPS,
        TAPS,
        1,
        TAPS - 1 - of.top / stride,
        TAPS - 1 - of.left / stride,
        stride * stride * of.channels,
        of.height / stride,
        of.width / stride,
        false,
        false,
        true,
        stride);
  }

  /// Whether kernel, pictures and the zeros around them consist of whole squares, as
  /// [#gradient(WinogradConvolution)] wants it.
  public boolean inSquares() {
    return kernelHeight == TAPS * stride
        && kernelWidth == TAPS * stride
        && height % stride == 0
        && width % stride == 0
        && top % stride == 0
        && left % stride == 0;
  }

  /// Whether there is code for these sizes, and for so many pictures it is clearly faster than the
  /// definition.
  public boolean fits(int pictures) {
    return fitsTiles(pictures)
        && (spread == 1 || resultLine() >= SHORTEST_LINE)
        && kernelBytes() <= KERNELS_BYTES
        && GAIN * cycles(pictures) < directCycles();
  }

  /// Where it [#fits]: whether it is, in float32, clearly faster than the definition in bfloat16.
  public boolean beatsBfloat16(int pictures) {
    return NARROW_GAIN * cycles(pictures) < directCycles();
  }

  private boolean fitsTiles(int pictures) {
    return pictures > 0
        && places > 0
        && placesAcross > 0
        && stride <= MOST_STRIDE
        && (TAPS - 1) * stride < kernelHeight
        && (TAPS - 1) * stride < kernelWidth
        && kernelHeight <= TAPS * stride
        && kernelWidth <= TAPS * stride
        && top >= 0
        && left >= 0
        && tileBytes() * tilesAcross() <= MOST_BYTES;
  }

  /// Whether there is code for the gradient of a kernel of these sizes, and for so many pictures it
  /// is clearly faster than the definition.
  public boolean fitsKernelGradient(int pictures) {
    return fitsTiles(pictures)
        && !turned
        && spread == 1
        && kernelBytes() <= SUMS_BYTES
        && GAIN * gradientCycles(pictures) < gradientDirectCycles();
  }

  /// Cycles of a picture for the gradient of the kernel by its definition, vectors holding pixels
  /// under a kernel.
  private double gradientDirectCycles() {
    double vectors = Math.ceil(1.0 * kernelHeight * kernelWidth * channels / LANES);
    return 0.5 * places * placesAcross * vectors * filters;
  }

  /// The same here; the sums are read and written once for the tiles that are multiplied together.
  private double gradientCycles(int pictures) {
    double turns = 1.0 / together() * tilesDown() / band();
    double sums = turns * 1.5 * POINTS * steps() * kernelVectors();
    double gradients = 80.0 * tiles() * vectors() * channelsTogether();
    double taps = 150.0 * steps() * kernelVectors() / pictures;
    double multiplied = 0.5 * steps() * down().points() * across().points() * kernelVectors();
    return multiplied + pixelCycles() + gradients + sums + taps;
  }

  /// Cycles of a picture by the definition, two vectors being multiplied in each.
  private double directCycles() {
    return 0.5 * places * placesAcross * kernelHeight * kernelWidth * channels * vectors();
  }

  /// Cycles of a picture here; in the transforms loads and stores count too.
  private double cycles(int pictures) {
    int products = down().points() * across().points() * kernelVectors();
    double multiplied = 0.5 * steps() * Math.max(POINTS * SUMS, products);
    double results = 80.0 * tiles() * vectors();
    double kernels = 300.0 * depth() * vectors() / pictures;
    return multiplied + pixelCycles() + results + kernels;
  }

  private double pixelCycles() {
    double down = 8.0 * tilesDown() * stride * width * channels / LANES;
    double across = 8.0 * tiles() * SPAN * stride * ((line() + LANES - 1) / LANES);
    return down + across;
  }

  /// How results along one side are cut into tiles: as evenly as they can be, larger ones first.
  ///
  /// @param places the results
  record Side(int places) {
    int tiles() {
      return (places + TILE - 1) / TILE;
    }

    /// Results along the larger tiles.
    int larger() {
      return (places + tiles() - 1) / tiles();
    }

    /// Results along the others, if there are any.
    int smaller() {
      return places / tiles();
    }

    /// How many tiles are smaller.
    int smallerTiles() {
      return tiles() * larger() - places;
    }

    /// How many tiles, the first ones, want the point at infinity.
    int whole() {
      return larger() == TILE ? tiles() - smallerTiles() : 0;
    }

    /// Points of all tiles.
    int points() {
      return (SPAN - 1) * tiles() + whole();
    }
  }

  Side down() {
    return new Side(places);
  }

  Side across() {
    return new Side(placesAcross);
  }

  int tilesDown() {
    return down().tiles();
  }

  int tilesAcross() {
    return across().tiles();
  }

  /// Tiles of a picture.
  int tiles() {
    return tilesDown() * tilesAcross();
  }

  /// Numbers of a row of a square of pixels: they lie one behind the other.
  int line() {
    return stride * channels;
  }

  /// Numbers of a square of pixels.
  int depth() {
    return stride * line();
  }

  /// Numbers of a row of a square of results.
  int resultLine() {
    return filters / spread;
  }

  /// Vectors of filters; the last one may hold fewer.
  int vectors() {
    return (filters + LANES - 1) / LANES;
  }

  /// Bytes of the filters' vectors.
  int filterBytes() {
    return VECTOR * vectors();
  }

  /// Channels that a vector of transformed kernels holds: two, in turns, where the filters would
  /// leave half a vector empty.
  int channelsTogether() {
    int rest = filters % LANES;
    return channels % 2 == 0 && 0 < rest && rest <= LANES / 2 ? 2 : 1;
  }

  /// Vectors of transformed kernels that hold all filters of as many channels.
  int kernelVectors() {
    int held = LANES / channelsTogether();
    return (filters + held - 1) / held;
  }

  /// Steps along the depth.
  int steps() {
    return depth() / channelsTogether();
  }

  /// Bytes of the transformed kernels of a step.
  int stepBytes() {
    return VECTOR * kernelVectors();
  }

  /// Bytes of a padded row of pixels, rounded up to whole vectors.
  int rowBytes() {
    int columns = placesAcross - across().smaller() + SPAN;
    return (4 * columns * line() + VECTOR - 1) / VECTOR * VECTOR;
  }

  /// Bytes of transformed pixels and products.
  private int tileBytes() {
    return POINTS * (4 * depth() + filterBytes());
  }

  /// Tiles that are multiplied together: of several pictures, or some rows of one.
  private int mostTiles() {
    return Math.max(FEWEST_TILES, TILES_BYTES / tileBytes());
  }

  /// Pictures whose tiles are multiplied together.
  int together() {
    return Math.max(1, mostTiles() / tiles());
  }

  /// Rows of tiles of a picture that are multiplied together: all, or equal parts of them.
  int band() {
    int rows = Math.clamp(mostTiles() / tilesAcross(), 1, tilesDown());
    while (tilesDown() % rows != 0) {
      rows--;
    }
    return rows;
  }

  // Memory

  /// Bytes of the transformed kernels.
  public long kernelBytes() {
    return (long) POINTS * steps() * stepBytes();
  }

  /// From the transformed pixels of a point to those of the next: an odd number of cache lines, so
  /// that they do not meet in the same places of a cache.
  int pixelsApart() {
    return oddLines(4 * together() * band() * tilesAcross() * depth());
  }

  /// The same of the products.
  int productsApart() {
    return oddLines(together() * band() * tilesAcross() * filterBytes());
  }

  private static int oddLines(int bytes) {
    return (bytes + VECTOR - 1) / VECTOR * VECTOR | VECTOR;
  }

  /// Where the rows between the two transforms begin in the scratch memory, behind a row of zeros.
  int linesAt() {
    return (4 * width * channels + VECTOR - 1) / VECTOR * VECTOR;
  }

  /// Where the transformed pixels begin; what is read past the end of a row is a vector at most.
  int pixelsAt() {
    return linesAt() + SPAN * rowBytes() + VECTOR;
  }

  int productsAt() {
    return pixelsAt() + POINTS * pixelsApart();
  }

  /// Bytes of memory that a run needs for itself.
  public long scratchBytes() {
    return (long) productsAt() + (long) POINTS * productsApart();
  }

  // Memory for the gradient of the kernel: transformed gradients take the place of products

  int gradientsAt() {
    return productsAt();
  }

  /// From the gradients of a point to those of the next, with room for a vector behind the last.
  int gradientsApart() {
    return oddLines(together() * band() * tilesAcross() * stepBytes() + VECTOR);
  }

  /// Where the sums begin.
  int sumsAt() {
    return gradientsAt() + POINTS * gradientsApart();
  }

  /// Bytes of memory that a run for the kernel's gradient needs for itself.
  public long gradientScratchBytes() {
    return sumsAt() + kernelBytes();
  }
}
