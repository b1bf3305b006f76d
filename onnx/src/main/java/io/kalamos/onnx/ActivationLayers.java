package io.kalamos.onnx;

import io.kalamos.activations.ActivationFunction;
import io.kalamos.activations.Activations;
import io.kalamos.activations.Gelu;
import io.kalamos.engine.Shape;
import io.kalamos.layers.Activation;
import io.kalamos.layers.Add;
import io.kalamos.layers.Average;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.ELU;
import io.kalamos.layers.Layer;
import io.kalamos.layers.LeakyReLU;
import io.kalamos.layers.Maximum;
import io.kalamos.layers.Minimum;
import io.kalamos.layers.Multiply;
import io.kalamos.layers.ReLU;
import io.kalamos.layers.Rescaling;
import io.kalamos.layers.Softmax;
import io.kalamos.layers.Subtract;
import io.kalamos.layers.Symbol;
import io.kalamos.onnx.Carried.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/// Activations and arithmetic as layers.
final class ActivationLayers {
  private static final double SELU_ALPHA = 1.67326319217681884765625f;
  private static final double SELU_GAMMA = 1.05070102214813232421875f;

  private final Translation translation;
  private final LayerTable table;

  ActivationLayers(Translation translation, LayerTable table) {
    this.translation = translation;
    this.table = table;
  }

  /// Functions of each element, in whatever order the value lies.
  boolean translate(NodeProto node) {
    Optional<Carried> x = table.samples(node, 0).filter(value -> value.type().floating());
    Optional<Layer> layer = x.flatMap(value -> layer(node));
    return layer.isPresent() && table.single(node) && table.each(node, x.get(), layer.get());
  }

  private Optional<Layer> layer(NodeProto node) {
    Site site = translation.probe().site(node);
    return switch (node.opType()) {
      case "Relu" -> Optional.of(ReLU.of());
      case "LeakyRelu" ->
          Optional.of(site.real("alpha", 0.01f))
              .filter(slope -> slope >= 0 && Double.isFinite(slope))
              .map(LeakyReLU::of);
      case "Elu" -> Optional.of(site.real("alpha", 1)).filter(Double::isFinite).map(ELU::of);
      case "Selu" ->
          near(site.real("alpha", SELU_ALPHA), SELU_ALPHA)
                  && near(site.real("gamma", SELU_GAMMA), SELU_GAMMA)
              ? activation(Activations.SELU)
              : Optional.empty();
      case "Sigmoid" -> activation(Activations.SIGMOID);
      case "Tanh" -> activation(Activations.TANH);
      case "Softplus" -> activation(Activations.SOFTPLUS);
      case "Softsign" -> activation(Activations.SOFTSIGN);
      case "HardSwish" -> activation(Activations.HARD_SILU);
      case "HardSigmoid" ->
          near(site.real("alpha", 0.2f), 1 / 6.0) && near(site.real("beta", 0.5), 0.5)
              ? activation(Activations.HARD_SIGMOID)
              : Optional.empty();
      case "Mish" -> activation(Activations.MISH);
      case "Swish" -> site.real("alpha", 1) == 1 ? activation(Activations.SILU) : Optional.empty();
      case "Gelu" -> activation(Gelu.of(site.text("approximate", "none").equals("tanh")));
      case "Clip" -> bounded(node, site);
      case "Dropout" -> dropout(node, site);
      default -> Optional.empty();
    };
  }

  private static boolean near(double a, double b) {
    return Math.abs(a - b) < 1e-6;
  }

  private static Optional<Layer> activation(ActivationFunction function) {
    return Optional.of(Activation.of(function));
  }

  /// From 0 up to a bound, or without one.
  private Optional<Layer> bounded(NodeProto node, Site site) {
    boolean attributes = site.opset() < 11;
    boolean readable =
        attributes
            || (!table.has(node, 1) || table.known(node, 1))
                && (!table.has(node, 2) || table.known(node, 2));
    if (!readable) {
      return Optional.empty();
    }
    OptionalDouble low = bound(node, site, 1, "min");
    OptionalDouble high = bound(node, site, 2, "max");
    if (low.isEmpty() || low.getAsDouble() != 0) {
      return Optional.empty();
    }
    return high.isEmpty() || high.getAsDouble() >= Float.MAX_VALUE
        ? Optional.of(ReLU.of())
        : high.getAsDouble() >= 0
            ? Optional.of(ReLU.of().maxValue(high.getAsDouble()))
            : Optional.empty();
  }

  private OptionalDouble bound(NodeProto node, Site site, int input, String attribute) {
    if (site.opset() < 11) {
      return site.given(attribute)
          ? OptionalDouble.of(site.real(attribute, 0))
          : OptionalDouble.empty();
    }
    return table.has(node, input) ? OptionalDouble.of(site.number(input)) : OptionalDouble.empty();
  }

  private Optional<Layer> dropout(NodeProto node, Site site) {
    double rate =
        site.opset() < 12 ? site.real("ratio", 0.5) : table.known(node, 1) ? site.number(1) : 0.5;
    return rate >= 0 && rate < 1 ? Optional.of(Dropout.of(rate)) : Optional.empty();
  }

  /// Softmax and its logarithm along the axis that lies last.
  boolean rows(NodeProto node) {
    Optional<Carried> input = table.samples(node, 0).filter(value -> value.rank() > 1);
    if (input.isEmpty()) {
      return false;
    }
    Carried x = input.get();
    Site site = translation.probe().site(node);
    boolean old = site.opset() < 13;
    int axis = site.axis(site.number("axis", old ? 1 : -1), x.rank());
    if (axis == 0 || old && axis != x.rank() - 1) {
      return false;
    }
    Form.Order order = x.order().filter(o -> o.axes().getLast() == axis).orElse(last(x, axis));
    boolean plain = node.opType().equals("Softmax");
    Layer layer = plain ? Softmax.of() : Activation.of(Activations.LOG_SOFTMAX);
    return table.put(node, x, order, layer, order);
  }

  private static Form.Order last(Carried x, int axis) {
    List<Integer> axes = new ArrayList<>(x.plain().axes());
    axes.remove((Integer) axis);
    axes.add(axis);
    return new Form.Order(axes);
  }

  /// Values of one shape, or a value and a number.
  boolean arithmetic(NodeProto node) {
    List<Carried> values = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      table.samples(node, i).filter(value -> value.type().floating()).ifPresent(values::add);
    }
    if (values.size() == 1 && node.inputs().size() == 2) {
      return scaled(node, values.getFirst());
    }
    Shape shape = translation.shape(node.outputs().getFirst());
    boolean alike =
        values.size() == node.inputs().size()
            && values.size() > 1
            && values.stream().allMatch(value -> value.shape().equals(shape));
    Optional<Layer> layer = alike ? merging(node.opType(), values.size()) : Optional.empty();
    if (layer.isEmpty()) {
      return false;
    }
    Form.Order order = LayerTable.common(values, translation);
    Symbol[] symbols =
        values.stream().map(value -> translation.symbol(value, order)).toArray(Symbol[]::new);
    translation.carry(
        node.outputs().getFirst(),
        order,
        translation.apply(node, layer.get(), List.of(), List.of(), symbols));
    return true;
  }

  private static Optional<Layer> merging(String operator, int inputs) {
    return switch (operator) {
      case "Add", "Sum" -> Optional.of(Add.of());
      case "Sub" -> inputs == 2 ? Optional.of(Subtract.of()) : Optional.empty();
      case "Mul" -> Optional.of(Multiply.of());
      case "Max" -> Optional.of(Maximum.of());
      case "Min" -> Optional.of(Minimum.of());
      case "Mean" -> Optional.of(Average.of());
      default -> Optional.empty();
    };
  }

  private static final Set<String> SCALED = Set.of("Add", "Sub", "Mul", "Div");

  /// x times a number, or plus one.
  private boolean scaled(NodeProto node, Carried x) {
    int at = table.samples(node, 0).isPresent() ? 1 : 0;
    if (!SCALED.contains(node.opType())
        || !table.known(node, at)
        || table.shape(node, at).size() != 1
        || table.shape(node, at).rank() > x.rank()) {
      return false;
    }
    double number = translation.probe().site(node).number(at);
    boolean behind = at == 1;
    Optional<Layer> layer =
        switch (node.opType()) {
          case "Add" -> Optional.of(Rescaling.of(1).offset(number));
          case "Sub" ->
              Optional.of(
                  behind ? Rescaling.of(1).offset(-number) : Rescaling.of(-1).offset(number));
          case "Mul" -> Optional.of(Rescaling.of(number));
          case "Div" ->
              behind && number != 0 ? Optional.of(Rescaling.of(1 / number)) : Optional.empty();
          default -> Optional.empty();
        };
    return Double.isFinite(number) && layer.isPresent() && table.each(node, x, layer.get());
  }
}
