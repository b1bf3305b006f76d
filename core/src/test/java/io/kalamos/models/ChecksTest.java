package io.kalamos.models;

import static io.kalamos.activations.Activations.SIGMOID;
import static io.kalamos.activations.Activations.SOFTMAX;
import static io.kalamos.losses.Losses.BINARY_CROSSENTROPY;
import static io.kalamos.losses.Losses.CATEGORICAL_CROSSENTROPY;
import static io.kalamos.losses.Losses.MEAN_SQUARED_ERROR;
import static io.kalamos.losses.Losses.SPARSE_CATEGORICAL_CROSSENTROPY;
import static io.kalamos.metrics.Metrics.ACCURACY;
import static io.kalamos.models.ModelTest.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.callbacks.EarlyStopping;
import io.kalamos.data.Samples;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Input;
import io.kalamos.layers.Rescaling;
import io.kalamos.losses.Loss;
import io.kalamos.losses.Losses;
import io.kalamos.losses.SparseCategoricalCrossentropy;
import io.kalamos.optimizers.SGD;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Every message about wrong data or options, word by word.
class ChecksTest {
  private final List<String> log = new ArrayList<>();

  private Model classifier(Loss loss) {
    Model model = Sequential.of(Input.of(2, 3), Flatten.of(), Dense.of(4).activation(SOFTMAX));
    compile(model, loss);
    return model;
  }

  private void compile(Model model, Loss loss) {
    model.compile(Compilation.of(SGD.of(), loss, ACCURACY).running(run -> run.log(log::add)));
  }

  private static Tensor x(int count) {
    return ModelTest.random(1, count, 2, 3);
  }

  private static Tensor labels(int... values) {
    return Tensor.of(values, values.length);
  }

  private void fit(Samples samples, UnaryOperator<Fit> options) {
    classifier(SPARSE_CATEGORICAL_CROSSENTROPY)
        .fit(samples, fit -> options.apply(fit.verbose(false)));
  }

  @Test
  void shapes() {
    refused(
        "fit: input_layer (InputLayer): expected samples of shape (None, 2, 3),"
            + " received shape=(4, 2, 4). Change the data, or the model's Input.",
        () -> fit(Samples.of(ModelTest.random(1, 4, 2, 4), labels(0, 1, 2, 3)), fit -> fit));
    refused(
        "predict: input_layer (InputLayer): expected samples of shape (None, 2, 3),"
            + " received shape=(4, 6). Use tensor.reshape, or another Input.",
        () -> classifier(CATEGORICAL_CROSSENTROPY).predict(ModelTest.random(1, 4, 6)));
    refused(
        "data: expected as many rows in y as in x (4), received y.shape=(3,)."
            + " Give one target for each sample.",
        () -> Samples.of(x(4), labels(0, 1, 2)));
    refused(
        "fit: input_layer (InputLayer): expected at least one sample,"
            + " received shape=(0, 2, 3). Give data.",
        () -> fit(Samples.of(x(0), labels()), fit -> fit));
  }

  @Test
  void anAxisOfOneMayBeLeftOut() {
    Model model = Sequential.of(Input.of(2, 3, 1), Flatten.of(), Dense.of(1));
    assertEquals(Shape.of(4, 1), model.predict(x(4)).shape());
  }

  @Test
  void wrongTargets() {
    refused(
        "sparse_categorical_crossentropy at dense: expected whole numbers from 0 to 3 for 4"
            + " classes, received label=4 in row 2. Count classes from 0, or give the last layer"
            + " more units.",
        () -> fit(Samples.of(x(3), labels(0, 1, 4)), fit -> fit));
    refused(
        "sparse_categorical_crossentropy at dense: expected class indices of shape (None,),"
            + " received shape=(3, 4). These look one-hot: use CATEGORICAL_CROSSENTROPY, or give"
            + " the index of each class.",
        () -> fit(Samples.of(x(3), ModelTest.random(2, 3, 4)), fit -> fit));
    refused(
        "sparse_categorical_crossentropy at dense: expected class indices of shape (None,),"
            + " received shape=(3, 2). Give one index for each prediction.",
        () -> fit(Samples.of(x(3), ModelTest.random(2, 3, 2)), fit -> fit));
    refused(
        "categorical_crossentropy at dense: expected one-hot targets of shape (None, 4), received"
            + " shape=(3,). These look like class indices: use SPARSE_CATEGORICAL_CROSSENTROPY, or"
            + " make them one-hot.",
        () -> classifier(CATEGORICAL_CROSSENTROPY).evaluate(Samples.of(x(3), labels(0, 1, 2))));
    refused(
        "mean_squared_error at dense: expected targets of shape (None, 4), received shape=(3, 5)."
            + " Give targets of the output's shape, or change the last layer.",
        () -> classifier(MEAN_SQUARED_ERROR).evaluate(x(3), ModelTest.random(2, 3, 5)));
    Model binary = Sequential.of(Input.of(2), Dense.of(1).activation(SIGMOID));
    compile(binary, BINARY_CROSSENTROPY);
    refused(
        "binary_crossentropy at dense: expected numbers from 0 to 1, received target=2.0."
            + " Scale the targets to 0 .. 1, or use another loss.",
        () -> binary.evaluate(ModelTest.random(1, 2, 2), labels(1, 2)));
  }

  @Test
  void notFiniteData() {
    Tensor x = x(3);
    x.set(7, Double.NaN);
    refused(
        "fit: input_layer (InputLayer): expected finite numbers, received first=NaN in row 1."
            + " Remove or replace the samples that hold NaN or infinity.",
        () -> fit(Samples.of(x, labels(0, 1, 2)), fit -> fit));
    Tensor y = ModelTest.random(1, 3, 4);
    y.set(11, Double.POSITIVE_INFINITY);
    refused(
        "mean_squared_error at dense: expected finite targets, received first=Infinity in row 2."
            + " Remove or replace the samples that hold NaN or infinity.",
        () -> classifier(MEAN_SQUARED_ERROR).evaluate(x(3), y));
  }

  @Test
  void options() {
    Samples samples = Samples.of(x(4), labels(0, 1, 2, 3));
    refused(
        "fit: expected epochs of 1 or more, received epochs=0. Keras's default is 1.",
        () -> fit(samples, fit -> fit.epochs(0)));
    refused(
        "fit: expected batchSize of 1 or more, received batchSize=0. Keras's default is 32.",
        () -> fit(samples, fit -> fit.batchSize(0)));
    for (double part : new double[] {0, 1, 1.5, -0.1, Double.NaN}) {
      refused(
          "fit: expected validationSplit above 0 and below 1, received validationSplit="
              + part
              + ". Give the part of the data as a fraction, such as 0.1, or leave it out.",
          () -> fit(samples, fit -> fit.validationSplit(part)));
    }
    refused(
        "fit: expected samples for training and for validation out of 4, received"
            + " validationSplit=0.9. Give more data or another part.",
        () -> fit(samples, fit -> fit.validationSplit(0.9)));
    refused(
        "fit: expected one of validationSplit and validationData, received validationSplit=0.5."
            + " Leave one of them out.",
        () -> fit(samples, fit -> fit.validationSplit(0.5).validationData(samples)));
    refused(
        "fit: expected initialEpoch from 0 to below epochs=1, received initialEpoch=1. Epochs count"
            + " from 0, and `epochs` is the number of the last one plus 1.",
        () -> fit(samples, fit -> fit.initialEpoch(1)));
    refused(
        "evaluate: expected batchSize of 1 or more, received batchSize=0. Keras's default is 32.",
        () -> classifier(SPARSE_CATEGORICAL_CROSSENTROPY).evaluate(samples, 0));
  }

  @Test
  void monitors() {
    Samples samples = Samples.of(x(4), labels(0, 1, 2, 3));
    refused(
        "EarlyStopping: expected a name out of loss, accuracy, received monitor=acuracy."
            + " Did you mean accuracy?",
        () -> fit(samples, fit -> fit.callbacks(EarlyStopping.on("acuracy"))));
    refused(
        "EarlyStopping: expected a name out of loss, accuracy, received monitor=val_loss."
            + " Names with val_ need validation data or a validation split.",
        () -> fit(samples, fit -> fit.callbacks(EarlyStopping.on("val_loss"))));
  }

  @Test
  void compileFirst() {
    Model model = Sequential.of(Input.of(2), Dense.of(1));
    assertEquals(
        "evaluate: expected a compiled model, received model=sequential."
            + " Call model.compile(optimizer, loss, metrics) first.",
        assertThrows(
                IllegalStateException.class,
                () -> model.evaluate(ModelTest.random(1, 2, 2), ModelTest.random(2, 2, 1)))
            .getMessage());
  }

  @Test
  void backends() {
    Model model = Sequential.of(Input.of(2), Dense.of(1));
    refused(
        "compile: expected a backend on the module path, received backend=jva."
            + " Did you mean java? Known: java.",
        () ->
            model.compile(
                Compilation.of(SGD.of(), MEAN_SQUARED_ERROR).running(run -> run.backend("jva"))));
    refused(
        "compile: expected 1 thread or more, received threads=0. Leave it out to use all cores.",
        () -> Execution.DEFAULTS.threads(0));
    refused(
        "precision: expected float32, mixed_bfloat16 or float64, received precision=half."
            + " Choose one of them; float32 is the default.",
        () -> Execution.DEFAULTS.precision("half"));
    refused(
        "compile: expected a value for each of the outputs [dense], received"
            + " losses=[mean_squared_error, mean_squared_error]. Give 1 in this order, or name the"
            + " outputs in a map.",
        () ->
            model.compile(
                Compilation.of(SGD.of(), List.of(MEAN_SQUARED_ERROR, MEAN_SQUARED_ERROR))));
  }

  @Test
  void warnings() {
    Tensor pixels = Tensor.zeros(DType.UINT8, Shape.of(4, 2, 3));
    pixels.set(5, 200);
    fit(Samples.of(pixels, labels(0, 1, 2, 3)), fit -> fit.batchSize(9));
    assertEquals(
        List.of(
            "warning: input_layer: expected numbers around 0 to 1, received whole numbers up to"
                + " 200. Add Rescaling.of(1 / 255f) or an adapted Normalization behind the Input if"
                + " these are pixels.",
            "note: batchSize=9 is more than the 4 samples; each step takes them all"),
        log);
    log.clear();
    classifier(SparseCategoricalCrossentropy.of().fromLogits(true));
    assertEquals(
        List.of(
            "warning: sparse_categorical_crossentropy: expected logits, received output=dense with"
                + " softmax. Leave out the softmax or fromLogits(true)."),
        log);
    log.clear();
    Model texts = Sequential.of(Input.of(2, 3), Dense.of(4).activation(SOFTMAX));
    compile(texts, Losses.CTC);
    assertEquals(
        List.of(
            "warning: ctc: expected logits, received output=dense with softmax. Leave out the"
                + " softmax."),
        log);
    log.clear();
    Model scaled = Sequential.of(Input.of(2, 3), Rescaling.of(1 / 255f), Flatten.of(), Dense.of(4));
    compile(scaled, SparseCategoricalCrossentropy.of().fromLogits(true));
    scaled.fit(Samples.of(pixels, labels(0, 1, 2, 3)), fit -> fit.batchSize(4).verbose(false));
    assertEquals(List.of(), log);
  }

  @Test
  void missingStatistics() {
    refused(
        "normalization (Normalization): expected a mean and a variance, received shape=(None, 3)."
            + " Use Normalization.of().adapt(data) or .meanAndVariance(mean, variance).",
        () -> Sequential.of(Input.of(3), io.kalamos.layers.Normalization.of()));
  }
}
