package io.kalamos.onednn;

import io.kalamos.engine.Node;
import io.kalamos.engine.Unit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A plan as text: one unit a line, with its phase, threads, implementation, size and layers.
final class Listing {
  private Listing() {}

  static String of(OneDnnProgram.Plan plan, List<OneDnnProgram.Line> lines, Profile profile) {
    Map<Unit, Long> nanos = profile == null ? Map.of() : profile.nanos();
    StringBuilder text = new StringBuilder();
    text.append(
        "%d threads, batch %d%s, %,d bytes of memory%n"
            .formatted(
                plan.shares().threads(),
                plan.shares().batch(),
                rounds(plan.shares()),
                plan.storage().bytes()));
    for (OneDnnProgram.Line line : lines) {
      String ops =
          line.unit().nodes().stream().map(Listing::label).collect(Collectors.joining(" "));
      text.append(
          "%d %-10s %s%-44s %s%n"
              .formatted(
                  line.unit().phase(),
                  line.unit().domain().name().toLowerCase(java.util.Locale.ROOT),
                  time(nanos.get(line.unit())),
                  line.how(),
                  line.unit().scopes() + ": " + ops));
    }
    if (!nanos.isEmpty()) {
      long sum = nanos.values().stream().mapToLong(Long::longValue).sum();
      String part = plan.shares().rounds() > 1 ? "round" : "thread";
      text.append("sum of the first %s's steps: %.1f us%n".formatted(part, sum / 1e3));
    }
    return text.toString();
  }

  private static String rounds(Shares shares) {
    return shares.rounds() > 1 ? " in %d rounds".formatted(shares.rounds()) : "";
  }

  private static String time(Long nanos) {
    return nanos == null ? "" : "%9.1f us  ".formatted(nanos / 1e3);
  }

  private static String label(Node node) {
    return node.op().label() + node.shape();
  }
}
