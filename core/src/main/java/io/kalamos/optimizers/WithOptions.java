package io.kalamos.optimizers;

import java.util.List;
import java.util.Optional;

/// An optimizer whose common options can be set one by one: `SGD.of(0.1).clipnorm(1)`. A record
/// with a component `options` needs the one method that copies it.
///
/// @param <O> the optimizer itself
public interface WithOptions<O extends WithOptions<O>> extends Optimizer {
  @Override
  OptimizerOptions options();

  /// The same optimizer with other common options.
  O options(OptimizerOptions options);

  default O weightDecay(double rate) {
    return options(options().with("weightDecay", Optional.of(rate)));
  }

  /// Weights in whose names one of these is found do not decay, such as `bias`; a text with a `/`
  /// is looked for in the whole path.
  default O excludeFromWeightDecay(String... names) {
    return options(options().with("excludeFromWeightDecay", List.of(names)));
  }

  default O clipnorm(double norm) {
    return options(options().with("clipnorm", Optional.of(norm)));
  }

  default O clipvalue(double value) {
    return options(options().with("clipvalue", Optional.of(value)));
  }

  default O globalClipnorm(double norm) {
    return options(options().with("globalClipnorm", Optional.of(norm)));
  }

  default O useEma(boolean useEma) {
    return options(options().with("useEma", useEma));
  }

  default O emaMomentum(double momentum) {
    return options(options().with("emaMomentum", momentum));
  }

  default O emaOverwriteFrequency(int updates) {
    return options(options().with("emaOverwriteFrequency", Optional.of(updates)));
  }

  default O lossScaleFactor(double factor) {
    return options(options().with("lossScaleFactor", Optional.of(factor)));
  }

  default O gradientAccumulationSteps(int steps) {
    return options(options().with("gradientAccumulationSteps", Optional.of(steps)));
  }
}
