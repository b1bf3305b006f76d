package io.kalamos.data;

import java.util.List;

/// Elements made before they are asked for, each by a virtual thread of its own that ends with it;
/// never more than `ahead` of them beyond the one that is handed on.
record Prefetched(Stage source, int ahead) implements Stage {
  @Override
  public Pass open(long epoch) {
    return new Ahead(source.open(epoch), ahead);
  }

  @Override
  public long cardinality() {
    return source.cardinality();
  }

  @Override
  public String label() {
    return "prefetch(" + ahead + ")";
  }

  @Override
  public List<Stage> sources() {
    return List.of(source);
  }
}
