package io.kalamos.kernels;

/// The transforms of a [WinogradConvolution] along one axis, in registers: Lagrange's interpolation
/// at the points 0, ±a, ±b and infinity.
final class WinogradTransform {
  private static final float A = 0.75f;
  private static final float B = 1.5f;

  private final Routine to;
  private final Frame frame;

  WinogradTransform(Routine to, Frame frame) {
    this.to = to;
    this.frame = frame;
  }

  // Pixels: six become six

  /// How many registers [#pixels] wants for constants, and how many beside the six of its pixels.
  static final int CONSTANTS = 6;

  static final int SPARE = 4;

  /// Fills the registers from `first` on with what [#pixels] multiplies by.
  void loadConstants(int first) {
    float[] factors = {A, B, A * A, B * B, A * A + B * B, A * A * B * B};
    for (int i = 0; i < CONSTANTS; i++) {
      to.vector(VectorOp.BROADCAST, first + i, 0, Address.repeated(frame.constant(factors[i])));
    }
  }

  /// Transforms d0 to d5 that lie in six registers from `d` on, with four spare ones from `spare`
  /// on; returns the registers of the six results.
  int[] pixels(int d, int spare, int constants) {
    int a = constants;
    int b = constants + 1;
    int aa = constants + 2;
    int bb = constants + 3;
    int sum = constants + 4;
    int product = constants + 5;
    int even = spare;
    int odd = spare + 1;
    int plusA = spare + 2;
    int plusB = spare + 3;
    // a²b² d0 - (a² + b²) d2 + d4, and the same one further
    multiplyThenAdd(d, product, d + 4);
    to.subtractProduct(d, sum, d + 2);
    to.addProduct(d + 5, product, d + 1);
    to.subtractProduct(d + 5, sum, d + 3);
    // (d4 - b² d2) ± a (d3 - b² d1)
    to.vector(VectorOp.MOVE, even, 0, d + 4);
    to.subtractProduct(even, bb, d + 2);
    to.vector(VectorOp.MOVE, odd, 0, d + 3);
    to.subtractProduct(odd, bb, d + 1);
    to.vector(VectorOp.MOVE, plusA, 0, even);
    to.addProduct(plusA, a, odd);
    to.subtractProduct(even, a, odd);
    // (d4 - a² d2) ± b (d3 - a² d1)
    to.subtractProduct(d + 4, aa, d + 2);
    to.subtractProduct(d + 3, aa, d + 1);
    to.vector(VectorOp.MOVE, plusB, 0, d + 4);
    to.addProduct(plusB, b, d + 3);
    to.subtractProduct(d + 4, b, d + 3);
    return new int[] {d, plusA, even, plusB, d + 4, d + 5};
  }

  private void multiplyThenAdd(int factor, int other, int addend) {
    to.vector(VectorOp.FUSED, VectorOp.FUSED.opcode, factor, addend, other, 0, false, 0);
  }

  // Results: six become four

  /// Transforms the six registers `m`, whose first it may and whose others it does change; each
  /// result is made in the register `result` and handed over there.
  ///
  /// @param spare two registers beside
  void results(int[] m, int spare, int[] result, Square.Column done) {
    int sumA = spare;
    int sumB = spare + 1;
    to.vector(VectorOp.ADD, sumA, m[1], m[2]);
    to.vector(VectorOp.SUBTRACT, m[1], m[1], m[2]);
    to.vector(VectorOp.ADD, sumB, m[3], m[4]);
    to.vector(VectorOp.SUBTRACT, m[3], m[3], m[4]);
    to.vector(VectorOp.ADD, result[0], m[0], sumA);
    to.vector(VectorOp.ADD, result[0], result[0], sumB);
    done.accept(result[0], 0);
    weighted(result[1], m[1], A, m[3], B);
    done.accept(result[1], 1);
    weighted(result[2], sumA, A * A, sumB, B * B);
    done.accept(result[2], 2);
    weighted(result[3], m[1], A * A * A, m[3], B * B * B);
    to.vector(VectorOp.ADD, result[3], result[3], m[5]);
    done.accept(result[3], 3);
  }

  private void weighted(int result, int x, float byX, int y, float byY) {
    to.vector(VectorOp.MULTIPLY, result, x, constant(byX));
    addProduct(result, y, byY);
  }

  private void addProduct(int sum, int factor, float by) {
    to.addProduct(sum, factor, constant(by), 0);
  }

  private Address constant(float value) {
    return Address.repeated(frame.constant(value));
  }

  // Gradients of results: four, or fewer, become six

  /// Transforms the registers `g`, which stay, with three spare ones from `spare` on. Each point
  /// that is wanted of such a tile is handed over as soon as it is made.
  void gradients(int[] g, int spare, Square.Column done) {
    done.accept(g[0], 0);
    gradients(g, A, spare, 1, done);
    gradients(g, B, spare, 3, done);
    if (g.length == WinogradConvolution.TILE) {
      done.accept(g[3], 5);
    }
  }

  /// `g0 + x² g2 ± (x g1 + x³ g3)`.
  private void gradients(int[] g, float x, int spare, int point, Square.Column done) {
    int odd = spare + 1;
    int made = spare + 2;
    to.vector(VectorOp.MOVE, spare, 0, g[0]);
    if (g.length > 2) {
      addProduct(spare, g[2], x * x);
    }
    if (g.length == 1) {
      to.clearVector(odd);
    } else {
      to.vector(VectorOp.MULTIPLY, odd, g[1], constant(x));
    }
    if (g.length > 3) {
      addProduct(odd, g[3], x * x * x);
    }
    to.vector(VectorOp.ADD, made, spare, odd);
    done.accept(made, point);
    to.vector(VectorOp.SUBTRACT, made, spare, odd);
    done.accept(made, point + 1);
  }

  // Kernels: three become six

  /// Transforms the registers g0, g1, g2, which stay, with two spare ones from `spare` on; the six
  /// results are made in registers from `results` on.
  void kernel(int g0, int g1, int g2, int spare, int results) {
    to.vector(VectorOp.MULTIPLY, results, g0, constant(1 / (A * A * B * B)));
    pair(new int[] {g0, g1, g2}, A, scale(A, B), spare, results + 1);
    pair(new int[] {g0, g1, g2}, B, scale(B, A), spare, results + 3);
    to.vector(VectorOp.MOVE, results + 5, 0, g2);
  }

  /// `scale · (g0 + x² g2 ± x g1)`.
  private void pair(int[] g, double x, double scale, int spare, int result) {
    to.vector(VectorOp.MULTIPLY, spare, g[0], constant((float) scale));
    addProduct(spare, g[2], (float) (scale * x * x));
    to.vector(VectorOp.MULTIPLY, spare + 1, g[1], constant((float) (scale * x)));
    to.vector(VectorOp.ADD, result, spare, spare + 1);
    to.vector(VectorOp.SUBTRACT, result + 1, spare, spare + 1);
  }

  // Gradients of kernels: six become three

  /// Transforms the registers `m`, which change, with a spare one; each result is handed over in
  /// `result`.
  void taps(int[] m, int spare, int result, Square.Column done) {
    difference(m[1], m[2], spare);
    difference(m[3], m[4], spare);
    float scaleA = (float) scale(A, B);
    float scaleB = (float) scale(B, A);
    to.vector(VectorOp.MULTIPLY, result, m[0], constant(1 / (A * A * B * B)));
    addProduct(result, m[1], scaleA);
    addProduct(result, m[3], scaleB);
    done.accept(result, 0);
    weighted(result, m[2], scaleA * A, m[4], scaleB * B);
    done.accept(result, 1);
    weighted(result, m[1], scaleA * A * A, m[3], scaleB * B * B);
    to.vector(VectorOp.ADD, result, result, m[5]);
    done.accept(result, 2);
  }

  /// The sum in the place of x, the difference in that of y.
  private void difference(int x, int y, int spare) {
    to.vector(VectorOp.SUBTRACT, spare, x, y);
    to.vector(VectorOp.ADD, x, x, y);
    to.vector(VectorOp.MOVE, y, 0, spare);
  }

  /// Of a kernel at the points ±x.
  private static double scale(double x, double other) {
    return 1 / (2 * x * x * (x * x - other * other));
  }
}
