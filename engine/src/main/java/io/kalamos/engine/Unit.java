package io.kalamos.engine;

import java.util.ArrayList;
import java.util.List;

/// What runs as one step of a plan: one product, pooling or the like, or several element-wise ops
/// fused into one pass over memory.
///
/// A fused unit works on `size` elements arranged in rows of `columns`; each member computes either
/// one value per element or one per row.
public final class Unit {
  private final List<Node> nodes = new ArrayList<>();
  private final boolean fused;
  private final Placement domain;
  private final int phase;
  private final long size;
  private long columns;

  Unit(boolean fused, Placement domain, int phase, long size, long columns) {
    this.fused = fused;
    this.domain = domain;
    this.phase = phase;
    this.size = size;
    this.columns = columns;
  }

  /// The members, inputs before their users.
  public List<Node> nodes() {
    return nodes;
  }

  /// Whether this is one pass over elements, as opposed to a product or the like.
  public boolean fused() {
    return fused;
  }

  /// How the threads share the elements.
  public Placement domain() {
    return domain;
  }

  /// Number of barriers before this unit.
  public int phase() {
    return phase;
  }

  /// Elements of the whole batch.
  public long size() {
    return size;
  }

  /// Elements of a row; 1 where no member cares about rows.
  public long columns() {
    return Math.max(1, columns);
  }

  /// Required columns; 0 where any will do.
  long requiredColumns() {
    return columns;
  }

  void require(long columns) {
    this.columns = Math.max(this.columns, columns);
  }

  /// Whether an operand of this shape has one value per row.
  public boolean perRow(Shape shape) {
    return shape.size() != size && shape.size() * columns() == size;
  }

  /// The layers whose work this is, for listings.
  public String scopes() {
    return String.join(
        " ", new java.util.LinkedHashSet<>(nodes.stream().map(Node::scope).toList()));
  }
}
