package io.kalamos.cli;

/// A command line that asks for what there is not: exit code 2. The message has four parts: where,
/// what was expected, what was received, what to do.
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
