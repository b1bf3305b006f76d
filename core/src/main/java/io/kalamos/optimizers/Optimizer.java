package io.kalamos.optimizers;

import io.kalamos.engine.Node;
import io.kalamos.schedules.LearningRateSchedule;

/// How a weight follows its gradient; written in the same operations as the layers.
public interface Optimizer {
  /// Keras's name, such as `adam`.
  String name();

  LearningRateSchedule learningRate();

  /// The same optimizer with another learning rate.
  Optimizer withLearningRate(LearningRateSchedule rate);

  /// What happens around the rule: clipping, decay, averages. [#update] need not care.
  default OptimizerOptions options() {
    return OptimizerOptions.NONE;
  }

  /// Writes the new values of a weight and its slots: the rule.
  void update(Update update, Node weight, Node gradient);
}
