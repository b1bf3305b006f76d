package io.kalamos.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Runs ONNX's own tests of operators and prints how many pass, fail and are not claimed. The cases
/// come from the Python package onnx, which writes them into a folder:
///
///     python golden/operator_cases.py CASES
///
/// Each case runs twice: its operators on the plain Java backend, and, where it is a model of
/// samples, read as one.
public final class OperatorCases {
  private OperatorCases() {}

  /// Counts for one operator.
  static final class Count {
    int passed;
    int failed;
    int refused;
    int models;
    int modelsFailed;
  }

  /// What came of all cases.
  ///
  /// @param counts by operator, of those that are claimed
  /// @param unclaimed cases by the operators that are not
  /// @param unread cases with values that are no tensors of numbers
  record Report(
      Map<String, Count> counts,
      Map<String, Integer> unclaimed,
      int unread,
      List<String> failures,
      List<String> refusals) {
    int passed() {
      return counts.values().stream().mapToInt(count -> count.passed).sum();
    }

    int refused() {
      return counts.values().stream().mapToInt(count -> count.refused).sum();
    }

    int failed() {
      return counts.values().stream().mapToInt(count -> count.failed).sum();
    }

    int models() {
      return counts.values().stream().mapToInt(count -> count.models).sum();
    }

    int modelsFailed() {
      return counts.values().stream().mapToInt(count -> count.modelsFailed).sum();
    }
  }

  /// @param args the folder, and words that names of cases must contain
  public static void main(String[] args) throws IOException {
    if (args.length == 0) {
      IO.println("usage: OperatorCases CASES [WORD ...]");
      return;
    }
    Report report = run(Path.of(args[0]), List.of(args).subList(1, args.length));
    report.refusals().forEach(IO::println);
    report.failures().forEach(IO::println);
    IO.println("operator: passed / refused / failed, as models: passed / failed");
    report
        .counts()
        .forEach(
            (name, count) ->
                IO.println(
                    "  %s: %d / %d / %d, %d / %d"
                        .formatted(
                            name,
                            count.passed,
                            count.refused,
                            count.failed,
                            count.models,
                            count.modelsFailed)));
    IO.println("not claimed: " + report.unclaimed());
    IO.println(
        "cases: %d passed, %d refused, %d failed, %d not claimed, %d without tensors of numbers; as models: %d passed, %d failed"
            .formatted(
                report.passed(),
                report.refused(),
                report.failed(),
                report.unclaimed().values().stream().mapToInt(n -> n).sum(),
                report.unread(),
                report.models(),
                report.modelsFailed()));
  }

  static Report run(Path folder, List<String> words) throws IOException {
    List<Path> folders;
    try (Stream<Path> all = Files.list(folder)) {
      folders =
          all.filter(path -> Files.exists(path.resolve("model.onnx")))
              .filter(path -> words.stream().allMatch(path.getFileName().toString()::contains))
              .sorted()
              .toList();
    }
    Report report =
        new Report(new TreeMap<>(), new TreeMap<>(), 0, new ArrayList<>(), new ArrayList<>());
    int unread = 0;
    for (Path path : folders) {
      Optional<OperatorCase> read = OperatorCase.read(path);
      if (read.isEmpty()) {
        unread++;
        continue;
      }
      count(report, read.get());
    }
    return new Report(
        report.counts(), report.unclaimed(), unread, report.failures(), report.refusals());
  }

  private static void count(Report report, OperatorCase one) {
    String operator = String.join("+", one.operators());
    if (!one.claimed()) {
      List<String> missing =
          one.operators().stream().filter(name -> Operators.of(name).isEmpty()).toList();
      report
          .unclaimed()
          .merge(missing.isEmpty() ? "random numbers" : missing.getFirst(), 1, Integer::sum);
      return;
    }
    Count count = report.counts().computeIfAbsent(operator, key -> new Count());
    OperatorCase.Verdict verdict = one.asOperators();
    if (verdict.passed()) {
      count.passed++;
    } else if (verdict.refused()) {
      count.refused++;
      report.refusals().add("REFUSED " + one.name() + ": " + verdict.failure());
    } else {
      count.failed++;
      report
          .failures()
          .add("FAILED " + one.name() + " (" + verdict.way() + "): " + verdict.failure());
    }
    one.asModel()
        .ifPresent(
            model -> {
              if (model.passed()) {
                count.models++;
              } else {
                count.modelsFailed++;
                report
                    .failures()
                    .add(
                        "FAILED as model "
                            + one.name()
                            + " ("
                            + model.way()
                            + "): "
                            + model.failure());
              }
            });
  }
}
