package io.kalamos.losses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import org.junit.jupiter.api.Test;

class LossMessageTest {
  private static Node node(DType dtype, int... sizes) {
    return Ops.fill(0, Shape.of(sizes), dtype);
  }

  private static void refuses(String message, Runnable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong::run).getMessage());
  }

  private static void mismatch(String message, Loss loss, Node target, Node prediction) {
    assertEquals(
        message,
        assertThrows(ShapeException.class, () -> loss.call(target, prediction)).getMessage());
  }

  @Test
  void targetsThatDoNotFit() {
    mismatch(
        "sparse_categorical_crossentropy: expected class indices of shape (32,) or (32, 1) beside"
            + " predictions of shape (32, 10), received target=float32(32, 10). For one-hot targets"
            + " use categorical_crossentropy and categorical_accuracy.",
        Losses.SPARSE_CATEGORICAL_CROSSENTROPY,
        node(DType.FLOAT32, 32, 10),
        node(DType.FLOAT32, 32, 10));
    mismatch(
        "categorical_crossentropy: expected one-hot targets of the predictions' shape (32, 10),"
            + " received target=int32(32,). For class indices use"
            + " sparse_categorical_crossentropy.",
        Losses.CATEGORICAL_CROSSENTROPY,
        node(DType.INT32, 32),
        node(DType.FLOAT32, 32, 10));
    mismatch(
        "mean_squared_error: expected targets of the predictions' shape (32, 3), received"
            + " target=float32(32, 2). Give one target value for each output, or change the last"
            + " layer's units.",
        Losses.MEAN_SQUARED_ERROR,
        node(DType.FLOAT32, 32, 2),
        node(DType.FLOAT32, 32, 3));
    mismatch(
        "ctc: expected labels (batch, most labels) beside logits (batch, steps, classes), received"
            + " target=int32(32,) beside (32, 10). Fill shorter rows of labels with 0, the blank.",
        Losses.CTC,
        node(DType.INT32, 32),
        node(DType.FLOAT32, 32, 10));
  }

  @Test
  void wrongOptions() {
    refuses(
        "CategoricalCrossentropy: expected labelSmoothing from 0 to below 1, received"
            + " labelSmoothing=1.0. Use 0.1, or 0 for none.",
        () -> CategoricalCrossentropy.of().labelSmoothing(1));
    refuses(
        "BinaryCrossentropy: expected labelSmoothing from 0 to below 1, received"
            + " labelSmoothing=NaN. Use 0.1, or 0 for none.",
        () -> BinaryCrossentropy.of().labelSmoothing(Double.NaN));
    refuses(
        "loss: expected one of binary_crossentropy, binary_focal_crossentropy,"
            + " categorical_crossentropy, categorical_focal_crossentropy,"
            + " categorical_generalized_cross_entropy, categorical_hinge, circle,"
            + " cosine_similarity, ctc, dice, hinge, huber_loss, kl_divergence, log_cosh,"
            + " mean_absolute_error, mean_absolute_percentage_error, mean_squared_error,"
            + " mean_squared_logarithmic_error, poisson, sparse_categorical_crossentropy,"
            + " squared_hinge, tversky, received name=hubert. Use one of these, or write an own"
            + " loss over Ops.",
        () -> Losses.named("hubert"));
  }

  @Test
  void namesAreThoseOfKeras() {
    Losses.ALL.forEach(loss -> assertEquals(loss, Losses.named(loss.name())));
    assertEquals(Losses.MEAN_SQUARED_ERROR, Losses.named("mse"));
    assertEquals(Losses.MEAN_ABSOLUTE_ERROR, Losses.named("mae"));
  }

  @Test
  void anOwnLossIsALambda() {
    Loss own = (target, prediction) -> Ops.reshape(prediction, Shape.of(4));
    assertEquals("custom_loss", own.name());
    assertEquals("mine", own.named("mine").name());
    assertEquals(TargetKind.ANY, own.named("mine").target());
  }
}
