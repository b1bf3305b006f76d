package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kalamos.engine.DType;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Program;
import io.kalamos.engine.Rewriter;
import io.kalamos.engine.Rewrites;
import io.kalamos.engine.Rule;
import io.kalamos.engine.Verifier;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every table of rewrites leaves the results of every row of the op table as they were.
class RewriteResultsTest {
  private static final double TOLERANCE = 1e-10;

  @TestFactory
  Stream<DynamicTest> equalBeforeAndAfter() {
    return OpTable.rows(3).stream().map(row -> dynamicTest(row.name(), () -> check(row)));
  }

  private static void check(OpRow row) {
    OpTrial trial = new OpTrial(row, DType.FLOAT64, DType.FLOAT64);
    Map<String, double[]> before = trial.run(OpTable.oracle(), 1);
    Graph graph = trial.graph();
    for (List<Rule> table : List.of(Rewrites.FORWARD, Rewrites.ALGEBRA, Rewrites.LOWERING)) {
      graph = Rewriter.apply(table, graph);
      assertEquals(List.of(), Verifier.problems(graph));
      try (Program program = trial.compile(graph, OpTable.oracle(), 1)) {
        Map<String, double[]> after = trial.run(program);
        before.forEach(
            (name, values) -> assertArrayEquals(values, after.get(name), TOLERANCE, name));
      }
    }
  }
}
