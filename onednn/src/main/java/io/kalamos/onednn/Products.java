package io.kalamos.onednn;

import io.kalamos.engine.MatMul;
import io.kalamos.engine.Node;
import io.kalamos.engine.Partition;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Unit;
import io.kalamos.kernels.KernelCompiler;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Turns products, poolings and transpositions into the library's problems, one per thread, each
/// over that thread's rows.
final class Products {
  private final Schedule schedule;
  private final Shares shares;
  private final Storage storage;
  private final KernelCompiler compiler;

  /// Values that exist for one turn only.
  private final Map<Node, Storage.Extra> passing = new IdentityHashMap<>();

  /// Where each max pooling of a thread remembers which element won.
  private final List<Map<Node, Storage.Extra>> workspaces;

  Products(Schedule schedule, Shares shares, Storage storage, KernelCompiler compiler) {
    this.schedule = schedule;
    this.shares = shares;
    this.storage = storage;
    this.compiler = compiler;
    this.workspaces =
        java.util.stream.Stream.generate(
                () -> (Map<Node, Storage.Extra>) new IdentityHashMap<Node, Storage.Extra>())
            .limit(shares.parts())
            .toList();
  }

  /// Asks for the memory of the values that pass from unit to unit within a turn.
  void pass(Chunks chunks) {
    int largest = 0;
    for (int thread = 0; thread < shares.parts(); thread++) {
      int rows = shares.rows(thread);
      largest = Math.max(largest, rows / chunks.turns(rows));
    }
    for (Node value : chunks.passing()) {
      long bytes =
          value.shape().size() / shares.batch() * storage.storedType(value).bytes() * largest;
      passing.put(value, storage.extra(bytes, chunks.first(), chunks.last()));
    }
  }

  Schedule schedule() {
    return schedule;
  }

  Shares shares() {
    return shares;
  }

  Storage storage() {
    return storage;
  }

  KernelCompiler compiler() {
    return compiler;
  }

  /// Where the max poolings of a thread remember which element won.
  Map<Node, Storage.Extra> workspaces(int thread) {
    return workspaces.get(thread);
  }

  /// Where a value that passes within a turn lies; `null` for others.
  Storage.Extra passing(Node value) {
    return passing.get(Partition.source(value));
  }

  /// Plans a thread's share of a unit; empty where the thread has nothing to do.
  Product plan(Scope scope, Chunks chunks, Unit unit, int thread) {
    Node node = unit.nodes().getFirst();
    boolean cut = cutByBatch(node);
    int turns = cut ? chunks.turns(shares.rows(thread)) : 1;
    Product product = new Product(scope, storage, chunks, turns);
    boolean idle =
        cut && shares.rows(thread) == 0 || !shares.takesPart(schedule.placement(node), thread);
    if (!idle) {
      Part.of(this, scope, product, unit, thread, cut).plan();
    }
    return product;
  }

  private boolean cutByBatch(Node node) {
    if (node.op() instanceof MatMul product && product.byWeights()) {
      return false;
    }
    return switch (schedule.placement(node)) {
      case SHARDED, PARTIAL -> true;
      case HOST, INLINE, SHARED, WHOLE, REPLICATED, SPLIT, SOLO -> false;
    };
  }
}
