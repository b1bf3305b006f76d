package io.kalamos.onednn;

/// oneDNN cannot be loaded here; the message says where, what was expected and received, and the
/// way out.
final class Unavailable extends Exception {
  private static final long serialVersionUID = 1;

  Unavailable(String where, String expected, String received, String remedy) {
    super(where + ": " + expected + ", " + received + "; " + remedy + ".");
  }
}
