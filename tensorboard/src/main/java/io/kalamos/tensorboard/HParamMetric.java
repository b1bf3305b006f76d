package io.kalamos.tensorboard;

/// A figure by which the trials of an experiment are compared: the tag of a scalar, and the run
/// below the trial's folder that has it. `HParamMetric.of("epoch_accuracy", "validation")` is what
/// the callback [TensorBoard] writes. TensorBoard's `hp.Metric`.
///
/// @param group the folder below the trial's; empty for the trial's own
/// @param displayName in place of the tag; empty for none
/// @param description in Markdown; empty for none
public record HParamMetric(String tag, String group, String displayName, String description) {
  public HParamMetric {
    HParams.name("HParamMetric", "tag", tag);
  }

  public static HParamMetric of(String tag) {
    return of(tag, "");
  }

  public static HParamMetric of(String tag, String group) {
    return new HParamMetric(tag, group, "", "");
  }

  public HParamMetric displayName(String displayName) {
    return new HParamMetric(tag, group, displayName, description);
  }

  public HParamMetric description(String description) {
    return new HParamMetric(tag, group, displayName, description);
  }
}
