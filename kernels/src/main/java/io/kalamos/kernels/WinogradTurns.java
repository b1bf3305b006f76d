package io.kalamos.kernels;

/// Writes the loops of a [WinogradConvolution] over its pictures: the tiles of several pictures at
/// a time, or of some rows of one, as many as stay in the caches on their way.
final class WinogradTurns {
  // What all parts of the code read, and how far they are
  static final int PICTURES = Assembler.POINTERS[0];

  /// The results, or their gradient.
  static final int RESULTS = Assembler.POINTERS[1];

  static final int SCRATCH = Assembler.POINTERS[2];

  /// What is done with transformed pixels.
  interface Work {
    /// Its own scratch memory is free again.
    void begin();

    /// Writes code for the next rows of tiles, before and after the multiplications.
    void before(int rows);

    void after(int rows);

    /// Writes the multiplications of so many rows of tiles of each of some pictures.
    void multiply(int pictures, int rows);
  }

  private final WinogradConvolution shape;
  private final Routine to;
  private final WinogradPixels pixels;
  private final int rounds;

  WinogradTurns(WinogradConvolution shape, Frame frame, Routine to, WinogradPixels pixels) {
    this.shape = shape;
    this.to = to;
    this.pixels = pixels;
    rounds = frame.pointer();
  }

  void write(Work work) {
    to.load(Assembler.COUNT, Frame.ROWS);
    pixels.prepare();
    for (int count = shape.together(); count > 0; count /= 2) {
      to.compare(Assembler.COUNT, count);
      int few = to.jumpAhead(Assembler.BELOW);
      int top = to.size();
      if (count > 1) {
        severalPictures(work, count);
      } else {
        onePicture(work);
      }
      to.add(Assembler.COUNT, -count, true);
      to.compare(Assembler.COUNT, count);
      to.jump(Assembler.NOT_BELOW, top);
      to.land(few);
    }
  }

  private void severalPictures(Work work, int count) {
    int rows = shape.tilesDown();
    pixels.restart();
    work.begin();
    repeat(
        count,
        () -> {
          pixels.beginPicture();
          pixels.write(rows);
          pixels.endPicture();
          work.before(rows);
        });
    work.multiply(count, rows);
    repeat(count, () -> work.after(rows));
  }

  private void onePicture(Work work) {
    int band = shape.band();
    pixels.beginPicture();
    repeat(
        shape.tilesDown() / band,
        () -> {
          pixels.restart();
          work.begin();
          pixels.write(band);
          work.before(band);
          work.multiply(1, band);
          work.after(band);
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
