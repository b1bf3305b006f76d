package io.kalamos.cli;

import io.kalamos.engine.Tensor;
import io.kalamos.onnx.Onnx;
import io.kalamos.saving.FileScan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/// `./kalamos scan`: what a file of a model contains, and why it would be refused, before anybody
/// trusts it. Exit code 0 where it would be loaded, 1 where it would be refused.
final class ScanCommand implements Command {
  @Override
  public String name() {
    return "scan";
  }

  @Override
  public String summary() {
    return "Tell what a file contains and why it would be refused, running nothing.";
  }

  @Override
  public List<Operand> operands() {
    return List.of(new Operand("FILE", "A file of a model or of weights, trusted or not."));
  }

  @Override
  public List<Option> options() {
    return List.of(Option.JSON);
  }

  @Override
  public int run(Arguments arguments, Console console) throws Exception {
    var file = arguments.file(0);
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          file
              + ": expected a file, received "
              + (Files.exists(file) ? "a folder" : "no file of this name")
              + ". Check the path.");
    }
    var scan = ModelFile.isOnnx(file) ? onnx(file) : FileScan.of(file);
    if (arguments.has(Option.JSON)) {
      console.out().println(Json.of(figures(scan)));
    } else {
      print(scan, console.out());
    }
    return scan.refusal().isEmpty() ? 0 : 1;
  }

  /// What becomes of an ONNX file: its layers and weights here, or why there are none.
  private static FileScan onnx(Path file) {
    var layers = new ArrayList<FileScan.ScannedLayer>();
    var arrays = new ArrayList<FileScan.ScannedArray>();
    Optional<String> refusal = Optional.empty();
    try (var model = Onnx.load(file)) {
      model
          .layers()
          .forEach((path, layer) -> layers.add(new FileScan.ScannedLayer(path, layer.kind(), "")));
      model.weights().forEach((path, weight) -> arrays.add(weight(path, weight)));
    } catch (IOException | RuntimeException why) {
      refusal = Optional.of(String.valueOf(why.getMessage()));
    }
    return new FileScan(
        file,
        FileScan.Kind.ONNX,
        new LinkedHashMap<>(),
        List.of(),
        layers,
        new LinkedHashMap<>(),
        arrays,
        List.of(),
        List.of(),
        refusal);
  }

  private static FileScan.ScannedArray weight(String path, Tensor weight) {
    return new FileScan.ScannedArray(
        path, weight.dtype().toString(), weight.shape(), FileScan.Role.WEIGHT);
  }

  private static void print(FileScan scan, PrintWriter out) {
    line(out, scan.file() + ": " + scan.kind());
    scan.about().forEach((name, text) -> line(out, "  %-20s %s".formatted(name, text)));
    section(out, "members", scan.members(), ScanCommand::text);
    section(out, "layers", scan.layers(), ScanCommand::text);
    section(
        out,
        "compiled",
        List.copyOf(scan.compiled().entrySet()),
        entry -> "%-20s %s".formatted(entry.getKey(), entry.getValue()));
    int widest = scan.arrays().stream().mapToInt(array -> array.path().length()).max().orElse(1);
    var format = "%-" + Math.clamp(widest, 32, 64) + "s %s%s";
    section(
        out,
        "arrays",
        scan.arrays(),
        array -> format.formatted(array.path(), array.dtype(), array.shape()));
    if (!scan.arrays().isEmpty()) {
      line(
          out,
          "%,d parameters, %,d numbers of the optimizer"
              .formatted(scan.parameters(), scan.optimizerNumbers()));
    }
    section(out, "ignored", scan.notices(), notice -> notice);
    section(out, "could not be looked at", scan.problems(), problem -> problem);
    var loaded =
        scan.kind() == FileScan.Kind.HDF5_WEIGHTS
            ? "Would be loaded into a model of these layers."
            : "Would be loaded.";
    line(out, scan.refusal().map(why -> "Would be refused: " + why).orElse(loaded));
  }

  private static <T> void section(
      PrintWriter out, String title, List<T> items, Function<T, String> text) {
    if (!items.isEmpty()) {
      line(out, title);
      items.forEach(item -> line(out, "  " + text.apply(item)));
    }
  }

  private static void line(PrintWriter out, String text) {
    out.println(Printable.of(text));
  }

  private static String text(FileScan.Member member) {
    return "%-32s %,14d bytes%s"
        .formatted(member.name(), member.bytes(), member.known() ? "" : ", refused");
  }

  private static String text(FileScan.ScannedLayer layer) {
    return "%-32s %s%s"
        .formatted(
            layer.path(),
            layer.className(),
            layer.module().isEmpty() ? "" : " of " + layer.module());
  }

  private static SequencedMap<String, Object> figures(FileScan scan) {
    var figures = new LinkedHashMap<String, Object>();
    figures.put("file", scan.file().toString());
    figures.put("kind", scan.kind().toString());
    figures.put("about", scan.about());
    figures.put("members", scan.members().stream().map(ScanCommand::map).toList());
    figures.put("layers", scan.layers().stream().map(ScanCommand::map).toList());
    figures.put("compiled", scan.compiled());
    figures.put("arrays", scan.arrays().stream().map(ScanCommand::map).toList());
    figures.put("params", scan.parameters());
    figures.put("optimizer_numbers", scan.optimizerNumbers());
    figures.put("ignored", scan.notices());
    figures.put("problems", scan.problems());
    figures.put("refusal", scan.refusal().orElse(null));
    return figures;
  }

  private static Map<String, Object> map(FileScan.Member member) {
    var map = new LinkedHashMap<String, Object>();
    map.put("name", member.name());
    map.put("bytes", member.bytes());
    map.put("packed", member.packed());
    map.put("known", member.known());
    return map;
  }

  private static Map<String, Object> map(FileScan.ScannedLayer layer) {
    var map = new LinkedHashMap<String, Object>();
    map.put("path", layer.path());
    map.put("class", layer.className());
    map.put("module", layer.module());
    return map;
  }

  private static Map<String, Object> map(FileScan.ScannedArray array) {
    var map = new LinkedHashMap<String, Object>();
    map.put("path", array.path());
    map.put("dtype", array.dtype());
    map.put("shape", array.shape().toString());
    map.put("role", array.role().toString().toLowerCase(Locale.ROOT));
    return map;
  }
}
