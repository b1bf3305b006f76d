package io.kalamos.saving;

import io.kalamos.engine.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// What a file of a model contains, and whether it would be loaded: to look at a file before it is
/// trusted. Nothing of the file is run, and nothing of it ends up anywhere else.
///
/// What can be read is told also of files that are refused.
///
/// @param kind what the file begins like
/// @param about versions and dates that the file names
/// @param members of a zip, in their order
/// @param layers of the configuration, those of inner models behind their model
/// @param compiled the optimizer, losses and metrics by their roles
/// @param arrays of numbers, weights and the optimizer's
/// @param notices what loading says of options that change nothing here
/// @param problems what could not be looked at
/// @param refusal why loading the file is refused; empty where it is loaded, weights alone into a
///   model of the same layers
public record FileScan(
    Path file,
    Kind kind,
    SequencedMap<String, String> about,
    List<Member> members,
    List<ScannedLayer> layers,
    SequencedMap<String, String> compiled,
    List<ScannedArray> arrays,
    List<String> notices,
    List<String> problems,
    Optional<String> refusal) {
  /// What files begin like.
  public enum Kind {
    /// Keras 3's `.keras`.
    ZIP("zip of Keras 3"),
    /// A whole model of Keras before 3.
    HDF5_MODEL("HDF5 file of a whole model"),
    HDF5_WEIGHTS("HDF5 file of weights alone"),
    /// A model in the format of many other programs; the module `saving` doesn't read it.
    ONNX("ONNX file"),
    /// Weights in a format of our own.
    OWN_WEIGHTS("Kalamos's file of weights alone"),
    OTHER("other");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// A member of a zip.
  ///
  /// @param known whether loading reads it; others are refused
  public record Member(String name, long bytes, long packed, boolean known) {}

  /// A layer of the configuration.
  ///
  /// @param path its name behind those of the models around it
  /// @param module the Python module that is to hold the class
  public record ScannedLayer(String path, String className, String module) {}

  /// An array.
  public record ScannedArray(String path, String dtype, Shape shape, Role role) {}

  /// What the numbers of an array are.
  public enum Role {
    /// Weights of a layer, trained or not.
    WEIGHT,
    /// What the optimizer keeps.
    OPTIMIZER,
    /// What loading passes over: where random numbers were, and what metrics had counted.
    PASSED_OVER;

    static Role of(String path) {
      if (path.startsWith("optimizer")) {
        return OPTIMIZER;
      }
      boolean passedOver = path.contains("seed_generator") || path.startsWith("metrics/");
      return passedOver ? PASSED_OVER : WEIGHT;
    }
  }

  public FileScan {
    members = List.copyOf(members);
    layers = List.copyOf(layers);
    arrays = List.copyOf(arrays);
    notices = List.copyOf(notices);
    problems = List.copyOf(problems);
  }

  /// Looks at a file.
  public static FileScan of(Path file) throws IOException {
    return new Scanner(file).scan();
  }

  /// How many numbers the weights are.
  public long parameters() {
    return numbers(Role.WEIGHT);
  }

  /// How many numbers the optimizer keeps.
  public long optimizerNumbers() {
    return numbers(Role.OPTIMIZER);
  }

  private long numbers(Role role) {
    return arrays.stream()
        .filter(array -> array.role() == role)
        .mapToLong(array -> array.shape().size())
        .sum();
  }
}
