package io.kalamos.cli;

/// Text of files as it may stand on a terminal: what would steer the terminal, or turn the
/// direction of writing, is shown by its number.
final class Printable {
  private Printable() {}

  static String of(String text) {
    if (text.codePoints().allMatch(Printable::harmless)) {
      return text;
    }
    var shown = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (harmless(c)) {
                shown.appendCodePoint(c);
              } else {
                shown.append("\\u%04x".formatted(c));
              }
            });
    return shown.toString();
  }

  private static boolean harmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> c == '\n' || c == '\t';
      case Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR -> false;
      default -> true;
    };
  }
}
