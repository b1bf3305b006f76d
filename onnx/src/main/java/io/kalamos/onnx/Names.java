package io.kalamos.onnx;

import java.util.HashSet;
import java.util.Set;

/// Names from files: shown in messages, or turned into names of layers and weights.
final class Names {
  private static final int LONGEST = 80;

  private final Set<String> taken = new HashSet<>();

  /// A name as messages show it: short and without characters that a terminal might act on.
  static String shown(String name) {
    String plain = name.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() > LONGEST ? plain.substring(0, LONGEST) + "..." : plain;
  }

  /// A name of letters, digits, `_`, `-` and `.`, as layers and weights may have; may be empty.
  static String plain(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9_.-]+", ".").replaceAll("^[._-]+|[._-]+$", "");
    return plain.length() > LONGEST ? plain.substring(0, LONGEST) : plain;
  }

  /// This name, numbered where another one has it.
  String unique(String name) {
    String unique = name;
    for (int i = 1; !taken.add(unique); i++) {
      unique = name + "_" + i;
    }
    return unique;
  }
}
