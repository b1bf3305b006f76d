package io.kalamos.onednn;

import java.util.List;

/// The choice among the library's implementations of a problem.
final class Choice {
  private Choice() {}

  /// The library's first choice that is not its reference code; that only where nothing else is.
  static Candidate first(Scope scope, Problem problem) {
    Candidate first = Candidate.first(scope, problem);
    if (!first.isReference()) {
      return first;
    }
    List<Candidate> all = Candidate.all(scope, problem);
    return all.stream().filter(candidate -> !candidate.isReference()).findFirst().orElse(first);
  }
}
