package io.kalamos.layers;

import java.util.List;

/// A layer applied to values of a functional model.
public final class Application implements Symbol {
  private final Layer layer;
  private final List<Symbol> inputs;

  Application(Layer layer, List<Symbol> inputs) {
    this.layer = layer;
    this.inputs = inputs;
  }

  public Layer layer() {
    return layer;
  }

  public List<Symbol> inputs() {
    return inputs;
  }

  /// A result of a layer that gives several, such as the states of a recurrent layer; 0 is the one
  /// that the application itself stands for.
  public Symbol output(int index) {
    return index == 0 ? this : new Output(this, index);
  }
}
