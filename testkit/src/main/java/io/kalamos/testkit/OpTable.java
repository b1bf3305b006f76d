package io.kalamos.testkit;

import io.kalamos.engine.Backend;
import io.kalamos.engine.DType;
import io.kalamos.engine.Program;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Every op in all its variants, forward and gradients, on any backend, beside plain Java loops in
/// float64.
///
/// An error is the greatest difference of a result or gradient divided by its greatest magnitude.
/// Gradients themselves are checked by numeric differentiation ([#checkGradients]).
public final class OpTable {
  private static final int SAMPLES = 16;
  private static final double WIDTH = 1e-5;

  private OpTable() {}

  /// What one check found.
  ///
  /// @param error of the worst of result and gradients, which `worst` names
  /// @param looseness the row's factor on the usual tolerance, contained in `tolerance`
  /// @param problem what stopped the check, else empty
  public record Result(
      String row, String worst, double error, double tolerance, double looseness, String problem) {
    public boolean passed() {
      return problem.isEmpty() && error <= tolerance;
    }

    @Override
    public String toString() {
      return "%-44s %-5s error %.2e, tolerance %.2e%s %s%s"
          .formatted(
              row,
              worst,
              error,
              tolerance,
              looseness == 1 ? "" : " (loosened %s times)".formatted(looseness),
              passed() ? "" : "FAILED ",
              problem)
          .stripTrailing();
    }
  }

  /// What the checks of all rows found.
  public record Report(List<Result> results) {
    public List<Result> failures() {
      return results.stream().filter(result -> !result.passed()).toList();
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      results.forEach(result -> text.append(result).append('\n'));
      return text.append(results.size() - failures().size())
          .append(" of ")
          .append(results.size())
          .append(" rows pass\n")
          .toString();
    }
  }

  /// The rows for a batch size.
  public static List<OpRow> rows(int batch) {
    return OpRows.all(batch);
  }

  /// Checks all rows with batches of 5.
  public static Report check(Backend backend, DType dtype, int threads) {
    return check(backend, dtype, threads, 5);
  }

  /// Checks all rows.
  public static Report check(Backend backend, DType dtype, int threads, int batch) {
    return new Report(
        rows(batch).stream().map(row -> check(row, backend, dtype, threads)).toList());
  }

  /// Checks one row.
  public static Result check(OpRow row, Backend backend, DType dtype, int threads) {
    double tolerance = tolerance(dtype) * row.looseness();
    try {
      OpTrial trial = new OpTrial(row, dtype, dtype);
      List<String> problems = Verifier.problems(trial.graph());
      if (!problems.isEmpty()) {
        return new Result(
            row.name(), "", 0, tolerance, row.looseness(), String.join("; ", problems));
      }
      Map<String, double[]> expected = new OpTrial(row, DType.FLOAT64, dtype).run(oracle(), 1);
      Map<String, double[]> received = trial.run(backend, threads);
      String worst = "y";
      double error = 0;
      for (String name : expected.keySet()) {
        double difference = name.equals("loss") ? 0 : error(expected.get(name), received.get(name));
        if (!(difference <= error)) {
          worst = name;
          error = difference;
        }
      }
      return new Result(row.name(), worst, error, tolerance, row.looseness(), "");
    } catch (RuntimeException | LinkageError problem) {
      return new Result(row.name(), "", 0, tolerance, row.looseness(), problem.toString());
    }
  }

  /// Checks the gradients of one row in float64 on the oracle by central differences at some of the
  /// elements of each operand.
  public static Result checkGradients(OpRow row) {
    double tolerance = 1e-6 * row.looseness();
    OpTrial trial = new OpTrial(row, DType.FLOAT64, DType.FLOAT64);
    String worst = "y";
    double error = 0;
    try (Program program = trial.compile(oracle(), 1)) {
      Map<String, double[]> symbolic = trial.run(program);
      for (Map.Entry<String, Tensor> leaf : trial.leaves().entrySet()) {
        double[] gradient =
            symbolic.getOrDefault(leaf.getKey(), new double[(int) trial.size(leaf.getKey())]);
        for (int i = 0; i < gradient.length; i += 1 + gradient.length / SAMPLES) {
          Tensor tensor = leaf.getValue();
          double numeric = slope(trial, program, tensor, trial.position(leaf.getKey(), i));
          double difference = Math.abs(numeric - gradient[i]) / Math.max(1, Math.abs(gradient[i]));
          if (!(difference <= error)) {
            worst = leaf.getKey();
            error = difference;
          }
        }
      }
    }
    return new Result(row.name(), worst, error, tolerance, row.looseness(), "");
  }

  private static double slope(OpTrial trial, Program program, Tensor tensor, long position) {
    double value = tensor.get(position);
    tensor.set(position, value + WIDTH);
    double above = trial.run(program).get("loss")[0];
    tensor.set(position, value - WIDTH);
    double below = trial.run(program).get("loss")[0];
    tensor.set(position, value);
    return (above - below) / (2 * WIDTH);
  }

  /// The plain Java backend.
  public static Backend oracle() {
    return backend("java");
  }

  /// The backend of a name.
  public static Backend backend(String name) {
    List<String> names = new ArrayList<>();
    for (Backend backend : Backend.all()) {
      if (backend.name().equals(name)) {
        return backend;
      }
      names.add(backend.name());
    }
    throw new IllegalArgumentException(
        "OpTable.backend: expected one of "
            + names
            + ", received name="
            + name
            + ". Put the backend's module on the module path.");
  }

  private static double tolerance(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> 1e-12;
      case FLOAT32 -> 5e-6;
      case BFLOAT16 -> 2e-2;
      case INT32, UINT8 ->
          throw new IllegalArgumentException(
              "OpTable.check: expected a type of real numbers, received dtype="
                  + dtype
                  + ". Check float32, float64 or bfloat16.");
    };
  }

  private static double error(double[] expected, double[] received) {
    double scale = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      scale = Math.max(scale, Math.abs(expected[i]));
      double here = Math.abs(expected[i] - received[i]);
      difference = here <= difference ? difference : here;
    }
    return scale == 0 ? difference : difference / scale;
  }
}
