package io.kalamos.initializers;

import io.kalamos.engine.CounterRandom;
import io.kalamos.engine.Tensor;

/// Where random first values come from; one number depends on (seed, stream, element index) only.
public enum Distribution {
  /// All values between mean - sqrt(3) deviations and mean + sqrt(3) deviations alike.
  UNIFORM {
    @Override
    double unit(long seed, int stream, int index) {
      return (2.0 * CounterRandom.uniform(seed, stream, 0, index) - 1) * Math.sqrt(3);
    }
  },
  /// The normal distribution, drawn again beyond two deviations.
  TRUNCATED_NORMAL {
    @Override
    double unit(long seed, int stream, int index) {
      double value;
      int attempt = 0;
      do {
        value = CounterRandom.normal(seed, stream, attempt++, index);
      } while (Math.abs(value) > 2);
      return value;
    }
  },
  /// The normal distribution, however far the value.
  UNTRUNCATED_NORMAL {
    @Override
    double unit(long seed, int stream, int index) {
      return CounterRandom.normal(seed, stream, 0, index);
    }
  };

  /// A number of mean 0 and deviation 1 (before the cut, where there is one).
  abstract double unit(long seed, int stream, int index);

  /// Fills a weight with mean + deviation * unit.
  void fill(Tensor weight, double mean, double deviation, long seed, int stream) {
    weight.fill(i -> mean + deviation * unit(seed, stream, i));
  }
}
