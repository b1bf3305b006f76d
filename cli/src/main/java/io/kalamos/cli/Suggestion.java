package io.kalamos.cli;

import java.util.Collection;
import java.util.Comparator;

/// Finds what a mistyped word may have meant.
final class Suggestion {
  private Suggestion() {}

  /// `Did you mean --epochs? `, or nothing where no known word is near.
  static String of(String word, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .filter(best -> distance(word, best) <= (word.length() < 5 ? 1 : 2))
        .map(best -> "Did you mean " + best + "? ")
        .orElse("");
  }

  /// Letters to insert, delete or replace (Levenshtein, 1966).
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
