package io.kalamos.models;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.activations.Activations.SOFTMAX;
import static io.kalamos.losses.Losses.CATEGORICAL_CROSSENTROPY;
import static io.kalamos.losses.Losses.MEAN_SQUARED_ERROR;
import static io.kalamos.losses.Losses.SPARSE_CATEGORICAL_CROSSENTROPY;
import static io.kalamos.metrics.Metrics.ACCURACY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.callbacks.History;
import io.kalamos.data.Dataset;
import io.kalamos.data.Decoding;
import io.kalamos.data.Element;
import io.kalamos.data.Preprocessing;
import io.kalamos.data.Samples;
import io.kalamos.data.Split;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import io.kalamos.losses.Loss;
import io.kalamos.optimizers.Adam;
import io.kalamos.optimizers.SGD;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Training, evaluation and prediction with batches of a dataset, and splits of samples.
class DatasetFittingTest {
  private static final Samples LINE =
      Samples.of(ModelTest.random(1, 50, 3), ModelTest.random(2, 50, 2));
  private static final Dataset BATCHES = Dataset.of(LINE).batch(8);

  private final List<String> log = new ArrayList<>();

  private Model model() {
    Model model = Sequential.of(Input.of(3), Dense.of(8).activation(RELU), Dense.of(2));
    model.compile(
        Compilation.of(Adam.of(0.01), MEAN_SQUARED_ERROR)
            .running(run -> run.seed(5).log(log::add)));
    return model;
  }

  private static String weights(Model model) {
    return model.getWeights().stream().map(ModelTest::box).toList().toString();
  }

  private History fit(Model model, Dataset dataset, UnaryOperator<Fit> options) {
    return model.fit(dataset, fit -> options.apply(fit.verbose(false)));
  }

  @Test
  void batchesOfADatasetTrainAsRowsDo() {
    Model rows = model();
    History one =
        rows.fit(
            LINE,
            fit -> fit.batchSize(8).epochs(3).shuffle(false).validationData(LINE).verbose(false));
    Model stream = model();
    History other = fit(stream, BATCHES.prefetch(2), fit -> fit.epochs(3).validationData(BATCHES));
    assertEquals(one.metrics(), other.metrics());
    assertEquals(weights(rows), weights(stream));
    assertEquals(rows.evaluate(LINE, 8), stream.evaluate(BATCHES));
    assertEquals(
        ModelTest.box(rows.predict(LINE.x().getFirst())), ModelTest.box(stream.predict(BATCHES)));
    assertEquals(
        ModelTest.box(rows.predict(LINE.x().getFirst())),
        ModelTest.box(stream.predict(Dataset.of(LINE.x().getFirst()).batch(7))));
  }

  /// Keras's elements (x, y, sample_weight): as samples with weights, and in one pipeline with
  /// them.
  @Test
  void weightsOfElementsCount() {
    Tensor weight = Tensor.zeros(DType.FLOAT32, Shape.of(50));
    weight.fill(i -> i % 4);
    Samples weighted = LINE.weights(weight);
    Model rows = model();
    History one =
        rows.fit(
            weighted,
            fit ->
                fit.batchSize(8).epochs(3).shuffle(false).validationData(weighted).verbose(false));
    for (Dataset data :
        List.of(
            Dataset.of(weighted),
            Dataset.zip(
                Dataset.of(LINE.x().getFirst()),
                Dataset.of(LINE.y().getFirst()),
                Dataset.of(weight)),
            Dataset.of(LINE)
                .mapEnumerated((i, e) -> e.weight(Tensor.of(new float[] {i % 4})))
                .cache())) {
      Model stream = model();
      Dataset batches = data.batch(8).prefetch(2);
      History other = fit(stream, batches, fit -> fit.epochs(3).validationData(batches));
      assertEquals(one.metrics(), other.metrics(), data::toString);
      assertEquals(weights(rows), weights(stream), data::toString);
      assertEquals(rows.evaluate(weighted, 8), stream.evaluate(batches));
    }
    Model unweighted = model();
    fit(unweighted, BATCHES, fit -> fit.epochs(3));
    assertNotEquals(weights(rows), weights(unweighted));
  }

  @Test
  void weightsThatDoNotFit() {
    Dataset weighted = Dataset.of(LINE.weights(Tensor.zeros(DType.FLOAT32, Shape.of(50))));
    refused(
        "fit: expected weights of classes or of samples, received classWeight=[{1=2.0}]. Leave out"
            + " one of them, or multiply the samples' weights.",
        () -> fit(model(), weighted.batch(8), fit -> fit.classWeight(Map.of(1, 2.0))));
    refused(
        "element: expected a weight for each of the 1 tensors y, received"
            + " weights=[float32(), float32()]. Give one weight with weight(tensor), which counts"
            + " for all targets.",
        () -> {
          Tensor number = Tensor.of(new float[] {1});
          new Element(List.of(number), List.of(number), List.of(number, number));
        });
    refused(
        "element: expected a target, received y=[]. Give the dataset targets, as with Dataset.zip.",
        () -> Element.of(Tensor.of(new float[] {1})).weight(Tensor.of(new float[] {1})));
    refused(
        "dataset zip: expected a weight, or one for each target, beside data without weights,"
            + " received elements=x=[float32(3,)] y=[float32(2,)] and x=[float32(3,)]"
            + " y=[float32(2,)]. Give the weights alone, without targets, as the third dataset.",
        () ->
            Dataset.zip(
                    Dataset.of(LINE.x().getFirst()),
                    Dataset.of(LINE.y().getFirst()),
                    Dataset.of(LINE))
                .toList());
    refused(
        "dataset zip: expected weights on both sides, or on neither, received"
            + " elements=x=[float32(3,)] y=[float32(2,)] weights=[float32()] and x=[float32(3,)]"
            + " y=[float32(2,)]. Give the other targets weights too, such as 1.",
        () -> Dataset.zip(weighted, Dataset.of(LINE)).toList());
    refused(
        "sample weights: expected a shape that repeats to (8,), received weight=float32(8, 3). Give"
            + " one weight for each sample, or one for each time step.",
        () ->
            fit(
                model(),
                Dataset.of(LINE)
                    .map(e -> e.weight(Tensor.zeros(DType.FLOAT32, Shape.of(3))))
                    .batch(8),
                fit -> fit));
  }

  @Test
  void aPipelineTrainsTheSameForAnyNumberOfThreads() {
    Dataset plan =
        Dataset.of(LINE)
            .cache()
            .shuffle(20, 3)
            .map(
                9,
                (element, random) -> {
                  Tensor noisy = element.input().copy();
                  noisy.set(0, noisy.get(0) + random.nextGaussian());
                  return element.input(noisy);
                })
            .repeat()
            .batch(8);
    Model one = model();
    History first = fit(one, plan, fit -> fit.epochs(3).stepsPerEpoch(10));
    Model other = model();
    History second = fit(other, plan.prefetch(7), fit -> fit.epochs(3).stepsPerEpoch(10));
    assertEquals(first.metrics(), second.metrics());
    assertEquals(weights(one), weights(other));
    Model parts = model();
    fit(parts, plan, fit -> fit.epochs(1).stepsPerEpoch(10));
    fit(parts, plan, fit -> fit.epochs(3).initialEpoch(1).stepsPerEpoch(10));
    assertEquals(weights(one), weights(parts));
  }

  @Test
  void eachEpochIsAPassOfItsOwn() {
    List<Long> epochs = new ArrayList<>();
    Dataset dataset =
        Dataset.fromGenerator(
                epoch -> {
                  epochs.add(epoch);
                  return Dataset.of(LINE).iterator();
                })
            .batch(20);
    History history = fit(model(), dataset, fit -> fit.epochs(3).initialEpoch(1));
    assertEquals(List.of(1L, 2L), epochs);
    assertEquals(2, history.metric("loss").size());
    assertEquals(List.of(), log);
  }

  @Test
  void dataThatEndEarlyAreTold() {
    fit(model(), BATCHES, fit -> fit.epochs(2).stepsPerEpoch(5));
    assertEquals(
        List.of(
            "warning: fit: expected stepsPerEpoch=5 batches, received 2 before the data ended. The"
                + " epoch ends here; add .repeat() to the dataset, or lower stepsPerEpoch."),
        log);
  }

  @Test
  void validationTakesItsStepsFromTheBegin() {
    Model model = Sequential.of(Input.of(3), Dense.of(2));
    model.compile(SGD.of(1e-12), MEAN_SQUARED_ERROR);
    History history =
        fit(
            model,
            BATCHES,
            fit -> fit.epochs(2).validationData(BATCHES.repeat()).validationSteps(3));
    double wanted = model.evaluate(LINE.rows(0, 24), 8).loss();
    assertEquals(wanted, history.metric("val_loss").get(0), 1e-6);
    assertEquals(wanted, history.metric("val_loss").get(1), 1e-6);
  }

  @Test
  void aLossThatIsNoNumberIsFoundAgain() {
    Tensor x = LINE.x().getFirst().copy();
    Dataset poisoned =
        Dataset.of(Samples.of(x, LINE.y().getFirst()))
            .mapEnumerated(
                (i, element) -> {
                  Tensor large = element.input().copy();
                  large.set(0, i == 30 ? 3e38 : large.get(0));
                  return element.input(large);
                })
            .batch(8)
            .prefetch(2);
    Model model = Sequential.of(Input.of(3), Dense.of(2));
    model.compile(SGD.of(1e-3), MEAN_SQUARED_ERROR);
    TrainingException problem =
        assertThrows(TrainingException.class, () -> fit(model, poisoned, fit -> fit));
    assertTrue(
        problem.getMessage().contains("received loss=NaN or infinite in epoch 1, step 4"),
        problem.getMessage());
    Model three = Sequential.of(Input.of(3), Dense.of(2));
    three.compile(SGD.of(1e-3), MEAN_SQUARED_ERROR);
    fit(three, poisoned.take(3), fit -> fit);
    assertEquals(weights(three), weights(model));
  }

  @Test
  void theInputPipelineOfLabThree() {
    byte[] pixels = new byte[16 + 60 * 4];
    byte[] labels = new byte[8 + 60];
    for (int i = 0; i < 60; i++) {
      labels[8 + i] = (byte) (i % 2);
      pixels[16 + 4 * i + i % 2] = (byte) (200 + i % 50);
    }
    Dataset images =
        Dataset.fixedLengthRecords(memory(pixels), 16, 4).map(Decoding.scaled(1 / 255.0, 4));
    Dataset classes = Dataset.fixedLengthRecords(memory(labels), 8, 1).map(Decoding.oneHot(2));
    Dataset training =
        Dataset.zip(images, classes).cache().shuffle(50, 1).repeat().batch(16).prefetch(2);
    Dataset test = Dataset.zip(images, classes).batch(60);
    Model model = Sequential.of(Input.of(4), Dense.of(2).activation(SOFTMAX));
    model.compile(Adam.of(0.05), CATEGORICAL_CROSSENTROPY, ACCURACY);
    History history =
        fit(
            model,
            training,
            fit -> fit.epochs(4).stepsPerEpoch(60 / 16).validationData(test).validationSteps(1));
    assertEquals(1, history.metric("val_accuracy").getLast());
    assertEquals(1, model.evaluate(test).get("accuracy"));
  }

  private static MemorySegment memory(byte[] bytes) {
    MemorySegment memory = Arena.ofAuto().allocate(bytes.length);
    memory.copyFrom(MemorySegment.ofArray(bytes));
    return memory;
  }

  @Test
  void wrongDatasetsAreRefused() {
    Model model = model();
    refused(
        "fit: expected stepsPerEpoch for a dataset without an end, received dataset=samples >"
            + " batch(8) > repeat. Give stepsPerEpoch, or leave out repeat().",
        () -> fit(model, BATCHES.repeat(), fit -> fit));
    refused(
        "validationData: expected validationSteps for a dataset without an end, received"
            + " dataset=samples > batch(8) > repeat. Give validationSteps, or leave out repeat().",
        () -> fit(model, BATCHES, fit -> fit.validationData(BATCHES.repeat())));
    refused(
        "evaluate: expected take for a dataset without an end, received dataset=samples > batch(8)"
            + " > repeat. Give take, or leave out repeat().",
        () -> model.evaluate(BATCHES.repeat()));
    refused(
        "predict: expected take for a dataset without an end, received dataset=samples > batch(8) >"
            + " repeat. Give take, or leave out repeat().",
        () -> model.predict(BATCHES.repeat()));
    refused(
        "fit: expected batches, received element=x=[float32(3,)] y=[float32(2,)]. Add batch(32) to"
            + " the dataset, or another size.",
        () -> fit(model, Dataset.of(LINE), fit -> fit));
    refused(
        "predict: expected batches, received element=x=[float32(3,)] y=[float32(2,)]. Add batch(32)"
            + " to the dataset, or another size.",
        () -> model.predict(Dataset.of(LINE)));
    refused(
        "fit: expected elements with targets, received element=x=[float32(8, 3)]. Put targets to"
            + " the inputs with Dataset.zip.",
        () -> fit(model, Dataset.of(LINE.x().getFirst()).batch(8), fit -> fit));
    refused(
        "fit: expected validationData for a dataset, whose rows are not known, received"
            + " validationSplit=0.1. Divide it with dataset.split(0.9), or with take and skip.",
        () -> fit(model, BATCHES, fit -> fit.validationSplit(0.1)));
    refused(
        "fit: expected validationData for a dataset, whose rows are not known, received"
            + " split=Shuffled[part=0.1, seed=2]. Divide it with dataset.split(0.9), or with take"
            + " and skip.",
        () -> fit(model, BATCHES, fit -> fit.split(Split.shuffled(0.1, 2))));
    refused(
        "fit: expected at least one batch, received batches=0. Give data that hold something.",
        () -> fit(model, BATCHES.take(0), fit -> fit));
    refused(
        "predict: expected at least one batch, received dataset=samples > batch(8) > take(0). Give"
            + " data that hold something.",
        () -> model.predict(BATCHES.take(0)));
    refused(
        "fit: expected one of split, validationSplit and validationData, received"
            + " split=Tail[part=0.2]. Leave the others out.",
        () -> fit(model, BATCHES, fit -> fit.split(Split.tail(0.2)).validationData(LINE)));
    refused(
        "fit: expected stepsPerEpoch of 1 or more, received stepsPerEpoch=0. Leave it out to take"
            + " all data.",
        () -> fit(model, BATCHES, fit -> fit.stepsPerEpoch(0)));
    refused(
        "fit: expected validationSteps of 1 or more, received validationSteps=0. Leave it out to"
            + " take all data.",
        () -> fit(model, BATCHES, fit -> fit.validationSteps(0)));
  }

  private static void refused(String message, Executable wrong) {
    ModelTest.refused(message, wrong);
  }

  /// 100 samples of class 0, 50 of class 1, one behind the other.
  private static Samples sorted(boolean oneHot) {
    Tensor labels = Tensor.of(IntStream.range(0, 150).map(i -> i < 100 ? 0 : 1).toArray(), 150);
    return Samples.of(
        ModelTest.random(3, 150, 3), oneHot ? Preprocessing.toCategorical(labels) : labels);
  }

  private List<String> warnings(Loss loss, Samples samples, UnaryOperator<Fit> options) {
    log.clear();
    Model model = Sequential.of(Input.of(3), Dense.of(2).activation(SOFTMAX));
    model.compile(Compilation.of(SGD.of(), loss).running(run -> run.log(log::add)));
    History history = model.fit(samples, fit -> options.apply(fit.verbose(false)));
    assertEquals(1, history.metric("val_loss").size());
    return log;
  }

  @Test
  void aSortedTailIsToldOf() {
    Samples labels = sorted(false);
    assertEquals(
        List.of(
            "warning: fit: expected a tail with the classes of the rest, received"
                + " validationSplit=0.4 with samples to train and to validate of class 1: 0 and"
                + " 50. The labels look sorted: use split(Split.shuffled(0.4, seed)) or"
                + " split(Split.stratified(0.4, seed))."),
        warnings(SPARSE_CATEGORICAL_CROSSENTROPY, labels, fit -> fit.validationSplit(0.4)));
    assertEquals(
        1,
        warnings(CATEGORICAL_CROSSENTROPY, sorted(true), fit -> fit.validationSplit(0.4)).size());
    assertEquals(
        List.of(
            "warning: fit: expected a tail with the classes of the rest, received"
                + " validationSplit=0.2 with samples to train and to validate of class 1: 20 and"
                + " 30. The labels look sorted: use split(Split.shuffled(0.2, seed)) or"
                + " split(Split.stratified(0.2, seed))."),
        warnings(SPARSE_CATEGORICAL_CROSSENTROPY, labels, fit -> fit.split(Split.tail(0.2))));
    assertEquals(
        List.of(),
        warnings(
            SPARSE_CATEGORICAL_CROSSENTROPY, labels, fit -> fit.split(Split.shuffled(0.2, 1))));
    assertEquals(
        List.of(),
        warnings(
            SPARSE_CATEGORICAL_CROSSENTROPY, labels, fit -> fit.split(Split.stratified(0.2, 1))));
    Samples mixed = labels.select(new Order(150).shuffled(1, 0));
    assertEquals(
        List.of(),
        warnings(SPARSE_CATEGORICAL_CROSSENTROPY, mixed, fit -> fit.validationSplit(0.2)));
  }

  @Test
  void aSplitIsTrainedAndValidatedWith() {
    Split split = Split.shuffled(0.2, 4);
    Split.Parts parts = split.of(LINE);
    Model one = model();
    History first = one.fit(LINE, fit -> fit.epochs(2).batchSize(8).split(split).verbose(false));
    Model other = model();
    History second =
        other.fit(
            parts.training(),
            fit -> fit.epochs(2).batchSize(8).validationData(parts.validation()).verbose(false));
    assertEquals(first.metrics(), second.metrics());
    assertEquals(weights(one), weights(other));
    assertFalse(parts.training().x().getFirst() == LINE.x().getFirst());
  }

  @Test
  void elementsStayWithTheirMemory() {
    Dataset kept = BATCHES.cache();
    String before = text(kept);
    fit(model(), kept, fit -> fit.epochs(3));
    assertEquals(before, text(kept));
  }

  private static String text(Dataset dataset) {
    StringBuilder text = new StringBuilder();
    for (Element element : dataset) {
      text.append(ModelTest.box(element.input())).append(ModelTest.box(element.target()));
    }
    return text.toString();
  }
}
