package io.kalamos.javacpu;

import io.kalamos.engine.CounterRandom;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.UniformRandom;
import io.kalamos.engine.Variable;

/// Values that come from outside: rows of data, variables, random numbers.
final class Leaves {
  private Leaves() {}

  static Kernel input(Run.Binding binding, Run run, Values y) {
    int batch = binding.input.shape().dim(0);
    int length = Math.toIntExact(binding.input.shape().rowSize());
    return (part, parts) -> {
      int to = Kernel.from(batch, part + 1, parts);
      for (int i = Kernel.from(batch, part, parts); i < to; i++) {
        long row = binding.row(run, i);
        Transfer.load(binding.data, row * length, y, i * length, length);
      }
    };
  }

  static Kernel parameter(Variable variable, Values y) {
    int size = Math.toIntExact(variable.shape().size());
    return (part, parts) -> {
      int from = Kernel.from(size, part, parts);
      Transfer.load(variable.value(), from, y, from, Kernel.from(size, part + 1, parts) - from);
    };
  }

  static void constant(Tensor tensor, Values y) {
    Transfer.load(tensor, 0, y, 0, Math.toIntExact(tensor.size()));
  }

  static void fill(double value, Values y, int size) {
    for (int i = 0; i < size; i++) {
      y.set(i, value);
    }
  }

  static Kernel random(UniformRandom op, Run run, Values y) {
    int size = Math.toIntExact(op.shape().size());
    return (part, parts) -> {
      int to = Kernel.from(size, part + 1, parts);
      for (int i = Kernel.from(size, part, parts); i < to; i++) {
        y.set(i, CounterRandom.uniform(run.seed, op.stream(), run.step, i));
      }
    };
  }
}
