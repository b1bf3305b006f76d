package io.kalamos.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Units that grow and join, in an order in which each stands behind those that it waits for.
///
/// What stands before some units cannot wait for them, which keeps searches short in long graphs.
/// After a change only what lies between a unit and the last one that it waits for is sorted anew
/// (after Pearce and Kelly, 2006).
final class UnitOrder {
  private final Function<Node, List<Unit>> producers;

  /// Places of units that were joined to others are empty.
  private final List<Unit> order = new ArrayList<>();

  private final Map<Unit, Integer> places = new IdentityHashMap<>();

  /// @param producers the units that a node waits for
  UnitOrder(Function<Node, List<Unit>> producers) {
    this.producers = producers;
  }

  int place(Unit unit) {
    return places.get(unit);
  }

  void append(Unit unit) {
    places.put(unit, order.size());
    order.add(unit);
  }

  /// Puts one unit, which has the members of both, in the place of two.
  void join(Unit into, Unit other) {
    int place = Math.min(place(into), place(other));
    order.set(places.remove(other), null);
    order.set(place(into), null);
    order.set(place, into);
    places.put(into, place);
    settle(into);
  }

  /// Brings the order right again around a unit that has got new members.
  void settle(Unit unit) {
    int from = place(unit);
    int to = from;
    for (Node node : unit.nodes()) {
      for (Unit producer : producers.apply(node)) {
        to = Math.max(to, place(producer));
      }
    }
    if (to > from) {
      sort(from, to);
    }
  }

  private void sort(int from, int to) {
    Set<Unit> sorted = new LinkedHashSet<>();
    Set<Unit> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int place = from; place <= to; place++) {
      if (order.get(place) != null) {
        visit(order.get(place), from, to, seen, sorted);
      }
    }
    int place = from;
    for (Unit unit : sorted) {
      places.put(unit, place);
      order.set(place++, unit);
    }
    Collections.fill(order.subList(place, to + 1), null);
  }

  private void visit(Unit unit, int from, int to, Set<Unit> seen, Set<Unit> sorted) {
    if (place(unit) < from || place(unit) > to || !seen.add(unit)) {
      return;
    }
    for (Node node : unit.nodes()) {
      producers.apply(node).forEach(producer -> visit(producer, from, to, seen, sorted));
    }
    sorted.add(unit);
  }
}
