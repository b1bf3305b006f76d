package io.kalamos.testkit;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import io.kalamos.initializers.Initializer;
import io.kalamos.layers.Call;
import io.kalamos.layers.Layer;
import io.kalamos.layers.WeightOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A call of one layer outside of a model, with weights, states and masks that are given, in
/// float32.
final class LayerCall implements Call {
  private final Layer layer;
  private final boolean training;
  private final List<Node> inputs;
  private final List<Optional<Node>> masks;
  private final Map<String, Node> weights;
  private final Map<String, Node> states;
  private final List<String> asked = new ArrayList<>();
  private final Map<String, Node> updates = new LinkedHashMap<>();
  private final List<Node> prices = new ArrayList<>();
  private final List<Node> further = new ArrayList<>();
  private Optional<Node> mask = Optional.empty();
  private int streams;

  LayerCall(
      Layer layer,
      boolean training,
      List<Node> inputs,
      List<Optional<Node>> masks,
      Map<String, Node> weights,
      Map<String, Node> states) {
    this.layer = layer;
    this.training = training;
    this.inputs = inputs;
    this.masks = masks;
    this.weights = weights;
    this.states = states;
  }

  /// The first result.
  Node run() {
    return layer.call(this, inputs.getFirst());
  }

  /// The weights and states in the order in which the layer asked for them.
  List<String> asked() {
    return asked;
  }

  /// The new values of states.
  Map<String, Node> updates() {
    return updates;
  }

  /// What the layer adds to the loss.
  List<Node> prices() {
    return prices;
  }

  /// The mask of the result.
  Optional<Node> resultMask() {
    return mask.or(() -> layer.passesMask() ? mask(0) : Optional.empty());
  }

  @Override
  public String path() {
    return "layer";
  }

  @Override
  public boolean training() {
    return training;
  }

  @Override
  public List<Node> inputs() {
    return inputs;
  }

  @Override
  public Optional<Node> mask(int input) {
    return input < masks.size() ? masks.get(input) : Optional.empty();
  }

  @Override
  public void mask(Node mask) {
    this.mask = Optional.of(mask);
  }

  @Override
  public void result(Node result) {
    further.add(result);
  }

  @Override
  public void penalty(Node price) {
    prices.add(price.shape().rank() == 0 ? price : Ops.meanAll(price));
  }

  @Override
  public DType computeType() {
    return DType.FLOAT32;
  }

  @Override
  public DType variableType() {
    return DType.FLOAT32;
  }

  @Override
  public int stream() {
    return ++streams;
  }

  @Override
  public Node weight(String name, Shape shape, WeightOptions options, DType type) {
    return known(weights, name, shape);
  }

  @Override
  public Node state(String name, Shape shape, Initializer initializer) {
    return known(states, name, shape);
  }

  private Node known(Map<String, Node> values, String name, Shape shape) {
    asked.add(name);
    Node value = values.get(name);
    if (value == null || !value.shape().equals(shape)) {
      throw new AssertionError(
          layer.kind() + " asked for " + name + shape + ", Keras has " + values);
    }
    return value;
  }

  @Override
  public void update(String state, Node value) {
    updates.put(state, value);
  }

  @Override
  public List<Node> inner(String name, Layer inner, List<Node> inputs, List<Optional<Node>> masks) {
    LayerCall call = new LayerCall(inner, training, inputs, masks, weights, states);
    List<Node> results = new ArrayList<>(List.of(call.run()));
    results.addAll(call.further);
    return results;
  }

  @Override
  public ShapeException rejects(String expected, Shape received, String remedy) {
    return new ShapeException(
        layer.kind() + ": expected " + expected + ", received shape=" + received + ". " + remedy);
  }
}
