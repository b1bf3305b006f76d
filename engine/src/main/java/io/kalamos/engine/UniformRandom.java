package io.kalamos.engine;

/// Uniform random numbers in [0, 1) that depend only on (seed, stream, step, element index).
///
/// The seed belongs to the program, the step is given with each run; see [CounterRandom].
public record UniformRandom(int stream, Shape shape, DType dtype) implements Op.Leaf {
  @Override
  public boolean elementwise() {
    return true;
  }

  @Override
  public String label() {
    return "RandomUniform";
  }
}
