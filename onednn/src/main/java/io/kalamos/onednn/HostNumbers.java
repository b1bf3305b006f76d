package io.kalamos.onednn;

import io.kalamos.engine.Binary;
import io.kalamos.engine.Fill;
import io.kalamos.engine.Node;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Scalar;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Unary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// The single numbers that a program computes on the host before each step: the learning rate, bias
/// corrections. Every operation rounds to float32, as Keras does.
final class HostNumbers {
  private final List<Node> order = new ArrayList<>();
  private final Map<Node, Integer> slots = new IdentityHashMap<>();
  private final Map<String, Integer> scalars = new HashMap<>();
  private final int[][] inputs;
  private final float[] values;

  /// What the kernels read.
  private final MemorySegment memory;

  HostNumbers(List<Node> nodes, Schedule schedule, Arena arena) {
    for (Node node : nodes) {
      if (schedule.placement(node) == Placement.HOST) {
        slots.put(node, order.size());
        order.add(node);
        if (node.op() instanceof Scalar scalar) {
          scalars.put(scalar.name(), order.size() - 1);
        }
      }
    }
    memory = arena.allocate(Math.max(4, 4L * order.size()), 64);
    values = new float[order.size()];
    inputs = new int[order.size()][];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = order.get(i).inputs().stream().mapToInt(slots::get).toArray();
    }
  }

  long address(Node node) {
    return memory.address() + 4L * slots.get(node);
  }

  boolean holds(Node node) {
    return slots.containsKey(node);
  }

  float value(Node node) {
    return get(slots.get(node));
  }

  /// Sets a scalar; `false` where the program has none of this name.
  boolean set(String name, double value) {
    Integer slot = scalars.get(name);
    if (slot != null) {
      put(slot, (float) value);
    }
    return slot != null;
  }

  /// Computes everything from the scalars, and lets the kernels see it.
  void compute() {
    for (int i = 0; i < inputs.length; i++) {
      int[] from = inputs[i];
      switch (order.get(i).op()) {
        case Unary f -> put(i, (float) f.apply(get(from[0])));
        case Binary f -> put(i, (float) f.apply(get(from[0]), get(from[1])));
        case io.kalamos.engine.Select _ -> put(i, get(from[0]) != 0 ? get(from[1]) : get(from[2]));
        case Fill fill -> put(i, (float) fill.value());
        case Scalar _ -> {}
        case io.kalamos.engine.Op _ -> put(i, get(from[0]));
      }
    }
    MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, 0, values.length);
  }

  private float get(int slot) {
    return values[slot];
  }

  private void put(int slot, float value) {
    values[slot] = value;
  }
}
