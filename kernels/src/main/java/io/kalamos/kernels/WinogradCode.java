package io.kalamos.kernels;

/// Writes the machine code of a [WinogradConvolution] whose kernels are transformed already.
///
/// Transformed pixels are multiplied with the kernels, and what comes out is transformed to
/// results.
final class WinogradCode implements WinogradTurns.Work {
  private final WinogradConvolution shape;
  private final Frame frame;
  private final Routine to;
  private final int result;
  private final WinogradPixels pixels;
  private final WinogradProducts products;
  private final WinogradResults results;

  private WinogradCode(WinogradConvolution shape) {
    this.shape = shape;
    int inputs = shape.bias() ? 4 : 3;
    frame = new Frame(inputs + 1);
    result = Frame.INPUTS + 8 * inputs;
    to = new Routine(frame);
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
    to.load(WinogradTurns.PICTURES, Frame.INPUTS);
    to.load(WinogradTurns.SCRATCH, Frame.INPUTS + 16);
    to.load(WinogradTurns.RESULTS, result);
    results.prepare();
    new WinogradTurns(shape, frame, to, pixels).write(this);
    return to.leave();
  }

  @Override
  public void begin() {
    results.restart(shape.productsAt());
  }

  @Override
  public void before(int rows) {}

  @Override
  public void multiply(int pictures, int rows) {
    products.write(pictures, rows);
  }

  @Override
  public void after(int rows) {
    results.write(rows);
  }
}
