package io.kalamos.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RandomWarpTest {
  private static final Tensor DIGIT = Mnist.load().train().images().rows(0, 1).reshape(28, 28, 1);

  /// Gives these, in order, as `nextDouble`.
  private static RandomGenerator draws(double... values) {
    var rest = DoubleStream.of(values).iterator();
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new AssertionError("only nextDouble is asked for");
      }

      @Override
      public double nextDouble() {
        return rest.nextDouble();
      }
    };
  }

  @Test
  void nothingIsMovedByZero() {
    var same = new RandomWarp(0, 0, 0, 0).apply(DIGIT, new Random(1));
    assertEquals(DIGIT.shape(), same.shape());
    assertArrayEquals(DIGIT.toFloats(), same.toFloats());
  }

  @Test
  void shiftsToTheRightAndDown() {
    var image = Tensor.of(new byte[] {(byte) 200, 0, 0, 0, 0, 0, 0, 0, 0}, 3, 3);
    var moved = new RandomWarp(1, 0, 0, 0).apply(image, draws(1, 1, 0.5, 0.5, 0.5, 0.5));
    assertArrayEquals(new float[] {0, 0, 0, 0, 200, 0, 0, 0, 0}, moved.toFloats());
    var half = new RandomWarp(1, 0, 0, 0).apply(image, draws(0.75, 0.5, 0.5, 0.5, 0.5, 0.5));
    assertArrayEquals(new float[] {100, 100, 0, 0, 0, 0, 0, 0, 0}, half.toFloats());
  }

  @Test
  void turnsAroundTheCentre() {
    var image = Tensor.of(new byte[] {0, 9, 0, 0, 0, 0, 0, 0, 0}, 3, 3);
    var turned = new RandomWarp(0, 90, 0, 0).apply(image, draws(0.5, 0.5, 1, 0.5, 0.5, 0.5));
    assertArrayEquals(new float[] {0, 0, 0, 0, 0, 9, 0, 0, 0}, turned.toFloats());
  }

  @Test
  void zoomsAndShears() {
    var image = Tensor.of(new byte[] {0, 0, 100, 0, 0}, 1, 5);
    var wide = new RandomWarp(0, 0, 0.9, 0).apply(image, draws(0.5, 0.5, 0.5, 1, 0.5, 0.5));
    assertArrayEquals(new float[] {0, 47, 100, 47, 0}, wide.toFloats());
    var column = Tensor.of(new byte[] {0, 7, 0, 0, 7, 0, 0, 7, 0}, 3, 3);
    var sheared = new RandomWarp(0, 0, 0, 1).apply(column, draws(0.5, 0.5, 0.5, 0.5, 0.5, 1));
    assertArrayEquals(new float[] {7, 0, 0, 0, 7, 0, 0, 0, 7}, sheared.toFloats());
  }

  @Test
  void theSameSeedWarpsTheSameWay() {
    var warp = RandomWarp.of();
    var first = warp.apply(DIGIT, new Random(3)).toFloats();
    assertArrayEquals(first, warp.apply(DIGIT, new Random(3)).toFloats());
    var other = warp.apply(DIGIT, new Random(4)).toFloats();
    int differing = 0;
    for (int i = 0; i < first.length; i++) {
      differing += first[i] == other[i] ? 0 : 1;
    }
    assertTrue(differing > 50, differing + " pixels differ");
  }

  record Case(Runnable wrong, String message) {}

  static List<Case> cases() {
    return List.of(
        new Case(
            () -> new RandomWarp(-1, 0, 0, 0),
            "RandomWarp: expected shift from 0, received shift=-1.0. Use 0 for none."),
        new Case(
            () -> new RandomWarp(0, 181, 0, 0),
            "RandomWarp: expected rotation from 0 to 180.0, received rotation=181.0. Use 0 for"
                + " none."),
        new Case(
            () -> new RandomWarp(0, 0, 1, 0),
            "RandomWarp: expected zoom from 0 to 0.99, received zoom=1.0. Use 0 for none."),
        new Case(
            () -> new RandomWarp(0, 0, 0, Double.NaN),
            "RandomWarp: expected shear from 0, received shear=NaN. Use 0 for none."),
        new Case(
            () ->
                RandomWarp.of().apply(Tensor.zeros(DType.FLOAT32, Shape.of(28, 28)), new Random()),
            "RandomWarp: expected an image uint8(height, width) or uint8(height, width, 1),"
                + " received image=float32(28, 28). Warp images one by one, before they are batched"
                + " or scaled."));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void refusals(Case wrong) {
    var problem = assertThrows(IllegalArgumentException.class, wrong.wrong()::run);
    assertEquals(wrong.message(), problem.getMessage());
  }
}
