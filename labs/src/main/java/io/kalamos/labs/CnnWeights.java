package io.kalamos.labs;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.activations.Activations.SOFTMAX;
import static io.kalamos.losses.Losses.SPARSE_CATEGORICAL_CROSSENTROPY;
import static io.kalamos.metrics.Metrics.ACCURACY;

import io.kalamos.callbacks.ModelCheckpoint;
import io.kalamos.data.Samples;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Layer;
import io.kalamos.layers.MaxPooling2D;
import io.kalamos.layers.Rescaling;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.optimizers.Adam;
import io.kalamos.plots.Plots;
import io.kalamos.tensorboard.TensorBoard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Lab 2: a convolutional network whose first dense layer holds nearly all parameters, the same
/// with pooling in front of it, and that with normalisation and dropout. The validation images are
/// the test images, as in the original.
final class CnnWeights implements Lab {
  static final String NAME = "cnn-weights";
  private static final int BATCH = 512;
  private static final int EPOCHS = 20;
  private static final double TOLERANCE = 0.003;

  private static final List<LabStep> STEPS =
      List.of(
          LabStep.of("v1", "v1: convolutions, dense layers", 1_185_482, EPOCHS)
              .original("train_accuracy", 0.9984)
              .original("val_accuracy", 0.989)
              .tolerance("val_accuracy", TOLERANCE),
          LabStep.of("v2", "v2: with pooling", 57_034, EPOCHS),
          LabStep.of("v3", "v3: normalised, more dropout", 57_770, EPOCHS)
              .original("val_accuracy", 0.9884)
              .tolerance("val_accuracy", TOLERANCE));

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "where the parameters of a convolutional network are";
  }

  @Override
  public List<LabStep> steps() {
    return STEPS;
  }

  @Override
  public List<LabColumn> columns() {
    return List.of(
        LabColumn.ours("largest layer %", "%.1f", "largest_percent"),
        LabColumn.beside("train accuracy", "%.4f", "train_accuracy"),
        LabColumn.beside("val accuracy", "%.4f", "val_accuracy"),
        LabColumn.ours("best", "%.4f", "best_val_accuracy"));
  }

  @Override
  public Session open(LabRun run) {
    var mnist = run.mnist();
    return new Networks(run, mnist.train().samples(), mnist.test().samples());
  }

  /// The layers behind `Input` and `Rescaling`.
  static List<Layer> layers(LabStep step) {
    var layers = new ArrayList<Layer>(List.of(Rescaling.of(1 / 255.0)));
    boolean pooled = !step.name().equals("v1");
    boolean normalised = step.name().equals("v3");
    for (int filters : new int[] {8, 16}) {
      layers.add(Conv2D.of(filters, 3).activation(RELU));
      if (pooled) {
        layers.add(MaxPooling2D.of(2));
      }
      if (normalised) {
        layers.addAll(List.of(BatchNormalization.of(), Dropout.of(0.2)));
      }
    }
    layers.add(Flatten.of());
    for (int units : new int[] {128, 32}) {
      layers.add(Dense.of(units).activation(RELU));
      if (normalised) {
        layers.add(BatchNormalization.of());
      }
      layers.add(Dropout.of(normalised ? 0.5 : 0.2));
    }
    layers.add(Dense.of(10).activation(SOFTMAX));
    return layers;
  }

  private record Networks(LabRun run, Samples train, Samples test) implements Session {
    @Override
    public String introduction() {
      return "Which layer holds the parameters, and why? Each step says how many each layer has.";
    }

    @Override
    public List<LabResult> run(LabStep step) throws IOException {
      return run.repeat(step, seed -> train(step, seed));
    }

    private Optional<LabResult> train(LabStep step, long seed) throws IOException {
      try (var model = step.model(NAME, layers(step), seed)) {
        model.compile(
            run.running(
                Compilation.of(Adam.of(), SPARSE_CATEGORICAL_CROSSENTROPY, ACCURACY), seed));
        var shares = LayerShares.of(model);
        run.progress().accept(System.lineSeparator() + step.title());
        run.progress().accept(model.summary());
        run.progress().accept(shares.text());
        var folder = run.folder(step.name());
        run.save(() -> Plots.parameterShare(model), folder.resolve("parameters.png"));
        var bestFile = folder.resolve("best_model.weights.h5");
        var checkpoint = ModelCheckpoint.to(bestFile).saveBestOnly();
        int epochs = run.epochs(step);
        var clock = StepClock.to(step.original().getOrDefault("val_accuracy", Double.NaN));
        var history =
            model.fit(
                train,
                fit ->
                    fit.batchSize(BATCH)
                        .epochs(epochs)
                        .validationData(test)
                        .callbacks(
                            clock,
                            checkpoint,
                            TensorBoard.to(folder).histogramFreq(1),
                            run.stop()));
        if (history.epochs().isEmpty() || checkpoint.file().isEmpty()) {
          run.keepLast(model, folder);
          return Optional.empty();
        }
        run.save(
            () -> Plots.learningCurves(step.title(), history.metrics()),
            folder.resolve("curves.png"),
            folder.resolve("curves.svg"));
        var figures = new LinkedHashMap<String, Object>();
        figures.put("not_trainable", notTrainable(model));
        figures.put("largest_layer", shares.largest());
        figures.put("largest_percent", shares.largestPercent());
        figures.put("train_accuracy", history.metric("accuracy").getLast());
        figures.put("val_accuracy", history.metric("val_accuracy").getLast());
        figures.put("best_val_accuracy", Collections.max(history.metric("val_accuracy")));
        figures.put("best_epoch", history.bestEpoch("val_loss").orElse(0) + 1);
        figures.put("seconds_to_accuracy", clock.secondsToTarget());
        return Optional.of(
            LabResult.of(NAME, step, model.countParams(), history, epochs)
                .seconds(clock.seconds())
                .figures(figures)
                .files(folder, bestFile));
      }
    }

    private static long notTrainable(Model model) {
      return model.weights().entrySet().stream()
          .filter(weight -> !model.trainable(weight.getKey()))
          .mapToLong(weight -> weight.getValue().size())
          .sum();
    }
  }
}
