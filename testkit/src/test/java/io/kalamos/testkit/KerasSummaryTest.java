package io.kalamos.testkit;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.activations.Activations.SOFTMAX;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.data.Samples;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Activation;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Concatenate;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Input;
import io.kalamos.layers.MaxPooling2D;
import io.kalamos.layers.Padding;
import io.kalamos.losses.Losses;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.models.SummaryOptions;
import io.kalamos.optimizers.Adam;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Summaries are Keras's, character by character.
class KerasSummaryTest {
  private static Model normalised() {
    return Sequential.of(
        Input.of(28, 28, 1),
        Conv2D.of(12, 3).padding(Padding.SAME).useBias(false),
        BatchNormalization.of().scale(false),
        Activation.of(RELU),
        Flatten.of(),
        Dropout.of(0.3),
        Dense.of(10).activation(SOFTMAX));
  }

  @Test
  void chain() {
    Model model =
        Sequential.of(
            Input.of(28, 28, 1),
            Conv2D.of(64, 5).activation(RELU),
            MaxPooling2D.of(2),
            Flatten.of(),
            Dense.of(128).activation(RELU),
            Dense.of(64).activation(RELU),
            Dense.of(10).activation(SOFTMAX));
    assertEquals(Golden.text("summaries/lab-cnn.txt").strip(), model.summary().strip());
  }

  @Test
  void longNamesAndOtherWeights() {
    assertEquals(
        Golden.text("summaries/batch-normalization.txt").strip(), normalised().summary().strip());
  }

  @Test
  void optimizer() {
    Model model = normalised();
    model.compile(Adam.of(), Losses.MEAN_SQUARED_ERROR);
    Tensor x = Tensor.zeros(DType.FLOAT32, Shape.of(2, 28, 28, 1));
    Tensor y = Tensor.zeros(DType.FLOAT32, Shape.of(2, 10));
    model.fit(Samples.of(x, y), fit -> fit.verbose(false));
    assertEquals(
        Golden.text("summaries/batch-normalization-compiled.txt").strip(), model.summary().strip());
  }

  @Test
  void connections() {
    Input left = Input.of(8).named("left");
    Input right = Input.of(6).named("right");
    var both =
        Concatenate.of()
            .on(Dense.of(4).activation(RELU).on(left), Dense.of(4).activation(RELU).on(right));
    Model model = Model.of(List.of(left, right), List.of(Dense.of(2).on(both)));
    assertEquals(Golden.text("summaries/two-inputs.txt").strip(), model.summary().strip());
  }

  @Test
  void innerModels() {
    Model base =
        Sequential.of(Input.of(6), Dense.of(5).activation(RELU), BatchNormalization.of())
            .named("base");
    Model model = Sequential.of(Input.of(6), base, Dense.of(3)).named("sequential");
    same("nested", model, summary -> summary);
    same("nested-expanded", model, summary -> summary.expandNested(true));
    base.trainable("dense", false);
    same("nested-trainable", model, summary -> summary.expandNested(true).showTrainable(true));
  }

  @Test
  void innerModelsWithSeveralInputs() {
    Input a = Input.of(4).named("a");
    Input b = Input.of(3).named("b");
    var p = Dense.of(2).named("p").on(a);
    Model inner = Model.of(List.of(a, b), List.of(p, Dense.of(5).named("q").on(b))).named("inner");
    Input x = Input.of(4).named("x");
    Input y = Input.of(3).named("y");
    var both = inner.on(x, y);
    var r = Dense.of(1).named("r").on(both.output(1));
    Model model =
        Model.of(List.of(x, y), List.of(r, Dense.of(2).named("s").on(both))).named("both");
    same("nested-inputs", model, summary -> summary);
    same(
        "nested-inputs-expanded", model, summary -> summary.expandNested(true).showTrainable(true));
    same("nested-range", model, summary -> summary.layerRange("inner", "r"));
  }

  private static void same(String file, Model model, UnaryOperator<SummaryOptions> options) {
    assertEquals(Golden.text("summaries/" + file + ".txt").strip(), model.summary(options).strip());
  }
}
