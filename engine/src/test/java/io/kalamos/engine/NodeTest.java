package io.kalamos.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NodeTest {
  /// Time steps and long chains make graphs deeper than any stack.
  @Test
  void deepGraphsGetTheNameOfTheirLayer() {
    Node first = Ops.neg(Ops.fill(1, Shape.of(2), DType.FLOAT32));
    Node last = first;
    for (int i = 0; i < 100_000; i++) {
      last = Ops.neg(last);
    }
    last.within("lstm");
    assertEquals("lstm", first.scope());
  }
}
