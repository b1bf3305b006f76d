package io.kalamos.fuzz;

import io.kalamos.datasets.MalformedDataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// What holds for every file, whatever its bytes: it is read, or refused with an error that says
/// where, what was expected, what was received and what to do. Nothing else is thrown, and nothing
/// is written beside the file.
///
/// A refusal that quotes an error of Java is none: what was received is then a mistake of the
/// reader's, which tells nobody what is wrong with the file.
final class FourParts {
  private static final Pattern MESSAGE =
      Pattern.compile(".+: expected .+, received .+\\. .+", Pattern.DOTALL);

  private static final Pattern MISTAKE = Pattern.compile("received error=(java|io)\\.");

  private FourParts() {}

  /// Whether it was read.
  static boolean check(Format format, Path file) throws IOException {
    boolean read = false;
    try {
      format.read(file);
      read = true;
    } catch (IOException | RuntimeException refusal) {
      if (!isRefusal(refusal)) {
        throw new AssertionError(
            format + ": expected a refusal in four parts, received " + refusal, refusal);
      }
    }
    String[] names = file.getParent().toFile().list();
    if (names.length != 1) {
      throw new AssertionError(
          format + ": expected the file alone, received " + String.join(", ", names));
    }
    return read;
  }

  private static boolean isRefusal(Exception refusal) {
    boolean known =
        switch (refusal) {
          case IOException _, IllegalArgumentException _ -> true;
          case UncheckedIOException _, MalformedDataException _ -> true;
          default -> false;
        };
    String message = refusal.getMessage();
    return known
        && message != null
        && MESSAGE.matcher(message).matches()
        && !MISTAKE.matcher(message).find();
  }
}
