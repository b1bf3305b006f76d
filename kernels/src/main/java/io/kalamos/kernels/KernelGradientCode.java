package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.REGISTERS;
import static io.kalamos.kernels.Routine.VECTOR;

import java.util.stream.IntStream;

/// Writes the machine code of [KernelGradient].
///
/// The pixels under one row of the kernel lie one behind the other, all channels of its columns, so
/// the sums are vectors of such pixels, whatever the number of channels: a vector goes over the end
/// of one row of the kernel into the next. The gradient of a place and filter is multiplied with
/// several of them. A tile of vectors by filters is summed up in registers and rests in memory,
/// transposed, until the next; at the end the sums are put into Keras's order.
///
/// Each picture is copied between zeros first. Where vectors would then cross cache lines, those
/// under some rows of places are copied too, one behind the other.
final class KernelGradientCode {
  private static final int MOST_VECTORS = 9;

  /// Most of a first-level cache.
  private static final int STRIP_BYTES = 29_000;

  private static final int PICTURES = Assembler.POINTERS[0];
  private static final int GRADIENTS = Assembler.POINTERS[1];
  private static final int SUMS = Assembler.POINTERS[2];
  private static final int PIXELS = Assembler.POINTERS[3];
  private static final int ALONG = Assembler.POINTERS[4];
  private static final int TILE = Assembler.POINTERS[5];
  private static final int LINES = Assembler.POINTERS[6];
  private static final int PLACES = Assembler.POINTERS[7];
  private static final int TILES = Assembler.ROW;
  private static final int STRIP = Assembler.COLUMN;

  /// The gradients of the rows of places at hand.
  private static final int ROWS = Assembler.SHIFT;

  private static final int KERNEL = Assembler.ELEMENT;

  /// The last pixels of a picture's row; masks of seams follow.
  private static final int TAIL = 1;

  private final KernelGradient shape;
  private final Frame frame = new Frame(3);
  private final Routine to = new Routine(frame);
  private final int[] seams;
  private final int padded;
  private final int sums;
  private final boolean packed;
  private final int strip;
  private final int together;

  private KernelGradientCode(KernelGradient shape) {
    this.shape = shape;
    padded = frame.vectors(shape.paddedRows() * shape.rowBytes() / 4 + LANES);
    sums = frame.vectors(LANES * shape.vectors() * shape.filters());
    seams =
        IntStream.range(0, shape.vectors())
            .map(shape::seam)
            .filter(seam -> seam < LANES)
            .distinct()
            .toArray();
    packed = seams.length > 0 || 4 * shape.strideWidth() * shape.channels() % VECTOR != 0;
    together = together();
    int most = Math.min(together, shape.vectors());
    strip = frame.vectors(LANES * most * shape.placesAcross() * shape.places());
  }

  /// Inputs: pictures, gradient of the result; output: gradient of the kernel.
  static Written write(KernelGradient shape) {
    return new KernelGradientCode(shape).all();
  }

  private Written all() {
    to.enter();
    to.load(PICTURES, Frame.INPUTS);
    to.load(GRADIENTS, Frame.INPUTS + 8);
    to.load(Assembler.COUNT, Frame.ROWS);
    for (int i = 0; i < seams.length; i++) {
      to.mask(TAIL + 1 + i, 0xFFFF & -1 << seams[i]);
    }
    clearSums();
    to.test(Assembler.COUNT);
    int none = to.jumpAhead(Assembler.ZERO);
    int top = to.size();
    copyPicture();
    for (int vector = 0; vector < shape.vectors(); vector += together) {
      group(vector);
    }
    to.add(GRADIENTS, 4 * shape.filters() * shape.places() * shape.placesAcross(), true);
    to.again(Assembler.COUNT, top);
    to.land(none);
    to.start(SUMS, sums);
    to.load(KERNEL, Frame.INPUTS + 16);
    for (int vector = 0; vector < shape.vectors(); vector += together) {
      eachTile(vector, this::transpose);
    }
    return to.leave();
  }

  // Tiles

  private interface TileCode {
    void write(int vector, int vectors, int filter, int filters, int count);
  }

  /// Tiles of a group of vectors that have as many filters: `count` of them, the filters one behind
  /// the other.
  private void eachTile(int vector, TileCode code) {
    int vectors = Math.min(together, shape.vectors() - vector);
    int filters = Math.min(filtersOf(vectors), shape.filters());
    int count = shape.filters() / filters;
    code.write(vector, vectors, 0, filters, count);
    if (shape.filters() % filters > 0) {
      code.write(vector, vectors, count * filters, shape.filters() % filters, 1);
    }
  }

  /// With a register for the gradient of each filter and two for pixels.
  private static int filtersOf(int vectors) {
    return (REGISTERS - 2) / (vectors + 1);
  }

  /// The vectors of a tile that make the fewest cycles of two multiplications or two loads each.
  private int together() {
    int best = 1;
    int least = Integer.MAX_VALUE;
    for (int most = 1; most <= MOST_VECTORS; most++) {
      int cost = 0;
      for (int vector = 0; vector < shape.vectors(); vector += most) {
        int vectors = Math.min(most, shape.vectors() - vector);
        for (int filter = 0; filter < shape.filters(); filter += filtersOf(vectors)) {
          int filters = Math.min(filtersOf(vectors), shape.filters() - filter);
          cost += Math.max(vectors * filters, vectors + filters);
        }
      }
      if (cost <= least) {
        least = cost;
        best = most;
      }
    }
    return best;
  }

  /// What the tiles of a group of vectors add for one picture, some rows of places at a time.
  private void group(int vector) {
    int vectors = Math.min(together, shape.vectors() - vector);
    int rows = packed ? rowsOfStrip(vectors) : shape.places();
    to.start(PIXELS, padded);
    to.move(ROWS, GRADIENTS);
    boolean several = rows < shape.places();
    int line = several ? to.repeat(LINES, shape.places() / rows) : to.size();
    if (packed) {
      pack(vector, vectors, rows);
    }
    to.start(SUMS, sums + VECTOR * vector * shape.filters());
    eachTile(vector, (v, n, filter, filters, count) -> tiles(v, n, filter, filters, count, rows));
    if (several) {
      to.add(ROWS, 4 * shape.filters() * shape.placesAcross() * rows, true);
      to.again(LINES, line);
    }
  }

  /// Rows of places whose pixels stay in the first-level cache while all filters need them.
  private int rowsOfStrip(int vectors) {
    int rows = shape.places();
    while (rows > 1
        && (shape.places() % rows != 0
            || rows * shape.placesAcross() * vectors * VECTOR > STRIP_BYTES)) {
      rows--;
    }
    return rows;
  }

  /// The sum of vector v and filter f is in register `filters * v + f`.
  private void tiles(int first, int vectors, int filter, int filters, int count, int rows) {
    to.move(TILE, ROWS);
    to.add(TILE, 4 * filter, true);
    int tile = to.repeat(TILES, count);
    eachSum(vectors * filters, VectorOp.LOAD);
    to.start(STRIP, packed ? strip : padded);
    to.move(ALONG, TILE);
    if (packed) {
      places(rows * shape.placesAcross(), VECTOR * vectors, first, vectors, filters);
    } else {
      int step = 4 * shape.strideWidth() * shape.channels();
      int line = to.repeat(LINES, rows);
      places(shape.placesAcross(), step, first, vectors, filters);
      to.add(STRIP, shape.strideHeight() * shape.rowBytes() - shape.placesAcross() * step, true);
      to.again(LINES, line);
    }
    eachSum(vectors * filters, VectorOp.STORE);
    to.add(SUMS, VECTOR * vectors * filters, true);
    to.add(TILE, 4 * filters, true);
    to.again(TILES, tile);
  }

  private void eachSum(int count, VectorOp move) {
    for (int sum = 0; sum < count; sum++) {
      to.vector(move, sum, 0, at(SUMS, VECTOR * sum), 0);
    }
  }

  private void places(int count, int step, int first, int vectors, int filters) {
    int place = to.repeat(PLACES, count);
    place(first, vectors, filters);
    to.add(STRIP, step, true);
    to.add(ALONG, 4 * shape.filters(), true);
    to.again(PLACES, place);
  }

  private void place(int first, int vectors, int filters) {
    int gradients = vectors * filters;
    for (int f = 0; f < filters; f++) {
      Address gradient = new Address(ALONG, -1, 0, 4 * f, -1, true);
      to.vector(VectorOp.BROADCAST, gradients + f, 0, gradient, 0);
    }
    for (int v = 0; v < vectors; v++) {
      int pixels = gradients + filters + v % 2;
      to.vector(
          VectorOp.LOAD, pixels, 0, at(STRIP, packed ? VECTOR * v : displacement(first + v)), 0);
      for (int f = 0; f < filters; f++) {
        to.addProduct(filters * v + f, pixels, gradients + f);
      }
    }
  }

  /// Copies the pixels under the window, place by place.
  private void pack(int first, int vectors, int rows) {
    int step = 4 * shape.strideWidth() * shape.channels();
    to.start(STRIP, strip);
    int row = to.repeat(TILES, rows);
    int place = to.repeat(PLACES, shape.placesAcross());
    for (int v = 0; v < vectors; v++) {
      pixels(v, first + v);
      to.vector(VectorOp.STORE, v, 0, at(STRIP, VECTOR * v), 0);
    }
    to.add(PIXELS, step, true);
    to.add(STRIP, VECTOR * vectors, true);
    to.again(PLACES, place);
    to.add(PIXELS, shape.strideHeight() * shape.rowBytes() - shape.placesAcross() * step, true);
    to.again(TILES, row);
  }

  private void pixels(int register, int vector) {
    int row = vector * LANES / shape.run();
    to.vector(VectorOp.LOAD, register, 0, at(PIXELS, displacement(vector)), 0);
    int seam = shape.seam(vector);
    for (int i = 0; i < seams.length; i++) {
      if (seams[i] == seam) {
        int next = (row + 1) * shape.rowBytes() - 4 * seam;
        to.vector(VectorOp.LOAD, register, 0, at(PIXELS, next), TAIL + 1 + i);
      }
    }
  }

  private int displacement(int vector) {
    int element = vector * LANES;
    return element / shape.run() * shape.rowBytes() + 4 * (element % shape.run());
  }

  // Pictures

  private void copyPicture() {
    int columns = Math.min(shape.width(), shape.paddedColumns() - shape.left());
    int elements = columns * shape.channels();
    to.mask(TAIL, (1 << elements % LANES) - 1);
    int column = 4 * shape.left() * shape.channels();
    to.start(PIXELS, padded + shape.top() * shape.rowBytes() + column);
    int rows = Math.min(shape.height(), shape.paddedRows() - shape.top());
    int bytes = 4 * shape.width() * shape.channels();
    int line = to.repeat(LINES, rows);
    for (int element = 0; element < elements; element += LANES) {
      int mask = element + LANES > elements ? TAIL : 0;
      int register = element / LANES % REGISTERS;
      to.vector(
          VectorOp.LOAD,
          VectorOp.LOAD.opcode,
          register,
          0,
          at(PICTURES, 4 * element),
          mask,
          mask != 0,
          0);
      to.vector(VectorOp.STORE, register, 0, at(PIXELS, 4 * element), mask);
    }
    to.add(PICTURES, bytes, true);
    to.add(PIXELS, shape.rowBytes(), true);
    to.again(LINES, line);
    to.add(PICTURES, bytes * (shape.height() - rows), true);
  }

  // Sums

  private void clearSums() {
    to.clearVector(0);
    to.start(SUMS, sums);
    int top = to.repeat(LINES, shape.vectors() * shape.filters());
    to.vector(VectorOp.STORE, 0, 0, at(SUMS, 0), 0);
    to.add(SUMS, VECTOR, true);
    to.again(LINES, top);
  }

  private void transpose(int vector, int vectors, int filter, int filters, int count) {
    int rowOfKernel = 4 * shape.filters();
    int elements = shape.kernelHeight() * shape.run();
    int whole = Math.min(vectors, elements / LANES - vector);
    to.move(TILE, KERNEL);
    to.add(TILE, vector * LANES * rowOfKernel + 4 * filter, true);
    int tile = to.repeat(TILES, count);
    to.move(ALONG, TILE);
    if (whole > 0) {
      int top = to.repeat(PLACES, whole);
      transpose(LANES, filters);
      to.add(SUMS, VECTOR * filters, true);
      to.add(ALONG, LANES * rowOfKernel, true);
      to.again(PLACES, top);
    }
    if (whole < vectors) {
      transpose(elements % LANES, filters);
      to.add(SUMS, VECTOR * filters, true);
    }
    to.add(TILE, 4 * filters, true);
    to.again(TILES, tile);
  }

  private void transpose(int lanes, int filters) {
    for (int lane = 0; lane < lanes; lane++) {
      for (int f = 0; f < filters; f++) {
        Address sum = new Address(SUMS, -1, 0, VECTOR * f + 4 * lane, -1, true);
        to.vector(VectorOp.BROADCAST, f, 0, sum, 0);
        to.vector(VectorOp.STORE_LANE, f, 0, at(ALONG, 4 * (lane * shape.filters() + f)), 0);
      }
    }
  }
}
