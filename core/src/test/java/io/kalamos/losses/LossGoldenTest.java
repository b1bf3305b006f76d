package io.kalamos.losses;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.DType;
import io.kalamos.engine.Gradients;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.RowLogSoftmax;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Unary;
import io.kalamos.golden.Case;
import io.kalamos.golden.Golden;
import io.kalamos.golden.Reference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Losses and their gradients against those of real Keras.
class LossGoldenTest {
  record Row(String name, Loss loss) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("mse", Losses.MEAN_SQUARED_ERROR),
        new Row("mae", Losses.MEAN_ABSOLUTE_ERROR),
        new Row("mse_column", Losses.MEAN_SQUARED_ERROR),
        new Row("bce_open", Losses.BINARY_CROSSENTROPY),
        new Row("bce", Losses.BINARY_CROSSENTROPY),
        new Row("bce_smooth", BinaryCrossentropy.of().labelSmoothing(0.2)),
        new Row("bce_logits", BinaryCrossentropy.of().fromLogits(true)),
        new Row("cce", Losses.CATEGORICAL_CROSSENTROPY),
        new Row("cce_smooth", CategoricalCrossentropy.of().labelSmoothing(0.1)),
        new Row("cce_logits", CategoricalCrossentropy.of().fromLogits(true)),
        new Row("sparse", Losses.SPARSE_CATEGORICAL_CROSSENTROPY),
        new Row("sparse_column", Losses.SPARSE_CATEGORICAL_CROSSENTROPY),
        new Row("sparse_logits", SparseCategoricalCrossentropy.of().fromLogits(true)),
        new Row("sparse_map", SparseCategoricalCrossentropy.of().fromLogits(true)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void valueAndGradientAreThoseOfKeras(Row row) {
    check(row.name, row.loss, DType.FLOAT32, DType.FLOAT32, 2e-6);
  }

  /// The bound 1 - 1e-7 is another number in float32.
  static List<Row> withoutBounds() {
    return rows().stream().filter(row -> !List.of("bce", "bce_smooth").contains(row.name)).toList();
  }

  /// Rounding apart, float64 gives the same, so that gradients can be checked numerically.
  @ParameterizedTest
  @MethodSource("withoutBounds")
  void float64StaysFloat64(Row row) {
    Case data = Case.of(row.name, DType.FLOAT32, DType.FLOAT64);
    assertEquals(DType.FLOAT64, row.loss.reduced(data.target(), data.prediction()).dtype());
    check(row.name, row.loss, DType.FLOAT32, DType.FLOAT64, 2e-6);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void oneLossForEachRowOfPredictions(Row row) {
    Case data = Case.of(row.name, DType.FLOAT32, DType.FLOAT32);
    Node each = row.loss.call(data.target(), data.prediction());
    Shape shape = data.prediction().shape();
    assertEquals(shape.slice(0, shape.rank() - 1), each.shape());
  }

  @Test
  void classIndicesMayBeIntegers() {
    check("sparse", Losses.SPARSE_CATEGORICAL_CROSSENTROPY, DType.INT32, DType.FLOAT32, 2e-6);
    check(
        "sparse_column", Losses.SPARSE_CATEGORICAL_CROSSENTROPY, DType.UINT8, DType.FLOAT32, 2e-6);
  }

  private static void check(
      String name, Loss loss, DType targets, DType predictions, double tolerance) {
    Case data = Case.of(name, targets, predictions);
    Node mean = loss.reduced(data.target(), data.prediction());
    assertEquals(Golden.values(name + ".mean")[0], Reference.value(mean), 1e-5);
    Node gradient = Gradients.of(mean, List.of(data.prediction())).getFirst();
    double[] expected = Golden.values(name + ".gradient");
    double[] actual = Reference.values(gradient);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], tolerance * Math.max(1, Math.abs(expected[i])));
    }
  }

  /// Behind a softmax the loss is that of the logits, also where a probability is rounded to 0.
  @Test
  void softmaxGivesItsLogits() {
    Case data = Case.of("sparse_logits", DType.INT32, DType.FLOAT32);
    Node probabilities = Ops.softmax(data.prediction());
    Node mean = Losses.SPARSE_CATEGORICAL_CROSSENTROPY.reduced(data.target(), probabilities);
    assertTrue(
        Graph.order(List.of(mean)).stream().anyMatch(n -> n.op().equals(new RowLogSoftmax())));
    assertEquals(Golden.values("sparse_logits.mean")[0], Reference.value(mean), 1e-5);
    Node gradient = Gradients.of(mean, List.of(data.prediction())).getFirst();
    assertArrayEquals(Golden.values("sparse_logits.gradient"), Reference.values(gradient), 1e-6);
  }

  @Test
  void softmaxBehindAConversionGivesItsLogits() {
    Case data = Case.of("cce_logits", DType.FLOAT32, DType.FLOAT32);
    Node half = Ops.softmax(Ops.cast(data.prediction(), DType.BFLOAT16));
    Node mean =
        Losses.CATEGORICAL_CROSSENTROPY.reduced(data.target(), Ops.cast(half, DType.FLOAT32));
    assertEquals(DType.FLOAT32, mean.dtype());
    assertEquals(Golden.values("cce_logits.mean")[0], Reference.value(mean), 0.02);
  }

  @Test
  void sigmoidGivesItsLogits() {
    Case data = Case.of("bce_logits", DType.FLOAT32, DType.FLOAT32);
    Node mean = Losses.BINARY_CROSSENTROPY.reduced(data.target(), Ops.sigmoid(data.prediction()));
    assertTrue(Graph.order(List.of(mean)).stream().noneMatch(n -> n.op() == Unary.SIGMOID));
    assertEquals(Golden.values("bce_logits.mean")[0], Reference.value(mean), 1e-5);
  }

  /// A softmax that the user's `fromLogits` asks to look past is not looked past twice.
  @Test
  void fromLogitsTakesThePredictionAsItIs() {
    Case data = Case.of("cce_logits", DType.FLOAT32, DType.FLOAT32);
    Node probabilities = Ops.softmax(data.prediction());
    Loss loss = CategoricalCrossentropy.of().fromLogits(true);
    double twice = Reference.value(loss.reduced(data.target(), probabilities));
    assertTrue(Math.abs(twice - Golden.values("cce_logits.mean")[0]) > 1);
  }
}
