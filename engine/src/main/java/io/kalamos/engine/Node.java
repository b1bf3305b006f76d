package io.kalamos.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// A value in a graph: an op applied to other values, with the shape and type that follow.
///
/// Nodes are immutable and compared by identity: a deep comparison would walk a shared graph
/// exponentially often.
public final class Node {
  private final Op op;
  private final List<Node> inputs;
  private final Shape shape;
  private final DType dtype;
  private String scope = "";

  private Node(Op op, List<Node> inputs) {
    this.op = op;
    this.inputs = inputs;
    this.shape = op.shape(inputs);
    this.dtype = op.dtype(inputs);
  }

  /// Applies an op. @throws ShapeException where shapes do not fit
  public static Node of(Op op, Node... inputs) {
    return new Node(op, List.of(inputs));
  }

  /// Applies an op. @throws ShapeException where shapes do not fit
  public static Node of(Op op, List<Node> inputs) {
    return new Node(op, List.copyOf(inputs));
  }

  public Op op() {
    return op;
  }

  public List<Node> inputs() {
    return inputs;
  }

  /// The n-th input.
  public Node input(int n) {
    return inputs.get(n);
  }

  public Shape shape() {
    return shape;
  }

  public DType dtype() {
    return dtype;
  }

  /// The layer that wrote this node, empty where none is known; listings and errors show it.
  public String scope() {
    return scope;
  }

  /// Names the layer of this node and of all nodes above it that have no layer yet.
  public Node within(String layer) {
    if (layer.isEmpty()) {
      return this;
    }
    Deque<Node> open = new ArrayDeque<>(List.of(this));
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (node.scope.isEmpty() && !(node.op instanceof Op.Leaf)) {
        node.scope = layer;
        node.inputs.forEach(open::push);
      }
    }
    return this;
  }

  /// The same node over other inputs, in the same scope.
  public Node withInputs(List<Node> others) {
    Node copy = new Node(op, List.copyOf(others));
    copy.scope = scope;
    return copy;
  }

  @Override
  public String toString() {
    return op.label() + ": " + dtype + shape;
  }
}
