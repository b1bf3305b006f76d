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
  private final String prefix;
  private final List<String> asked;
  private final Map<String, Node> updates;
  private final List<Node> prices;
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
    this.prefix = "";
    this.asked = new ArrayList<>();
    this.updates = new LinkedHashMap<>();
    this.prices = new ArrayList<>();
  }

  /// The call of a layer that another one holds.
  private LayerCall(
      LayerCall outer, String name, Layer layer, List<Node> inputs, List<Optional<Node>> masks) {
    this.layer = layer;
    this.training = outer.training;
    this.inputs = inputs;
    this.masks = masks;
    this.weights = outer.weights;
    this.states = outer.states;
    this.prefix = outer.prefix + name + "/";
    this.asked = outer.asked;
    this.updates = outer.updates;
    this.prices = outer.prices;
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

  /// The results behind the first one.
  List<Node> further() {
    return further;
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

  private Node known(Map<String, Node> values, String weight, Shape shape) {
    String name = prefix + weight;
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
    updates.put(prefix + state, value);
  }

  @Override
  public List<Node> inner(String name, Layer inner, List<Node> inputs, List<Optional<Node>> masks) {
    LayerCall call = new LayerCall(this, name, inner, inputs, masks);
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
