package io.kalamos.models;

/// Training that cannot go on: the loss is not a number any more.
public final class TrainingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TrainingException(String message) {
    super(message);
  }
}
