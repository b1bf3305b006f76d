package io.kalamos.cli;

import io.kalamos.datasets.Mnist;
import io.kalamos.datasets.Npy;
import io.kalamos.datasets.Npz;
import io.kalamos.engine.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Where data come from, as it was written behind an option.
sealed interface Source {
  /// Samples, or what they shall become: one of the names that arrays in a `.npz` have.
  enum Role {
    INPUT("x"),
    TARGET("y");

    private final String key;

    Role(String key) {
      this.key = key;
    }

    String key() {
      return key;
    }
  }

  /// One of the two parts of MNIST: images uint8 (n, 28, 28) and labels uint8 (n).
  record Digits(boolean training) implements Source {
    Tensor tensor(Role role) {
      var part = training ? Mnist.load().train() : Mnist.load().test();
      return role == Role.INPUT ? part.images() : part.labels();
    }
  }

  /// An array of NumPy.
  record Array(Path file) implements Source {
    Tensor tensor() {
      return Npy.read(file);
    }
  }

  /// One array of a `.npz`.
  record Member(Path file, String name) implements Source {
    Tensor tensor() {
      return Npz.read(file, name);
    }
  }

  /// A `.npz`, from which the command takes what it needs.
  record Arrays(Path file) implements Source {}

  /// A picture, or a folder of them.
  record Pictures(Path path) implements Source {}

  List<String> PICTURES = List.of(".png", ".jpg", ".jpeg", ".bmp", ".gif");

  /// What an option's text names.
  ///
  /// @param accepted what may be named, in messages
  static Source of(Option option, String text, String accepted) {
    String lower = text.toLowerCase(Locale.ROOT);
    int member = lower.lastIndexOf(".npz:");
    if (lower.startsWith("mnist:")) {
      return digits(option, text);
    }
    if (member >= 0) {
      return new Member(Path.of(text.substring(0, member + 4)), text.substring(member + 5));
    }
    if (lower.endsWith(".npy")) {
      return new Array(Path.of(text));
    }
    if (lower.endsWith(".npz")) {
      return new Arrays(Path.of(text));
    }
    if (PICTURES.stream().anyMatch(lower::endsWith) || isFolder(text)) {
      return new Pictures(Path.of(text));
    }
    throw new UsageException(
        option.name()
            + ": expected "
            + accepted
            + ", received "
            + option.name()
            + "="
            + text
            + ". Save arrays with numpy.save.");
  }

  private static boolean isFolder(String text) {
    return !text.isBlank() && Files.isDirectory(Path.of(text));
  }

  private static Source digits(Option option, String text) {
    var known = List.of("mnist:train", "mnist:test");
    if (!known.contains(text)) {
      throw new UsageException(
          option.name()
              + ": expected mnist:train or mnist:test, received "
              + option.name()
              + "="
              + text
              + ". "
              + Suggestion.of(text, known)
              + "Use one of the two.");
    }
    return new Digits(text.equals(known.getFirst()));
  }

  /// The name of the array that stands for something in a `.npz`: one of these names, in this
  /// order, else the only one.
  static Optional<String> name(List<String> arrays, List<String> wanted) {
    return wanted.stream()
        .filter(arrays::contains)
        .findFirst()
        .or(() -> arrays.size() == 1 ? Optional.of(arrays.getFirst()) : Optional.empty());
  }
}
