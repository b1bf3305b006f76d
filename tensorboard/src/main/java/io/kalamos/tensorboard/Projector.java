package io.kalamos.tensorboard;

import io.kalamos.callbacks.Folders;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Embedding;
import io.kalamos.models.Model;
import io.kalamos.options.Refusal;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The vectors of embeddings for TensorBoard's projector: a table for each layer and epoch, and
/// `projector_config.pbtxt`, which names them.
///
/// Keras leaves a checkpoint there that only TensorFlow's own readers understand; tables are shown
/// by every TensorBoard. Files that are there already stay: a configuration of an earlier run is
/// kept under another name.
final class Projector {
  static final String CONFIG = "projector_config.pbtxt";
  private static final String WHERE = "TensorBoard: embeddings";

  /// A table that is written.
  private record Table(String name, Shape shape, String file, Optional<String> metadata) {}

  private final Path folder;
  private final Map<String, Path> metadata;
  private final Map<String, String> copies = new HashMap<>();
  private final List<String> layers;
  private final List<Table> tables = new ArrayList<>();

  /// @param metadata files with a label for each row, by layer; under an empty name that of all
  Projector(Path folder, Model model, Map<String, Path> metadata) {
    this.folder = folder;
    this.metadata = metadata;
    this.layers =
        model.layers().entrySet().stream()
            .filter(entry -> entry.getValue() instanceof Embedding)
            .map(Map.Entry::getKey)
            .toList();
    for (String name : metadata.keySet()) {
      if (!name.isEmpty() && !layers.contains(name)) {
        throw Refusal.of(
            "TensorBoard",
            "names of Embedding layers " + layers,
            "embeddingsMetadata",
            name,
            "Name the layers as summary() does.");
      }
    }
  }

  /// Keeps what an earlier run said, and copies the labels beside the tables, since TensorBoard
  /// reads nothing that lies elsewhere.
  void prepare() {
    Folders.prepare(WHERE, folder);
    metadata.forEach(
        (layer, file) -> {
          String name = create("metadata-%d.tsv");
          try {
            Files.copy(file, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
          } catch (IOException e) {
            throw Folders.unwritable(WHERE, "a file that can be copied", "file", file, e);
          }
          copies.put(layer, name);
        });
    Path config = folder.resolve(CONFIG);
    for (int n = 1; Files.exists(config); n++) {
      Path other = folder.resolve("projector_config-" + n + ".pbtxt");
      if (!Files.exists(other)) {
        try {
          Files.move(config, other);
        } catch (IOException e) {
          throw unwritable(config, e);
        }
      }
    }
  }

  /// Writes the vectors of this epoch.
  void write(Model model, int epoch) {
    for (String layer : layers) {
      Tensor vectors = model.weight(layer + "/embeddings");
      String name = layer + "/epoch " + (epoch + 1);
      Optional<String> labels = Optional.ofNullable(copies.getOrDefault(layer, copies.get("")));
      tables.add(new Table(name, vectors.shape(), table(epoch, vectors), labels));
    }
    Path config = folder.resolve(CONFIG);
    try {
      Path part = Files.createTempFile(folder, CONFIG, ".part");
      Files.writeString(part, text());
      Files.move(part, config, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unwritable(config, e);
    }
  }

  private String table(int epoch, Tensor vectors) {
    String name = create("embedding-%d-epoch-" + (epoch + 1) + ".tsv");
    Path file = folder.resolve(name);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      int columns = vectors.shape().dim(1);
      float[] values = vectors.toFloats();
      for (int i = 0; i < values.length; i++) {
        out.append(Float.toString(values[i])).append(i % columns == columns - 1 ? '\n' : '\t');
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
    return name;
  }

  /// A new file with the first free number; a layer's name may be no file name.
  private String create(String pattern) {
    for (int n = 0; ; n++) {
      String name = pattern.formatted(n);
      try {
        Files.createFile(folder.resolve(name));
        return name;
      } catch (FileAlreadyExistsException _) {
        // The next number may be free.
      } catch (IOException e) {
        throw unwritable(folder.resolve(name), e);
      }
    }
  }

  /// The tables, the newest first, which is the one that is shown first.
  private String text() {
    StringBuilder text = new StringBuilder();
    for (Table table : tables.reversed()) {
      text.append("embeddings {\n");
      field(text, "tensor_name", table.name);
      table.metadata.ifPresent(file -> field(text, "metadata_path", file));
      for (int size : table.shape.toArray()) {
        text.append("  tensor_shape: ").append(size).append('\n');
      }
      field(text, "tensor_path", table.file);
      text.append("}\n");
    }
    return text.toString();
  }

  private static void field(StringBuilder text, String name, String value) {
    String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    text.append("  ").append(name).append(": \"").append(escaped).append("\"\n");
  }

  private static RuntimeException unwritable(Path file, IOException cause) {
    return Folders.unwritable(WHERE, "a file that can be written", "file", file, cause);
  }
}
