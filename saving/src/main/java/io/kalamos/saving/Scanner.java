package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import io.kalamos.models.Model;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Looks at a file part by part, so that one that is refused is told of as far as it can be read.
final class Scanner {
  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final byte[] OWN = "KALAMOSW".getBytes(StandardCharsets.US_ASCII);
  private static final int MOST_MEMBERS = 1000;

  private final Path file;
  private final SequencedMap<String, String> about = new LinkedHashMap<>();
  private final List<FileScan.Member> members = new ArrayList<>();
  private final List<FileScan.ScannedLayer> layers = new ArrayList<>();
  private final SequencedMap<String, String> compiled = new LinkedHashMap<>();
  private final List<FileScan.ScannedArray> arrays = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  Scanner(Path file) {
    this.file = file;
  }

  FileScan scan() throws IOException {
    FileScan.Kind kind = kind();
    boolean weights = kind == FileScan.Kind.HDF5_WEIGHTS;
    Optional<String> refusal = weights ? problems.stream().findFirst() : refusal();
    refusal.ifPresent(problems::remove);
    return new FileScan(
        file, kind, about, members, layers, compiled, arrays, notices, problems, refusal);
  }

  private FileScan.Kind kind() throws IOException {
    byte[] begin;
    try (InputStream in = Files.newInputStream(file)) {
      begin = in.readNBytes(Hdf5Reader.SIGNATURE.length);
    }
    if (Arrays.equals(begin, Hdf5Reader.SIGNATURE)) {
      return hdf5();
    }
    if (Arrays.equals(Arrays.copyOf(begin, ZIP.length), ZIP)) {
      zip();
      return FileScan.Kind.ZIP;
    }
    return Arrays.equals(begin, OWN) ? FileScan.Kind.OWN_WEIGHTS : FileScan.Kind.OTHER;
  }

  private interface Part {
    void read() throws IOException;
  }

  /// Reads one part; what it is refused for is noted, and the others are read all the same.
  private void part(Part part) {
    try {
      part.read();
    } catch (IOException | RuntimeException | StackOverflowError problem) {
      String message = problem.getMessage();
      problems.add(message == null ? problem.toString() : message);
    }
  }

  private void zip() {
    part(this::members);
    part(
        () -> {
          try (Archive archive = Archive.open(file)) {
            if (archive.has(Archive.METADATA)) {
              part(() -> versions(json(archive, Archive.METADATA)));
            }
            part(() -> configuration(json(archive, Archive.CONFIG)));
            part(
                () ->
                    arrays(
                        Hdf5Reader.read(
                            file + ": " + Archive.WEIGHTS, archive.bytes(Archive.WEIGHTS))));
          }
        });
  }

  private JsonNode json(Archive archive, String member) throws IOException {
    return Json.read(file + ": " + member, archive.text(member));
  }

  private void members() throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8)) {
      zip.stream().limit(MOST_MEMBERS).forEach(entry -> members.add(member(entry)));
      if (zip.size() > MOST_MEMBERS) {
        problems.add(file + ": has " + zip.size() + " members, of which these are the first");
      }
    }
  }

  private static FileScan.Member member(ZipEntry entry) {
    return new FileScan.Member(
        entry.getName(),
        entry.getSize(),
        entry.getCompressedSize(),
        Archive.knows(entry.getName()));
  }

  private FileScan.Kind hdf5() {
    List<FileScan.Kind> kinds = new ArrayList<>();
    part(
        () -> {
          Hdf5Group root = Hdf5Reader.read(file);
          for (String name : List.of("keras_version", "backend")) {
            root.text(name).ifPresent(text -> about.put(name, text));
          }
          Optional<String> model = root.text(KerasH5.MODEL);
          kinds.add(model.isPresent() ? FileScan.Kind.HDF5_MODEL : FileScan.Kind.HDF5_WEIGHTS);
          if (model.isPresent()) {
            part(() -> configuration(Json.read(file + ": " + KerasH5.MODEL, model.get())));
          }
          Optional<String> training = root.text(KerasH5.TRAINING);
          if (training.isPresent()) {
            part(() -> training(Json.read(file + ": " + KerasH5.TRAINING, training.get())));
          }
          arrays(root);
        });
    return kinds.isEmpty() ? FileScan.Kind.HDF5_WEIGHTS : kinds.getFirst();
  }

  private void versions(JsonNode metadata) {
    metadata.properties().forEach(entry -> about.put(entry.getKey(), text(entry.getValue())));
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? value.asText() : value.toString();
  }

  private void configuration(JsonNode model) {
    layers(model, "");
    if (model.hasNonNull("compile_config")) {
      training(model.get("compile_config"));
    }
  }

  /// The layers of a model, and behind a model or wrapper those in it.
  private void layers(JsonNode model, String within) {
    JsonNode config = model.path("config");
    JsonNode list = config.isArray() ? config : config.path("layers");
    list.forEach(layer -> layer(layer, within));
    for (String wrapped : List.of("layer", "forward_layer", "backward_layer", "cell")) {
      if (config.path(wrapped).has("class_name")) {
        layer(config.get(wrapped), within);
      }
    }
  }

  private void layer(JsonNode layer, String within) {
    String name = layer.path("config").path("name").asText(layer.path("name").asText("?"));
    String className = layer.path("class_name").asText("?");
    layers.add(
        new FileScan.ScannedLayer(within + name, className, layer.path("module").asText("")));
    layers(layer, within + name + "/");
  }

  private void training(JsonNode training) {
    JsonNode optimizer =
        training.has("optimizer") ? training.get("optimizer") : training.path("optimizer_config");
    note("optimizer", optimizer);
    for (String role : List.of("loss", "metrics", "weighted_metrics")) {
      note(role, training.path(role));
    }
  }

  private void note(String role, JsonNode part) {
    List<String> names = new ArrayList<>();
    names(part, names);
    if (!names.isEmpty()) {
      compiled.put(role, String.join(", ", names));
    }
  }

  /// The classes and names of functions in a part of the configuration.
  private static void names(JsonNode part, List<String> names) {
    if (part.isTextual()) {
      names.add(part.asText());
    } else if (part.has("class_name")) {
      String name = part.get("class_name").asText();
      names.add(name.equals("function") ? text(part.path("config")) : name);
    } else if (part.isContainerNode()) {
      part.forEach(child -> names(child, names));
    }
  }

  private void arrays(Hdf5Group root) {
    root.datasets()
        .forEach(
            (path, array) ->
                arrays.add(
                    new FileScan.ScannedArray(
                        path,
                        array.type().name().toLowerCase(Locale.ROOT),
                        array.shape(),
                        FileScan.Role.of(path))));
  }

  /// Loads the file as anybody would, and forgets the model.
  private Optional<String> refusal() {
    try (Model _ = Model.load(file, load -> load.running(run -> run.log(notices::add)))) {
      return Optional.empty();
    } catch (IOException | RuntimeException refusal) {
      return Optional.of(String.valueOf(refusal.getMessage()));
    }
  }
}
