package io.kalamos.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a step of lab 1 reached on the test images.
///
/// @param epochs that were trained to their end
/// @param bestEpoch the epoch of the best model, from 1
record LadderResult(
    LadderStep step,
    long parameters,
    int epochs,
    double seconds,
    Score last,
    Score best,
    int bestEpoch,
    Path folder,
    Path bestFile) {

  /// Loss and accuracy on the test images.
  record Score(double loss, double accuracy) {}

  /// `yes`, `no`, or `-` where the original gave no figure.
  String reached() {
    var floor = step.floor();
    if (floor.isEmpty()) {
      return "-";
    }
    return best.accuracy() >= floor.getAsDouble() ? "yes" : "no";
  }

  Map<String, Object> figures() {
    var figures = new LinkedHashMap<String, Object>();
    figures.put("lab", MnistLadder.NAME);
    figures.put("step", step.text());
    figures.put("params", parameters);
    figures.put("epochs", epochs);
    figures.put("seconds", Math.round(seconds * 1e3) / 1e3);
    figures.put("last_loss", last.loss());
    figures.put("last_accuracy", last.accuracy());
    figures.put("best_loss", best.loss());
    figures.put("best_accuracy", best.accuracy());
    figures.put("best_epoch", bestEpoch);
    var original = step.original();
    figures.put("original_last_loss", original.lastLoss());
    figures.put("original_last_accuracy", original.lastAccuracy());
    figures.put("original_best_loss", original.bestLoss());
    figures.put("original_best_accuracy", original.bestAccuracy());
    figures.put("floor", step.floor().orElse(Double.NaN));
    figures.put("reached", reached());
    figures.put("folder", folder);
    figures.put("best_file", bestFile);
    return figures;
  }
}
