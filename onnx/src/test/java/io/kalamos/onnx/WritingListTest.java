package io.kalamos.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kalamos.models.Model;
import io.kalamos.models.ModelGraph;
import io.kalamos.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The list of layers in docs/onnx-support.md is what the golden layers and networks are written
/// as.
class WritingListTest {
  private static final Path PAGE = Path.of("..", "docs", "onnx-support.md");
  private static final String HEAD = "| layer | operators |\n|---|---|\n";

  @Test
  void theDocumentationListsAllLayers() throws IOException {
    Map<String, Set<String>> operators = operators();
    String table =
        operators.entrySet().stream()
            .map(
                entry ->
                    "| "
                        + entry.getKey()
                        + " | "
                        + (entry.getValue().isEmpty()
                            ? "nothing"
                            : String.join(", ", entry.getValue()))
                        + " |\n")
            .collect(Collectors.joining("", HEAD, "\n"));
    Files.writeString(Path.of("target", "writing-list.md"), table);
    String page = Files.readString(PAGE);
    int at = page.indexOf(HEAD);
    assertTrue(at >= 0, "the page has the table");
    int end = page.indexOf("\n\n", at) + 2;
    assertEquals(table, page.substring(at, end), "docs/onnx-support.md and target/writing-list.md");
    assertEquals(Set.of(), missing(operators.keySet()), "layers without a row");
  }

  /// The operators that each kind of layer is written as in all its variants; networks tell of
  /// kinds that have no variants.
  private static Map<String, Set<String>> operators() throws IOException {
    Map<String, Set<String>> operators = of(GoldenModels.layers());
    of(GoldenModels.networks()).forEach(operators::putIfAbsent);
    operators.keySet().removeAll(Set.of("InputLayer", "Masked"));
    return operators;
  }

  private static Map<String, Set<String>> of(Map<String, Supplier<GoldenModels>> models) {
    Map<String, Set<String>> operators = new TreeMap<>();
    models.values().forEach(golden -> collect(golden.get().model(), operators));
    return operators;
  }

  /// An Identity only gives an output its name.
  private static void collect(Model model, Map<String, Set<String>> operators) {
    List<NodeProto> nodes = Onnx.written(model).graph().nodes();
    for (ModelGraph.Node layer : model.graph().nodes()) {
      Set<String> all = operators.computeIfAbsent(layer.kind(), kind -> new TreeSet<>());
      nodes.stream()
          .filter(node -> node.name().startsWith(layer.path() + "/"))
          .map(NodeProto::opType)
          .filter(operator -> !operator.equals("Identity"))
          .forEach(all::add);
    }
  }

  /// Keras's layers that stand here under the same name.
  private static Set<String> missing(Set<String> listed) throws IOException {
    JsonNode layers =
        new ObjectMapper().readTree(Golden.text("configs.json")).at("/modules/keras.layers");
    Set<String> missing = new TreeSet<>();
    layers.fieldNames().forEachRemaining(missing::add);
    assertTrue(missing.size() > 60, "layers of Keras: " + missing.size());
    missing.remove("Lambda"); // whatever its function is
    missing.removeIf(name -> listed.contains(name) || !isHere(name));
    return missing;
  }

  private static boolean isHere(String name) {
    try {
      return Class.forName("io.kalamos.layers." + name).isRecord();
    } catch (ClassNotFoundException absent) {
      return false;
    }
  }
}
