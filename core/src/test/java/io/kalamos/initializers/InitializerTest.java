package io.kalamos.initializers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.golden.Golden;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InitializerTest {
  private static final Shape KERNEL = Shape.of(5, 5, 16, 64);
  private static final double IN = 5 * 5 * 16;
  private static final double OUT = 5 * 5 * 64;

  /// @param deviation of the values
  /// @param bound that no value exceeds
  record Row(Initializer initializer, double deviation, double bound) {
    @Override
    public String toString() {
      return initializer.toString();
    }
  }

  static List<Row> rows() {
    double glorot = Math.sqrt(2 / (IN + OUT));
    double he = Math.sqrt(2 / IN);
    double lecun = Math.sqrt(1 / IN);
    double cut = 0.87962566103423978;
    return List.of(
        new Row(GlorotUniform.of(), glorot, Math.sqrt(6 / (IN + OUT))),
        new Row(GlorotNormal.of(), glorot, 2 * glorot / cut),
        new Row(HeUniform.of(), he, Math.sqrt(6 / IN)),
        new Row(HeNormal.of(), he, 2 * he / cut),
        new Row(LecunUniform.of(), lecun, Math.sqrt(3 / IN)),
        new Row(LecunNormal.of(), lecun, 2 * lecun / cut),
        new Row(
            VarianceScaling.of()
                .scale(3)
                .mode(VarianceScaling.Mode.FAN_OUT)
                .distribution(Distribution.UNTRUNCATED_NORMAL),
            Math.sqrt(3 / OUT),
            6 * Math.sqrt(3 / OUT)),
        new Row(RandomUniform.of(), 0.1 / Math.sqrt(12), 0.05),
        new Row(RandomNormal.of(), 0.05, 0.3),
        new Row(TruncatedNormal.of(), 0.05 * cut, 0.1));
  }

  private static double[] values(Initializer initializer, long seed, int stream) {
    Tensor weight = Tensor.zeros(DType.FLOAT32, KERNEL);
    initializer.fill(weight, seed, stream);
    return weight.toDoubles();
  }

  /// 25600 values: the mean is within 5 standard errors, the deviation within 2 %.
  @ParameterizedTest
  @MethodSource("rows")
  void momentsAndBounds(Row row) {
    double[] values = values(row.initializer, 7, 3);
    double mean = Arrays.stream(values).average().orElseThrow();
    double variance =
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    assertEquals(0, mean, 5 * row.deviation / Math.sqrt(values.length));
    assertEquals(row.deviation, Math.sqrt(variance), 0.02 * row.deviation);
    double greatest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
    assertTrue(greatest <= row.bound * (1 + 1e-6), greatest + " is beyond " + row.bound);
  }

  /// Uniform and truncated values come near their bounds.
  @ParameterizedTest
  @MethodSource("rows")
  void boundsAreReached(Row row) {
    double greatest =
        Arrays.stream(values(row.initializer, 7, 3)).map(Math::abs).max().orElseThrow();
    assertTrue(greatest > 0.65 * row.bound, greatest + " stays far from " + row.bound);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void oneSeedGivesOneSetOfBits(Row row) {
    double[] values = values(row.initializer, 7, 3);
    assertArrayEquals(values, values(row.initializer, 7, 3));
    assertFalse(Arrays.equals(values, values(row.initializer, 8, 3)), "the seed counts");
    assertFalse(Arrays.equals(values, values(row.initializer, 7 + (1L << 32), 3)), "all of it");
    assertFalse(Arrays.equals(values, values(row.initializer, 7, 4)), "the stream counts");
  }

  @Test
  void fansAreThoseOfKeras() {
    for (int i = 0; i < 5; i++) {
      double[] row = Golden.values("fans." + i);
      int[] sizes = Arrays.stream(row).limit(row.length - 2).mapToInt(v -> (int) v).toArray();
      assertEquals(
          new Fans((long) row[row.length - 2], (long) row[row.length - 1]),
          Fans.of(Shape.of(sizes)));
    }
  }

  @Test
  void constants() {
    assertTrue(Arrays.stream(values(Zeros.of(), 1, 1)).allMatch(v -> v == 0));
    assertTrue(Arrays.stream(values(Ones.of(), 1, 1)).allMatch(v -> v == 1));
    assertTrue(Arrays.stream(values(Constant.of(0.25), 1, 1)).allMatch(v -> v == 0.25));
    double[] shifted = values(RandomNormal.of().mean(3), 1, 1);
    assertEquals(3, Arrays.stream(shifted).average().orElseThrow(), 0.002);
    double[] between = values(RandomUniform.of(1, 2), 1, 1);
    assertTrue(Arrays.stream(between).allMatch(v -> v >= 1 && v <= 2));
  }

  /// The shorter of rows and columns are orthogonal and of length gain.
  @ParameterizedTest
  @MethodSource("matrices")
  void orthogonalVectors(Shape shape) {
    Tensor weight = Tensor.zeros(DType.FLOAT64, shape);
    Orthogonal.of(3).fill(weight, 5, 2);
    int columns = shape.dim(-1);
    int rows = (int) (weight.size() / columns);
    for (int a = 0; a < Math.min(rows, columns); a++) {
      for (int b = 0; b <= a; b++) {
        double product = 0;
        for (int i = 0; i < Math.max(rows, columns); i++) {
          int first = rows < columns ? a * columns + i : i * columns + a;
          int second = rows < columns ? b * columns + i : i * columns + b;
          product += weight.get(first) * weight.get(second);
        }
        assertEquals(a == b ? 9 : 0, product, 1e-12, a + " * " + b);
      }
    }
  }

  static List<Shape> matrices() {
    return List.of(
        Shape.of(6, 6), Shape.of(20, 7), Shape.of(7, 20), Shape.of(3, 3, 4, 8), Shape.of(1, 5));
  }

  @Test
  void identity() {
    Tensor weight = Tensor.zeros(DType.FLOAT32, Shape.of(2, 3));
    Identity.of(2).fill(weight, 0, 0);
    assertArrayEquals(new double[] {2, 0, 0, 0, 2, 0}, weight.toDoubles());
  }

  @Test
  void messages() {
    Tensor vector = Tensor.zeros(DType.FLOAT32, Shape.of(3));
    refuses(
        "Orthogonal: expected a weight with two axes or more, received shape=(3,). Use another"
            + " initializer for vectors.",
        () -> Orthogonal.of().fill(vector, 0, 0));
    refuses(
        "Identity: expected a weight with two axes, received shape=(3,). Use Orthogonal for kernels"
            + " of convolutions.",
        () -> Identity.of().fill(vector, 0, 0));
    refuses(
        "Orthogonal: expected a finite gain, received gain=NaN. Keras's default is 1.",
        () -> Orthogonal.of(Double.NaN));
    refuses(
        "Identity: expected a finite gain, received gain=Infinity. Keras's default is 1.",
        () -> Identity.of(Double.POSITIVE_INFINITY));
    refuses(
        "VarianceScaling: expected a finite scale above 0, received scale=0.0. Use 1 (Glorot,"
            + " LeCun) or 2 (He).",
        () -> VarianceScaling.of().scale(0));
    refuses(
        "RandomNormal: expected a finite stddev of 0 or more, received stddev=-1.0. Keras's default"
            + " is 0.05.",
        () -> RandomNormal.of().stddev(-1));
    refuses(
        "TruncatedNormal: expected a finite mean, received mean=NaN. Keras's default is 0.",
        () -> TruncatedNormal.of().mean(Double.NaN));
    refuses(
        "RandomUniform: expected maxval of at least minval=2.0, received maxval=1.0. Swap them.",
        () -> RandomUniform.of(2, 1));
    refuses(
        "Constant: expected a finite value, received value=Infinity. Keras's default is 0.",
        () -> Constant.of(Double.POSITIVE_INFINITY));
  }

  private static void refuses(String message, Runnable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong::run).getMessage());
  }
}
