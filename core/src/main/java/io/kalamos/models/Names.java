package io.kalamos.models;

import io.kalamos.layers.Layer;
import io.kalamos.options.Refusal;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Keras's automatic names within one model: `dense`, `dense_1`, `max_pooling2d`.
final class Names {
  private final Map<String, Integer> next = new HashMap<>();
  private final Set<String> taken;

  /// Automatic names avoid the explicit ones.
  Names(Collection<String> explicit) {
    taken = new HashSet<>(explicit);
  }

  /// The name, where weights' paths may hold it.
  static String checked(String where, String name) {
    if (name.isBlank() || name.contains("/")) {
      throw Refusal.of(
          where,
          "a name without / that is not blank",
          "name",
          '"' + name + '"',
          "Names are parts of weight paths such as base/dense/kernel; choose another.");
    }
    return name;
  }

  /// Keeps a name from being given.
  void take(String name) {
    taken.add(name);
  }

  String next(String kind) {
    String stem = Layer.stem(kind);
    while (true) {
      int number = next.merge(stem, 1, Integer::sum) - 1;
      String name = number == 0 ? stem : stem + "_" + number;
      if (taken.add(name)) {
        return name;
      }
    }
  }

  /// The candidate that differs least from `name`, if that is little.
  static Optional<String> closest(String name, Collection<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
        .filter(best -> distance(name, best) <= Math.max(2, name.length() / 2));
  }

  /// The number of letters to insert, delete or replace (Levenshtein, 1966).
  static int distance(String a, String b) {
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
