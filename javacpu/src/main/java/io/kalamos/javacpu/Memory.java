package io.kalamos.javacpu;

import io.kalamos.engine.DType;
import io.kalamos.engine.Fill;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Literal;
import io.kalamos.engine.Node;
import io.kalamos.engine.Reshaping;
import io.kalamos.engine.Scalar;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// The array of each node. A node's array is used again once the last node that reads it has run; a
/// reshaped value shares its input's array.
final class Memory {
  private final Map<Node, Values> values = new IdentityHashMap<>();
  private final List<Values> free = new ArrayList<>();
  private long bytes;

  Memory(Graph graph) {
    List<Node> order = graph.order();
    Map<Node, Integer> lastUse = new IdentityHashMap<>();
    for (int i = 0; i < order.size(); i++) {
      for (Node input : order.get(i).inputs()) {
        lastUse.put(owner(input), i);
      }
    }
    graph.sinks().forEach(sink -> lastUse.put(owner(sink), order.size()));
    for (int i = 0; i < order.size(); i++) {
      Node node = order.get(i);
      if (owner(node) != node) {
        values.put(node, values.get(owner(node)));
      } else {
        values.put(node, permanent(node) ? fresh(node) : taken(node));
      }
      release(node, lastUse, i);
    }
  }

  Values of(Node node) {
    return values.get(node);
  }

  /// Bytes of all arrays.
  long bytes() {
    return bytes;
  }

  /// The node whose array `node` is stored in.
  private static Node owner(Node node) {
    Node owner = node;
    while (owner.op() instanceof Reshaping) {
      owner = owner.input(0);
    }
    return owner;
  }

  /// Values that are written at compile time or between the runs.
  private static boolean permanent(Node node) {
    return node.op() instanceof Literal || node.op() instanceof Fill || node.op() instanceof Scalar;
  }

  private void release(Node node, Map<Node, Integer> lastUse, int step) {
    List<Node> owners = new ArrayList<>();
    for (Node input : node.inputs()) {
      Node owner = owner(input);
      if (lastUse.get(owner) == step && !permanent(owner) && !owners.contains(owner)) {
        owners.add(owner);
      }
    }
    owners.forEach(owner -> free.add(values.get(owner)));
  }

  /// The smallest free array that is large enough and not wastefully large, or a new one.
  private Values taken(Node node) {
    int size = Math.toIntExact(node.shape().size());
    Values best = null;
    for (Values candidate : free) {
      boolean fits =
          kind(candidate) == kind(node.dtype())
              && candidate.capacity() >= size
              && candidate.capacity() <= 2 * (size + 64);
      if (fits && (best == null || candidate.capacity() < best.capacity())) {
        best = candidate;
      }
    }
    if (best == null) {
      return fresh(node);
    }
    Values chosen = best;
    free.removeIf(candidate -> candidate == chosen);
    return chosen.as(node.dtype());
  }

  private Values fresh(Node node) {
    Values made = Values.of(node.dtype(), Math.toIntExact(node.shape().size()));
    bytes += made.bytes();
    return made;
  }

  private static Class<?> kind(Values values) {
    return switch (values) {
      case Values.Floats _ -> float[].class;
      case Values.Doubles _ -> double[].class;
      case Values.Ints _ -> int[].class;
    };
  }

  private static Class<?> kind(DType dtype) {
    return switch (dtype) {
      case FLOAT32, BFLOAT16 -> float[].class;
      case FLOAT64 -> double[].class;
      case INT32, UINT8 -> int[].class;
    };
  }
}
