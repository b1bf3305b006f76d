package io.kalamos.onednn;

import io.kalamos.engine.Node;
import java.util.List;
import java.util.stream.Collectors;

/// A plan as text: one unit a line, with its phase, threads, implementation, size and layers.
final class Listing {
  private Listing() {}

  static String of(OneDnnProgram.Plan plan, List<OneDnnProgram.Line> lines) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%d threads, batch %d, %,d bytes of memory%n"
            .formatted(plan.shares().threads(), plan.shares().batch(), plan.storage().bytes()));
    for (OneDnnProgram.Line line : lines) {
      String ops =
          line.unit().nodes().stream().map(Listing::label).collect(Collectors.joining(" "));
      text.append(
          "%d %-10s %-44s %s%n"
              .formatted(
                  line.unit().phase(),
                  line.unit().domain().name().toLowerCase(java.util.Locale.ROOT),
                  line.how(),
                  line.unit().scopes() + ": " + ops));
    }
    return text.toString();
  }

  private static String label(Node node) {
    return node.op().label() + node.shape();
  }
}
