package io.kalamos.kernels;

/// Writes the machine code of a [WinogradConvolution] whose kernels are transformed already.
///
/// Pixels of some rows of tiles, or of some pictures, are transformed, multiplied with the kernels,
/// and what comes out is transformed to results: as many as stay in the caches on their way.
final class WinogradCode {
  static final int PICTURES = Assembler.POINTERS[0];
  static final int RESULTS = Assembler.POINTERS[1];
  static final int SCRATCH = Assembler.POINTERS[2];

  private final WinogradConvolution shape;
  private final Frame frame;
  private final Routine to;
  private final int result;
  private final int rounds;
  private final WinogradPixels pixels;
  private final WinogradProducts products;
  private final WinogradResults results;

  private WinogradCode(WinogradConvolution shape) {
    this.shape = shape;
    int inputs = shape.bias() ? 4 : 3;
    frame = new Frame(inputs + 1);
    result = Frame.INPUTS + 8 * inputs;
    to = new Routine(frame);
    rounds = frame.pointer();
    pixels = new WinogradPixels(shape, frame, to);
    products = new WinogradProducts(shape, frame, to);
    results = new WinogradResults(shape, frame, to, Frame.INPUTS + 24);
  }

  /// Inputs: pictures, transformed kernels, scratch memory, bias; output: results.
  static Written write(WinogradConvolution shape) {
    return new WinogradCode(shape).all();
  }

  private Written all() {
    to.enter();
    to.load(PICTURES, Frame.INPUTS);
    to.load(SCRATCH, Frame.INPUTS + 16);
    to.load(RESULTS, result);
    to.load(Assembler.COUNT, Frame.ROWS);
    pixels.prepare();
    results.prepare();
    for (int count = shape.together(); count > 0; count /= 2) {
      to.compare(Assembler.COUNT, count);
      int few = to.jumpAhead(Assembler.BELOW);
      int top = to.size();
      if (count > 1) {
        severalPictures(count);
      } else {
        onePicture();
      }
      to.add(Assembler.COUNT, -count, true);
      to.compare(Assembler.COUNT, count);
      to.jump(Assembler.NOT_BELOW, top);
      to.land(few);
    }
    return to.leave();
  }

  private void severalPictures(int count) {
    pixels.restart();
    repeat(
        count,
        () -> {
          pixels.beginPicture();
          pixels.write(shape.tilesDown());
          pixels.endPicture();
        });
    products.write(count, shape.tilesDown());
    results.restart();
    repeat(count, () -> results.write(shape.tilesDown()));
  }

  private void onePicture() {
    int band = shape.band();
    pixels.beginPicture();
    repeat(
        shape.tilesDown() / band,
        () -> {
          pixels.restart();
          pixels.write(band);
          products.write(1, band);
          results.restart();
          results.write(band);
        });
    pixels.endPicture();
  }

  /// A loop around code that uses most registers.
  private void repeat(int count, Runnable body) {
    to.set(Assembler.WORK, count);
    to.save(rounds, Assembler.WORK);
    int top = to.size();
    body.run();
    to.advance(rounds, -1);
    to.jump(Assembler.NOT_ZERO, top);
  }
}
