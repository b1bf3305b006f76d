package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.VECTOR;
import static io.kalamos.kernels.WinogradConvolution.POINTS;
import static io.kalamos.kernels.WinogradTurns.SCRATCH;

/// The part of [WinogradKernelGradientCode] that multiplies: for each point the transformed pixels
/// of some tiles with their gradients, summed over the tiles. The sums lie as transformed kernels
/// do.
final class WinogradSums implements WinogradPoints.Work {
  /// Sums in registers, and vectors of gradients that meet a pixel.
  private static final int SUMS_TOGETHER = 24;

  private static final int MOST_VECTORS = 3;

  private static final int PIXELS = Assembler.POINTERS[3];
  private static final int GRADIENTS = Assembler.POINTERS[4];
  private static final int SUMS = Assembler.POINTERS[5];
  private static final int COLUMNS = Assembler.POINTERS[6];
  private static final int PIXEL = Assembler.ELEMENT;
  private static final int SUM = Assembler.WORK;
  private static final int GRADIENT = Assembler.SHIFT;

  private final WinogradConvolution shape;
  private final Routine to;
  private final int together;
  private final WinogradPoints points;

  WinogradSums(WinogradConvolution shape, Frame frame, Routine to) {
    this.shape = shape;
    this.to = to;
    together = shape.channelsTogether();
    points = new WinogradPoints(shape, frame, to);
  }

  /// All sums are zero.
  void clear() {
    to.clearVector(0);
    to.start(SUMS, SCRATCH, shape.sumsAt());
    int vector = to.repeat(Assembler.ROW, POINTS * shape.steps() * shape.kernelVectors());
    to.storeVector(0, at(SUMS, 0), 0);
    to.add(SUMS, VECTOR, true);
    to.again(Assembler.ROW, vector);
  }

  /// Writes the code for so many rows of tiles of each of some pictures.
  void write(int pictures, int rows) {
    to.start(PIXELS, SCRATCH, shape.pixelsAt());
    to.start(GRADIENTS, SCRATCH, shape.gradientsAt());
    to.start(SUMS, SCRATCH, shape.sumsAt());
    points.write(pictures, rows, this);
  }

  @Override
  public void multiply(int[] tiles) {
    to.move(GRADIENT, GRADIENTS);
    to.move(COLUMNS, SUMS);
    int vectors = shape.kernelVectors();
    int usual = vectors <= MOST_VECTORS ? vectors : 2;
    int columns = to.repeat(Assembler.ROW, vectors / usual);
    vectors(tiles, usual);
    to.again(Assembler.ROW, columns);
    if (vectors % usual > 0) {
      vectors(tiles, vectors % usual);
    }
  }

  @Override
  public void next() {
    to.add(PIXELS, shape.pixelsApart(), true);
    to.add(GRADIENTS, shape.gradientsApart(), true);
    to.add(SUMS, shape.steps() * shape.stepBytes(), true);
  }

  /// Some vectors of gradients with all channels.
  private void vectors(int[] tiles, int vectors) {
    int steps = Math.min(shape.steps(), SUMS_TOGETHER / vectors);
    to.move(PIXEL, PIXELS);
    to.move(SUM, COLUMNS);
    int block = to.repeat(Assembler.COLUMN, shape.steps() / steps);
    block(tiles, vectors, steps);
    to.add(PIXEL, 4 * together * steps, true);
    to.add(SUM, steps * shape.stepBytes(), true);
    to.again(Assembler.COLUMN, block);
    if (shape.steps() % steps > 0) {
      block(tiles, vectors, shape.steps() % steps);
    }
    to.add(GRADIENT, VECTOR * vectors, true);
    to.add(COLUMNS, VECTOR * vectors, true);
  }

  /// The sum of step s and vector v is in register `vectors * s + v`.
  private void block(int[] tiles, int vectors, int steps) {
    eachSum(vectors, steps, to::loadVector);
    int gradients = vectors * steps;
    int pixels = gradients + vectors;
    VectorOp repeated = together == 2 ? VectorOp.BROADCAST_PAIR : VectorOp.BROADCAST;
    for (int tile : tiles) {
      for (int v = 0; v < vectors; v++) {
        int place = tile * shape.stepBytes() + VECTOR * v;
        to.loadVector(gradients + v, at(GRADIENT, place), 0);
      }
      for (int step = 0; step < steps; step++) {
        int pixel = pixels + step % (Routine.REGISTERS - pixels);
        to.vector(repeated, pixel, 0, at(PIXEL, 4 * (tile * shape.depth() + together * step)));
        for (int v = 0; v < vectors; v++) {
          to.addProduct(vectors * step + v, pixel, gradients + v);
        }
      }
    }
    eachSum(vectors, steps, to::storeVector);
  }

  private interface SumMove {
    void accept(int sum, Address address, int mask);
  }

  private void eachSum(int vectors, int steps, SumMove move) {
    for (int step = 0; step < steps; step++) {
      for (int v = 0; v < vectors; v++) {
        move.accept(vectors * step + v, at(SUM, step * shape.stepBytes() + VECTOR * v), 0);
      }
    }
  }
}
