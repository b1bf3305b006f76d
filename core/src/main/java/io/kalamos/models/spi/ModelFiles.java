package io.kalamos.models.spi;

import io.kalamos.models.LoadOptions;
import io.kalamos.models.Model;
import io.kalamos.models.SaveOptions;
import io.kalamos.options.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ServiceLoader;

/// Keras's files of models, found as a service: the module `io.kalamos.saving` has them.
///
/// What is written is there whole or not at all. What is read is hostile until shown otherwise: a
/// file that is damaged, too large or of another kind ends in an [IOException] that says so.
public interface ModelFiles {
  /// Writes a whole model: layers, weights and, where it is compiled, how and how far it trained.
  void save(Model model, Path file, SaveOptions options) throws IOException;

  /// Reads what [#save] or Keras wrote.
  Model load(Path file, LoadOptions options) throws IOException;

  /// Writes weights and the optimizer's state in Keras's layout.
  void saveWeights(Model model, Path file) throws IOException;

  /// Gives a model of the same layers the weights of a file of weights or of a whole model.
  void loadWeights(Model model, Path file) throws IOException;

  /// The module that does it, looked for when it is wanted.
  ///
  /// @param where who wants it
  static ModelFiles find(String where) {
    return ServiceLoader.load(ModelFiles.class, ModelFiles.class.getClassLoader())
        .findFirst()
        .orElseThrow(
            () ->
                Refusal.of(
                    where,
                    "the module io.kalamos.saving on the module path",
                    "modules",
                    "none that provides " + ModelFiles.class.getName(),
                    "Add the dependency io.kalamos:kalamos-saving; weights alone need no module"
                        + " where the file's name is such as best.weights."));
  }
}
