package io.kalamos.onednn;

/// Whether oneDNN runs on this machine, and if not, why.
sealed interface Availability {
  /// The library is loaded.
  record Loaded(Dnnl dnnl) implements Availability {}

  /// The library cannot be used; `reason` is a message for the user.
  record Missing(String reason) implements Availability {}
}
