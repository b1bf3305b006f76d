package io.kalamos.onednn;

import io.kalamos.engine.Node;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Unit;
import io.kalamos.kernels.KernelCompiler;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What machine code of our own computes, because it is clearly faster than the library: the choice
/// follows from sizes alone, so that the bits of a run do not depend on timing.
sealed interface OwnCode permits PooledChain, DenseProduct, KernelGradientUnit {
  /// The neighbouring units that it stands for.
  List<Unit> units();

  /// The values that reach memory.
  List<Node> results();

  /// Asks for memory beside the results.
  void plan(Storage storage, Shares shares);

  /// A thread's part, once memory is placed.
  Step bind(Kernels kernels, Storage storage, Shares shares, int thread);

  /// What it is, for listings.
  String label();

  /// All of a schedule by their first units.
  ///
  /// @param kept values that the caller reads
  static Map<Unit, OwnCode> of(
      Schedule schedule, Shares shares, KernelCompiler compiler, Collection<Node> kept) {
    Map<Unit, OwnCode> found = new IdentityHashMap<>();
    PooledChain.of(schedule, compiler, kept)
        .forEach(chain -> found.put(chain.units().getFirst(), chain));
    Set<Unit> taken = Collections.newSetFromMap(new IdentityHashMap<>());
    found.values().forEach(code -> taken.addAll(code.units()));
    for (Unit unit : schedule.units()) {
      if (taken.contains(unit)) {
        continue;
      }
      DenseProduct.of(schedule, shares, compiler, unit)
          .ifPresent(product -> found.put(unit, product));
      KernelGradientUnit.of(schedule, shares, compiler, unit)
          .ifPresent(gradient -> found.put(unit, gradient));
    }
    return found;
  }
}
