package io.kalamos.optimizers;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;

/// Moving means of gradients and of their squares.
final class Moments {
  private Moments() {}

  /// A slot that goes the part 1 - beta of the way to a value; its new value.
  static Node toward(Update update, String slot, Node value, double beta) {
    Node old = update.slot(slot);
    Node moved = add(old, multiply(subtract(value, old), 1 - beta));
    update.assign(slot, moved);
    return moved;
  }

  /// The same written as a weighted sum, which rounds otherwise.
  static Node mixed(Update update, String slot, Node value, double rho) {
    Node moved = add(multiply(update.slot(slot), rho), multiply(value, 1 - rho));
    update.assign(slot, moved);
    return moved;
  }

  /// 1 - beta^t, a single number: what a mean that began at 0 is too small by.
  static Node correction(Node t, double beta) {
    return subtract(1, power(like(t, beta), t));
  }
}
