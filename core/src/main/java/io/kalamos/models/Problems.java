package io.kalamos.models;

import io.kalamos.options.Refusal;
import java.util.Collection;

/// Errors that several classes of this package raise.
final class Problems {
  private Problems() {}

  /// A name that does not exist, with the nearest one that does.
  static IllegalArgumentException unknown(
      String where, String expected, String option, String name, Collection<String> known) {
    String hint = Names.closest(name, known).map(best -> "Did you mean " + best + "? ").orElse("");
    return Refusal.of(
        where,
        expected,
        option,
        name,
        hint + "Known: " + (known.isEmpty() ? "none" : String.join(", ", known)) + ".");
  }
}
