package io.kalamos.plots;

import io.kalamos.callbacks.History;
import io.kalamos.callbacks.LearningRateScheduler;
import io.kalamos.engine.Tensor;
import io.kalamos.models.Model;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/// The pictures that there are; each is drawn when it is saved.
public final class Plots {
  private Plots() {}

  /// The figures of a run of `fit`.
  public static Picture learningCurves(History history) {
    return learningCurves(history.metrics());
  }

  /// Loss and metrics by epoch, one panel for each, training beside validation (`loss` and
  /// `val_loss`); the epoch with the best validation loss is marked.
  public static Picture learningCurves(SequencedMap<String, ? extends List<Double>> history) {
    return learningCurves("", history);
  }

  /// The same under a headline.
  public static Picture learningCurves(
      String title, SequencedMap<String, ? extends List<Double>> history) {
    return LearningCurves.of(title, history).picture();
  }

  /// A grid of grey images of shape (n, height, width) or (n, height, width, 1), 0 black and the
  /// largest value of each image white, with a caption under each; no captions is fine too.
  public static Picture images(Tensor images, List<String> captions) {
    return ImageGrid.of(images, captions).picture();
  }

  /// Images with the class and the probability that was predicted for each, wrong ones in red with
  /// the true class.
  ///
  /// @param labels true classes (n), or one-hot (n, classes)
  /// @param predictions what `model.predict` gave, (n, classes) or (n, 1), or classes (n)
  /// @param classNames the classes by number; none for the numbers
  public static Picture predictions(
      Tensor images, Tensor labels, Tensor predictions, String... classNames) {
    return predictions(images, labels, predictions, grid -> grid.classNames(classNames));
  }

  /// The same with options: `grid -> grid.errorsFirst(true).most(100)`.
  public static Picture predictions(
      Tensor images, Tensor labels, Tensor predictions, UnaryOperator<PredictionGrid> options) {
    return PredictionPlot.of(images, labels, predictions, options.apply(PredictionGrid.DEFAULTS))
        .picture();
  }

  /// How often each true class (row) was taken for each class (column), and each class's accuracy;
  /// shades are parts of a row. Labels and predictions as in [#predictions].
  public static Picture confusionMatrix(Tensor labels, Tensor predictions, String... classNames) {
    return ConfusionMatrix.of(labels, predictions, List.of(classNames)).picture();
  }

  /// How many of a model's weights each layer has.
  public static Picture parameterShare(Model model) {
    return ParameterShare.of(model).picture();
  }

  /// The learning rate of each of the first `steps` steps, before training; on a logarithmic axis
  /// where it is spread far.
  public static Picture learningRate(LearningRateSchedule schedule, long steps) {
    return LearningRatePlot.of(schedule, steps).picture();
  }

  /// The same for a [LearningRateScheduler], which sets the rate by epoch.
  ///
  /// @param first the optimizer's own rate, which the schedule is given for the first epoch
  public static Picture learningRate(
      LearningRateScheduler.Schedule schedule, int epochs, double first) {
    return LearningRatePlot.of(schedule, epochs, first).picture();
  }

  /// The loss over a learning rate that grew step by step, and the rate that is suggested.
  public static Picture learningRateFinder(
      List<Double> rates, List<Double> losses, double suggested) {
    return LearningRateFinderPlot.of(rates, losses, suggested).picture();
  }

  /// Accuracy over the number of parameters with bars from worst to best, a line for each target,
  /// and the smallest network whose mean reaches it.
  public static Picture sweep(List<SweepPoint> points, double... targets) {
    return SweepPlot.of(points, targets).picture();
  }

  /// The layers of a model and what leads to what, with names and shapes, from top to bottom.
  public static Picture modelGraph(Model model) {
    return modelGraph(model, diagram -> diagram);
  }

  /// The same with the options of Keras's `plot_model`: `diagram ->
  /// diagram.rankdir(Rankdir.LR).showLayerActivations(true)`.
  public static Picture modelGraph(Model model, UnaryOperator<ModelDiagram> options) {
    return ModelPlot.picture(model, options.apply(ModelDiagram.DEFAULTS));
  }
}
