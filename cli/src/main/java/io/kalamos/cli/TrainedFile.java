package io.kalamos.cli;

import io.kalamos.models.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Where a trained model is saved.
///
/// @param keepsOld whether a model that was there before stays beside it, `lab1.before.keras`
record TrainedFile(Path file, boolean keepsOld, Console console) {
  /// Saves a model; in a temporary folder where it cannot be saved here, so that no training is
  /// lost.
  Path save(Model model) throws IOException {
    try {
      if (keepsOld && Files.exists(file)) {
        Files.copy(file, before(), StandardCopyOption.REPLACE_EXISTING);
      }
      model.save(file);
      return file;
    } catch (IOException problem) {
      var other = Files.createTempDirectory("kalamos").resolve(file.getFileName());
      model.save(other);
      console.err().println(problem.getMessage());
      console.err().println("What was trained is in " + other + " instead.");
      return other;
    }
  }

  /// `dir/lab1.keras` was before what is now `dir/lab1.before.keras`.
  Path before() {
    var name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return file.resolveSibling(name.substring(0, dot) + ".before" + name.substring(dot));
  }
}
