package io.kalamos.engine;

/// How a graph is compiled.
///
/// @param seed of all random numbers in the program
/// @param threads that share one step, 1 or more; results repeat for the same number
/// @param profile whether times per kernel are taken
public record CompileOptions(long seed, int threads, boolean profile) {
  public CompileOptions {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "compile: expected 1 thread or more, received threads="
              + threads
              + ". Leave it out to use all cores.");
    }
  }

  public static CompileOptions seeded(long seed) {
    return new CompileOptions(seed, 1, false);
  }

  public CompileOptions threads(int threads) {
    return new CompileOptions(seed, threads, profile);
  }

  public CompileOptions profile(boolean profile) {
    return new CompileOptions(seed, threads, profile);
  }
}
