package io.kalamos.datasets;

/// A file that is not what its format demands: the message says which file, what was expected, what
/// was received and what to do.
public final class MalformedDataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedDataException(String message) {
    super(message);
  }

  public MalformedDataException(String message, Throwable cause) {
    super(message, cause);
  }
}
