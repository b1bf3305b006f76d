package io.kalamos.testkit;

import io.kalamos.optimizers.Adam;
import io.kalamos.optimizers.Optimizer;
import io.kalamos.optimizers.RMSprop;
import io.kalamos.optimizers.SGD;
import io.kalamos.schedules.CosineDecay;
import io.kalamos.schedules.ExponentialDecay;
import io.kalamos.schedules.LearningRateSchedule;
import io.kalamos.schedules.PiecewiseConstantDecay;
import java.util.Map;

/// Optimizers from the specs of `training.json`, by their copy methods.
final class KerasOptimizers {
  private KerasOptimizers() {}

  static Optimizer of(Json spec) {
    Config c = Config.of(spec);
    LearningRateSchedule rate = rate(spec.get("config").fields().get("learning_rate"));
    return switch (c.kind()) {
      case "SGD" -> {
        SGD sgd = SGD.of(rate).momentum(c.number("momentum", 0));
        yield sgd.nesterov(c.flag("nesterov", false));
      }
      case "Adam" ->
          Adam.of(rate)
              .beta1(c.number("beta_1", 0.9))
              .beta2(c.number("beta_2", 0.999))
              .epsilon(c.number("epsilon", 1e-7));
      case "RMSprop" ->
          RMSprop.of(rate)
              .rho(c.number("rho", 0.9))
              .momentum(c.number("momentum", 0))
              .centered(c.flag("centered", false));
      default -> throw new IllegalArgumentException(c.kind());
    };
  }

  private static LearningRateSchedule rate(Json spec) {
    if (spec instanceof Json.Num(double value)) {
      return LearningRateSchedule.constant(value);
    }
    Config c = Config.of(spec);
    return switch (c.kind()) {
      case "ExponentialDecay" ->
          ExponentialDecay.of(
                  c.number("initial_learning_rate", 0),
                  c.whole("decay_steps", 1),
                  c.number("decay_rate", 0))
              .staircase(c.flag("staircase", false));
      case "CosineDecay" -> {
        CosineDecay decay =
            CosineDecay.of(c.number("initial_learning_rate", 0), c.whole("decay_steps", 1))
                .alpha(c.number("alpha", 0));
        yield c.has("warmup_target")
            ? decay.warmup(c.number("warmup_target", 0), c.whole("warmup_steps", 0))
            : decay;
      }
      case "PiecewiseConstantDecay" ->
          PiecewiseConstantDecay.of(
              c.config().get("boundaries").items().stream().map(n -> (long) n.number()).toList(),
              c.config().get("values").items().stream().map(Json::number).toList());
      default -> throw new IllegalArgumentException(c.kind());
    };
  }

  /// A class's name and what its configuration has beside the defaults.
  private record Config(String kind, Map<String, Json> config) {
    static Config of(Json spec) {
      return new Config(spec.get("class").text(), spec.get("config").fields());
    }

    double number(String name, double otherwise) {
      return config.containsKey(name) ? config.get(name).number() : otherwise;
    }

    int whole(String name, int otherwise) {
      return (int) number(name, otherwise);
    }

    boolean flag(String name, boolean otherwise) {
      return config.containsKey(name) ? config.get(name).bool() : otherwise;
    }

    boolean has(String name) {
      return config.containsKey(name);
    }
  }
}
