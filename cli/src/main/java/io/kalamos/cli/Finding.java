package io.kalamos.cli;

import java.util.Optional;

/// One thing that the doctor looked at.
///
/// @param advice what to do where something is missing
record Finding(String name, String found, Optional<String> advice) {
  static Finding fine(String name, String found) {
    return new Finding(name, found, Optional.empty());
  }

  static Finding missing(String name, String found, String advice) {
    return new Finding(name, found, Optional.of(advice));
  }
}
