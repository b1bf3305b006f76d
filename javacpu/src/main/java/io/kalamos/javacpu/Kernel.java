package io.kalamos.javacpu;

/// A loop over arrays, of which part `part` of `parts` is run; the parts write different elements.
interface Kernel {
  void run(int part, int parts);

  /// Where part `part` of `total` elements begins; it ends where the next one begins.
  static int from(int total, int part, int parts) {
    return (int) ((long) total * part / parts);
  }
}
