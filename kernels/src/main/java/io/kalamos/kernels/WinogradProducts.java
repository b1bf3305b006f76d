package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.REGISTERS;
import static io.kalamos.kernels.Routine.VECTOR;
import static io.kalamos.kernels.WinogradTurns.SCRATCH;

import java.util.Arrays;
import java.util.stream.IntStream;

/// The part of [WinogradCode] that multiplies: for each point a matrix of tiles and channels with
/// one of channels and filters.
final class WinogradProducts implements WinogradPoints.Work {

  /// Steps along the channels of a square without a loop.
  private static final int STEPS = 4;

  /// Vectors of kernels that are multiplied at once, at most, and sums of products with them.
  private static final int MOST_VECTORS = 3;

  private static final int SUMS = 24;

  /// In each quarter two filters of the first vector, then two of the second, in their order.
  private static final int IN_ORDER = 31;

  private static final int PIXELS = Assembler.POINTERS[3];
  private static final int KERNELS = Assembler.POINTERS[4];
  private static final int PRODUCTS = Assembler.POINTERS[5];
  private static final int COLUMNS = Assembler.POINTERS[6];
  private static final int PIXEL = Assembler.ELEMENT;
  private static final int KERNEL = Assembler.WORK;
  private static final int PRODUCT = Assembler.SHIFT;

  private final WinogradConvolution shape;
  private final Routine to;
  private final int together;
  private final int inOrder;
  private final WinogradPoints points;

  WinogradProducts(WinogradConvolution shape, Frame frame, Routine to) {
    this.shape = shape;
    this.to = to;
    together = shape.channelsTogether();
    points = new WinogradPoints(shape, frame, to);
    inOrder =
        frame.vector(
            IntStream.range(0, LANES).map(i -> i % 8 / 2 * 4 + i / 8 * 2 + i % 2).toArray());
  }

  /// Writes the code for so many rows of tiles of each of some pictures.
  void write(int pictures, int rows) {
    to.start(PIXELS, SCRATCH, shape.pixelsAt());
    to.start(PRODUCTS, SCRATCH, shape.productsAt());
    to.load(KERNELS, Frame.INPUTS + 8);
    points.write(pictures, rows, this);
  }

  @Override
  public void multiply(int[] tiles) {
    to.move(COLUMNS, KERNELS);
    to.move(PRODUCT, PRODUCTS);
    int vectors = shape.kernelVectors();
    int usual = vectors <= MOST_VECTORS ? vectors : 2;
    int rest = vectors % usual;
    int columns = to.repeat(Assembler.ROW, vectors / usual);
    filters(tiles, usual);
    to.again(Assembler.ROW, columns);
    if (rest > 0) {
      filters(tiles, rest);
    }
  }

  @Override
  public void next() {
    to.add(PIXELS, shape.pixelsApart(), true);
    to.add(KERNELS, shape.steps() * shape.stepBytes(), true);
    to.add(PRODUCTS, shape.productsApart(), true);
  }

  /// All tiles for some vectors of kernels, in equal parts as far as they divide.
  private void filters(int[] tiles, int vectors) {
    int most = SUMS / vectors;
    int parts = (tiles.length + most - 1) / most;
    for (int part = 0; part < parts; part++) {
      int first = tiles.length * part / parts;
      part(Arrays.copyOfRange(tiles, first, tiles.length * (part + 1) / parts), vectors);
    }
    to.add(COLUMNS, VECTOR * vectors, true);
    to.add(PRODUCT, VECTOR * ((vectors + together - 1) / together), true);
  }

  /// The sum of the tile with number t here and vector v is in register `vectors * t + v`.
  private void part(int[] tiles, int vectors) {
    to.start(PIXEL, PIXELS, 4 * tiles[0] * shape.depth());
    to.move(KERNEL, COLUMNS);
    for (int sum = 0; sum < tiles.length * vectors; sum++) {
      to.clearVector(sum);
    }
    int rounds = shape.steps() / STEPS;
    if (rounds > 0) {
      int top = to.repeat(Assembler.COLUMN, rounds);
      steps(STEPS, tiles, vectors);
      to.add(PIXEL, 4 * together * STEPS, true);
      to.add(KERNEL, STEPS * shape.stepBytes(), true);
      to.again(Assembler.COLUMN, top);
    }
    steps(shape.steps() % STEPS, tiles, vectors);
    if (together == 2) {
      to.loadVector(IN_ORDER, Address.frame(inOrder), 0);
    }
    for (int t = 0; t < tiles.length; t++) {
      int place = tiles[t] * shape.filterBytes();
      for (int v = 0; v < vectors; v += together) {
        int sum = vectors * t + v;
        if (together == 2) {
          sum = channelsAdded(sum, v + 1 < vectors ? sum + 1 : sum);
        }
        to.storeVector(sum, at(PRODUCT, place + VECTOR * v / together), 0);
      }
    }
  }

  private void steps(int count, int[] tiles, int vectors) {
    int kernels = tiles.length * vectors;
    int spare = kernels + vectors;
    VectorOp repeated = together == 2 ? VectorOp.BROADCAST_PAIR : VectorOp.BROADCAST;
    for (int step = 0; step < count; step++) {
      for (int v = 0; v < vectors; v++) {
        to.loadVector(kernels + v, at(KERNEL, step * shape.stepBytes() + VECTOR * v), 0);
      }
      for (int t = 0; t < tiles.length; t++) {
        int pixels = spare + t % (REGISTERS - spare);
        int place = 4 * ((tiles[t] - tiles[0]) * shape.depth() + together * step);
        to.vector(repeated, pixels, 0, at(PIXEL, place));
        for (int v = 0; v < vectors; v++) {
          to.addProduct(vectors * t + v, pixels, kernels + v);
        }
      }
    }
  }

  /// Two vectors of sums over every other channel, in turns, as one of filters; returns its
  /// register.
  private int channelsAdded(int low, int high) {
    int even = IN_ORDER - 1;
    int odd = IN_ORDER - 2;
    to.vector(VectorOp.SHUFFLE, even, low, high, 0x88);
    to.vector(VectorOp.SHUFFLE, odd, low, high, 0xDD);
    to.vector(VectorOp.ADD, even, even, odd);
    to.vector(VectorOp.PICK, even, IN_ORDER, even);
    return even;
  }
}
