package io.kalamos.onnx;

import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Embedding;
import io.kalamos.layers.GroupNormalization;
import io.kalamos.layers.Layer;
import io.kalamos.layers.LayerNormalization;
import io.kalamos.layers.PReLU;
import io.kalamos.layers.Symbol;
import io.kalamos.onnx.Carried.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Dense layers, embeddings and normalisation with the file's weights.
final class WeightLayers {
  private final Translation translation;
  private final LayerTable table;

  WeightLayers(Translation translation, LayerTable table) {
    this.translation = translation;
    this.table = table;
  }

  private Tensor number(NodeProto node, int i) {
    return translation.number(node.inputs().get(i));
  }

  boolean gemm(NodeProto node) {
    Optional<Carried> x = table.samples(node, 0).filter(value -> value.rank() == 2);
    Site site = translation.probe().site(node);
    boolean bias = table.has(node, 2) && site.real("beta", 1) != 0;
    if (x.isEmpty()
        || site.flag("transA", false)
        || !table.weight(node, 1)
        || table.shape(node, 1).rank() != 2
        || bias && !table.known(node, 2)) {
      return false;
    }
    Tensor kernel = number(node, 1);
    Tensor placed = site.flag("transB", false) ? Tensors.transposed(kernel, 1, 0) : kernel;
    int units = placed.shape().dim(1);
    if (bias && !lastAxis(table.shape(node, 2), units)) {
      return false;
    }
    List<Tensor> values = new ArrayList<>(List.of(scaled(placed, site.real("alpha", 1))));
    if (bias) {
      values.add(scaled(spread(number(node, 2), units), site.real("beta", 1)));
    }
    return dense(node, node, x.get(), values, table.sources(node, 1, 2));
  }

  boolean matmul(NodeProto node) {
    Optional<Carried> x = table.samples(node, 0).filter(value -> value.rank() >= 2);
    if (x.isEmpty() || !table.weight(node, 1) || table.shape(node, 1).rank() != 2) {
      return false;
    }
    Tensor kernel = number(node, 1);
    List<Tensor> values = new ArrayList<>(List.of(kernel));
    List<String> sources = new ArrayList<>(table.sources(node, 1));
    Optional<NodeProto> bias = bias(node, kernel.shape().dim(1));
    bias.ifPresent(
        add -> {
          int at = add.inputs().get(0).equals(node.outputs().getFirst()) ? 1 : 0;
          values.add(spread(number(add, at), kernel.shape().dim(1)));
          sources.add(add.inputs().get(at));
          translation.skip(add);
        });
    return dense(node, bias.orElse(node), x.get(), values, sources);
  }

  /// The addition of a weight for each unit, where nothing else uses the product.
  private Optional<NodeProto> bias(NodeProto product, int units) {
    String output = product.outputs().getFirst();
    return translation
        .onlyUser(output)
        .filter(user -> user.opType().equals("Add") && Site.operator(user).equals("Add"))
        .filter(
            user -> {
              int other = user.inputs().get(0).equals(output) ? 1 : 0;
              return !user.inputs().get(0).equals(user.inputs().get(1))
                  && table.weight(user, other)
                  && table.shape(user, other).size() == units
                  && lastAxis(table.shape(user, other), units)
                  && translation.shape(user.outputs().getFirst()).rank()
                      == translation.shape(output).rank();
            });
  }

  /// Whether a shape is one number for each unit, or one for all.
  private static boolean lastAxis(Shape shape, int units) {
    return shape.size() == 1 || shape.size() == units && shape.dim(-1) == units;
  }

  private static Tensor scaled(Tensor tensor, double factor) {
    if (factor == 1) {
      return tensor;
    }
    Tensor scaled = Tensor.zeros(tensor.dtype(), tensor.shape());
    scaled.fill(i -> tensor.get(i) * factor);
    return scaled;
  }

  private static Tensor spread(Tensor bias, int units) {
    Tensor spread = Tensor.zeros(bias.dtype(), Shape.of(units));
    spread.fill(i -> bias.get(bias.size() == 1 ? 0 : i));
    return spread;
  }

  /// A dense layer; of a row that lies channels last the kernel's rows follow.
  private boolean dense(
      NodeProto node, NodeProto last, Carried x, List<Tensor> values, List<String> sources) {
    Layer layer = Dense.of(values.getFirst().shape().dim(1)).useBias(values.size() > 1);
    List<String> origins = new ArrayList<>(sources);
    Symbol symbol;
    Map.Entry<Form, Symbol> first = x.forms().firstEntry();
    if (first.getKey() instanceof Form.Flat(int channels, int height, int width)
        && x.order().isEmpty()) {
      Tensor kernel = values.getFirst();
      int units = kernel.shape().dim(1);
      Tensor turned = Tensors.transposed(kernel.reshape(channels, height * width, units), 1, 0, 2);
      values.set(0, turned.reshape(channels * height * width, units));
      symbol = first.getValue();
      // The same kernel with its rows in the file's order is another layer's.
      origins.add("rows of " + first.getKey());
    } else {
      symbol = translation.symbol(x, x.plain());
    }
    Carried result = Carried.of(x.type(), translation.shape(last.outputs().getFirst()), 0);
    translation.carry(
        last.outputs().getFirst(),
        result.plain(),
        translation.apply(node, layer, origins, values, symbol));
    return true;
  }

  /// Rows of a matrix of the file by whole numbers of the data.
  boolean embedding(NodeProto node) {
    Optional<Carried> indices = table.samples(node, 1);
    if (indices.isEmpty()
        || !indices.get().type().integral()
        || !table.weight(node, 0)
        || table.shape(node, 0).rank() != 2
        || translation.probe().site(node).axis(translation.probe().site(node).number("axis", 0), 2)
            != 0) {
      return false;
    }
    Shape rows = table.shape(node, 0);
    Carried x = indices.get();
    Symbol symbol = translation.symbol(x, x.plain());
    Carried result = Carried.of(ElementType.FLOAT, translation.shape(node.outputs().getFirst()), 0);
    translation.carry(
        node.outputs().getFirst(),
        result.plain(),
        translation.apply(
            node,
            Embedding.of(rows.dim(0), rows.dim(1)),
            table.sources(node, 0),
            List.of(number(node, 0)),
            symbol));
    return true;
  }

  boolean batchNormalization(NodeProto node) {
    Optional<Carried> input = table.samples(node, 0).filter(value -> value.rank() > 1);
    boolean known = IntStream.rangeClosed(1, 4).allMatch(i -> table.known(node, i));
    if (input.isEmpty() || !known || !table.single(node)) {
      return false;
    }
    Carried x = input.get();
    Site site = translation.probe().site(node);
    Layer layer =
        BatchNormalization.of()
            .epsilon(site.real("epsilon", 1e-5f))
            .momentum(site.real("momentum", 0.9f));
    return normalized(node, x, layer, 1, 2, 3, 4);
  }

  /// Applies a layer that normalises the last axis to a value with its channels there.
  private boolean normalized(NodeProto node, Carried x, Layer layer, int... inputs) {
    Form.Order order = x.rank() == 2 ? x.plain() : x.channelsLast();
    List<Tensor> values = Arrays.stream(inputs).mapToObj(i -> number(node, i)).toList();
    translation.carry(
        node.outputs().getFirst(),
        order,
        translation.apply(
            node, layer, table.sources(node, inputs), values, translation.symbol(x, order)));
    return true;
  }

  boolean layerNormalization(NodeProto node) {
    Optional<Carried> input = table.samples(node, 0).filter(value -> value.rank() > 1);
    Site site = translation.probe().site(node);
    boolean bias = table.has(node, 2);
    boolean last =
        input.isPresent()
            && site.axis(site.number("axis", -1), input.get().rank()) == input.get().rank() - 1
            && table.shape(node, 1).rank() == 1
            && (!bias || table.shape(node, 2).rank() == 1);
    if (!last || !table.known(node, 1) || bias && !table.known(node, 2) || !table.single(node)) {
      return false;
    }
    Carried x = input.get();
    Layer layer = LayerNormalization.of().epsilon(site.real("epsilon", 1e-5f)).center(bias);
    List<Tensor> values = new ArrayList<>(List.of(number(node, 1)));
    if (bias) {
      values.add(number(node, 2));
    }
    translation.carry(
        node.outputs().getFirst(),
        x.plain(),
        translation.apply(
            node, layer, table.sources(node, 1, 2), values, translation.symbol(x, x.plain())));
    return true;
  }

  boolean groupNormalization(NodeProto node) {
    Optional<Carried> x = table.samples(node, 0).filter(value -> value.rank() > 2);
    if (x.isEmpty()
        || !table.known(node, 1)
        || !table.known(node, 2)
        || table.shape(node, 1).size() != x.get().shape().dim(1)) {
      return false;
    }
    Site site = translation.probe().site(node);
    int groups = site.size("num_groups", site.number("num_groups", 1), 1);
    return normalized(
        node, x.get(), GroupNormalization.of(groups).epsilon(site.real("epsilon", 1e-5f)), 1, 2);
  }

  boolean instanceNormalization(NodeProto node) {
    Optional<Carried> x = table.samples(node, 0).filter(value -> value.rank() == 4);
    if (x.isEmpty() || !table.weight(node, 1) || !table.weight(node, 2)) {
      return false;
    }
    double epsilon = translation.probe().site(node).real("epsilon", 1e-5f);
    return normalized(node, x.get(), GroupNormalization.of(-1).epsilon(epsilon), 1, 2);
  }

  /// A slope for each channel, or for each unit of a row.
  boolean prelu(NodeProto node) {
    Optional<Carried> input = table.samples(node, 0);
    if (input.isEmpty() || !table.weight(node, 1)) {
      return false;
    }
    Carried x = input.get();
    Shape slope = table.shape(node, 1);
    int channels = x.rank() > 1 ? x.shape().dim(1) : 0;
    boolean pictures = x.rank() == 4 && slope.equals(Shape.of(channels, 1, 1));
    boolean rows = x.rank() == 2 && slope.equals(Shape.of(channels));
    if (!pictures && !rows) {
      return false;
    }
    Tensor alpha = number(node, 1);
    Form.Order order = pictures ? x.channelsLast() : x.plain();
    translation.carry(
        node.outputs().getFirst(),
        order,
        translation.apply(
            node,
            pictures ? PReLU.of().sharedAxes(1, 2) : PReLU.of(),
            table.sources(node, 1),
            List.of(pictures ? alpha.reshape(1, 1, channels) : alpha),
            translation.symbol(x, order)));
    return true;
  }
}
