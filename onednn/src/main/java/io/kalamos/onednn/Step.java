package io.kalamos.onednn;

import io.kalamos.kernels.BoundKernel;

/// One entry of a thread's plan: all addresses are resolved, a run allocates nothing.
sealed interface Step {
  void run(long stream);

  /// A primitive of the library.
  record Native(Execution execution) implements Step {
    @Override
    public void run(long stream) {
      execution.run(stream);
    }
  }

  /// A fused kernel.
  record Fused(BoundKernel kernel) implements Step {
    @Override
    public void run(long stream) {
      kernel.run();
    }
  }

  /// A loop in Java for what occurs rarely.
  record Loop(Runnable body) implements Step {
    @Override
    public void run(long stream) {
      body.run();
    }
  }
}
