package io.kalamos.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// ONNX's own tests of operators, where their folder is named by `-Dkalamos.onnx.cases=CASES`.
class OperatorCasesTest {
  @Test
  void everyClaimedOperatorPassesTheTestsOfOnnx() throws IOException {
    String folder = System.getProperty("kalamos.onnx.cases", "");
    if (folder.isEmpty()) {
      String skipped =
          "skipped: ONNX's own tests of "
              + Operators.names().size()
              + " operators; name their folder by -Dkalamos.onnx.cases=CASES";
      IO.println(skipped);
      Assumptions.abort(skipped);
    }
    OperatorCases.Report report = OperatorCases.run(Path.of(folder), List.of());
    IO.println(report.passed() + " passed, " + report.models() + " of them as models too");
    assertEquals(List.of(), report.failures());
    assertTrue(report.passed() > 500, "cases: " + report.passed());
  }

  /// The list of operators in the documentation is the one in the program.
  @Test
  void theDocumentationListsAllOperators() throws IOException {
    String text = Files.readString(Path.of("..", "docs", "onnx-support.md"));
    int table = text.indexOf("| operator | becomes |");
    String reading = text.substring(table, text.indexOf("\n\n", table));
    SequencedSet<String> listed = new TreeSet<>();
    Matcher row = Pattern.compile("(?m)^\\| ([A-Z][^|]*) \\|").matcher(reading);
    while (row.find()) {
      Stream<String> names = Arrays.stream(row.group(1).split(", "));
      names.forEach(name -> assertTrue(listed.add(name), name));
    }
    assertEquals(Operators.names(), listed);
  }
}
