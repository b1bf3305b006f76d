package io.kalamos.tensorboard;

/// How a run has ended, for TensorBoard's table of hyperparameters.
public enum SessionStatus {
  SUCCESS(1),
  FAILURE(2),
  RUNNING(3);

  private final int number;

  SessionStatus(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
