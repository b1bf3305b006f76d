package io.kalamos.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import io.kalamos.golden.Case;
import io.kalamos.golden.Golden;
import io.kalamos.golden.Reference;
import io.kalamos.losses.Losses;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MetricTest {
  record Row(String name, Metric metric) {
    @Override
    public String toString() {
      return name + " by " + metric;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("categorical_accuracy", CategoricalAccuracy.of()),
        new Row("sparse_categorical_accuracy", SparseCategoricalAccuracy.of()),
        new Row("sparse_column_accuracy", SparseCategoricalAccuracy.of()),
        new Row("binary_accuracy", BinaryAccuracy.of()),
        new Row("binary_accuracy_03", BinaryAccuracy.of().threshold(0.3)),
        new Row("binary_column_accuracy", BinaryAccuracy.of()),
        new Row("categorical_accuracy", Metrics.ACCURACY),
        new Row("sparse_categorical_accuracy", Metrics.ACCURACY),
        new Row("sparse_column_accuracy", Metrics.ACCURACY),
        new Row("binary_column_accuracy", Metrics.ACCURACY));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void resultIsThatOfKeras(Row row) {
    for (DType targets : List.of(DType.FLOAT32, DType.INT32, DType.UINT8)) {
      Case data = Case.of(row.name, targets, DType.FLOAT32);
      var sums = update(row.metric, data.target(), data.prediction());
      double result = Reference.value(sums.get("sum")) / Reference.value(sums.get("count"));
      assertEquals(Golden.values(row.name + ".result")[0], result, 1e-6);
    }
  }

  @Test
  void accuracyCountsEachSampleOrEachOutput() {
    Case categorical = Case.of("categorical_accuracy", DType.FLOAT32, DType.FLOAT32);
    Case binary = Case.of("binary_accuracy", DType.FLOAT32, DType.FLOAT32);
    assertEquals(11, count(CategoricalAccuracy.of(), categorical));
    assertEquals(44, count(BinaryAccuracy.of(), binary));
  }

  private static double count(Metric metric, Case data) {
    return Reference.value(update(metric, data.target(), data.prediction()).get("count"));
  }

  private static Map<String, Node> update(Metric metric, Node target, Node prediction) {
    return metric.update(target, prediction, Optional.empty());
  }

  @Test
  void accuracyOfASoftmaxIsThatOfItsLogits() {
    Case data = Case.of("sparse_categorical_accuracy", DType.INT32, DType.FLOAT32);
    var sums = update(Metrics.ACCURACY, data.target(), Ops.softmax(data.prediction()));
    assertEquals(3, Reference.value(sums.get("sum")));
  }

  @Test
  void shapesTellWhichAccuracy() {
    AutomaticAccuracy accuracy = new AutomaticAccuracy("accuracy");
    Shape ten = Shape.of(32, 10);
    assertInstanceOf(SparseCategoricalAccuracy.class, accuracy.resolved(Shape.of(32), ten));
    assertInstanceOf(SparseCategoricalAccuracy.class, accuracy.resolved(Shape.of(32, 1), ten));
    assertInstanceOf(CategoricalAccuracy.class, accuracy.resolved(ten, ten));
    assertInstanceOf(BinaryAccuracy.class, accuracy.resolved(Shape.of(32), Shape.of(32, 1)));
    assertInstanceOf(BinaryAccuracy.class, accuracy.resolved(Shape.of(32), Shape.of(32)));
    assertEquals("accuracy", accuracy.resolved(ten, ten).name());
  }

  @Test
  void aLossIsAMetric() {
    Case data = Case.of("mse", DType.FLOAT32, DType.FLOAT32);
    Metric metric = Metric.of(Losses.MEAN_SQUARED_ERROR);
    var sums = update(metric, data.target(), data.prediction());
    assertEquals(4, Reference.value(sums.get("count")));
    assertEquals(Golden.values("mse.mean")[0], Reference.value(sums.get("sum")) / 4, 1e-6);
  }

  @Test
  void namesAreThoseOfKeras() {
    for (String name :
        List.of(
            "accuracy",
            "acc",
            "binary_accuracy",
            "categorical_accuracy",
            "sparse_categorical_accuracy",
            "mse",
            "mean_absolute_error")) {
      assertEquals(name, Metrics.named(name).name());
    }
  }

  @Test
  void messages() {
    String unknown =
        assertThrows(IllegalArgumentException.class, () -> Metrics.named("auk")).getMessage();
    assertTrue(
        unknown.startsWith("metric: expected one of acc, accuracy, auc, bce, binary_accuracy, "),
        unknown);
    assertTrue(
        unknown.endsWith(
            ", true_positives, tversky, received name=auk. Use one of these, make one with options"
                + " such as IoU.of(10, 1), or write an own one with Metric.mean."),
        unknown);
    assertEquals(
        "BinaryAccuracy: expected threshold above 0 and below 1, received threshold=1.5. Keras's"
            + " default is 0.5.",
        assertThrows(IllegalArgumentException.class, () -> BinaryAccuracy.of().threshold(1.5))
            .getMessage());
    Node ten = Ops.fill(0, Shape.of(32, 10), DType.FLOAT32);
    Node indices = Ops.fill(0, Shape.of(32), DType.INT32);
    assertEquals(
        "categorical_accuracy: expected one-hot targets of the predictions' shape (32, 10),"
            + " received target=int32(32,). For class indices use sparse_categorical_accuracy.",
        assertThrows(ShapeException.class, () -> update(CategoricalAccuracy.of(), indices, ten))
            .getMessage());
  }
}
