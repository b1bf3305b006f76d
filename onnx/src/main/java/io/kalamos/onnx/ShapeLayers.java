package io.kalamos.onnx;

import io.kalamos.engine.Shape;
import io.kalamos.layers.Concatenate;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Reshape;
import io.kalamos.layers.Symbol;
import io.kalamos.layers.ZeroPadding2D;
import io.kalamos.onnx.Carried.Form;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Changes of shape as layers, or as nothing where a value only gets other names of its axes.
final class ShapeLayers {
  /// What a reshaped value was before.
  private record Origin(Symbol symbol, Shape sizes) {}

  private final Translation translation;
  private final LayerTable table;
  private final Map<Symbol, Origin> origins = new IdentityHashMap<>();

  ShapeLayers(Translation translation, LayerTable table) {
    this.translation = translation;
    this.table = table;
  }

  /// A value under another name; also between floating types, since the model has its own.
  boolean same(NodeProto node) {
    Optional<Carried> x = table.carried(node, 0);
    ElementType to = translation.probe().value(node.outputs().getFirst()).type();
    if (x.isEmpty() || x.get().type() != to && !(x.get().type().floating() && to.floating())) {
      return false;
    }
    translation.carry(node.outputs().getFirst(), x.get());
    return true;
  }

  boolean transpose(NodeProto node) {
    Optional<Carried> x = table.carried(node, 0);
    if (x.isEmpty()) {
      return false;
    }
    if (x.get().order().isEmpty()) {
      translation.symbol(x.get(), x.get().plain());
    }
    int[] order = ShapeOperators.order(translation.probe().site(node));
    translation.carry(node.outputs().getFirst(), x.get().transposed(order));
    return true;
  }

  /// Every change of the axes around the batch, as long as none moves past it.
  boolean reshape(NodeProto node) {
    Optional<Carried> input = table.carried(node, 0);
    String output = node.outputs().getFirst();
    Shape to = translation.shape(output);
    int batch = translation.probe().batch(output).orElse(-1);
    if (input.isEmpty() || batch < 0) {
      return false;
    }
    Carried x = input.get();
    if (x.shape().equals(to) && x.batch() == batch) {
      translation.carry(output, x);
      return true;
    }
    boolean first = x.batch() == 0 && batch == 0;
    if (first && to.rank() == 2 && x.rank() == 4 && flattened(node, x)) {
      return true;
    }
    if (first && ones(node, x, to)) {
      return true;
    }
    Carried result = Carried.of(x.type(), to, batch);
    int[] sizes = result.sizes(result.plain());
    boolean before = x.shape().product(0, x.batch()) == to.product(0, batch);
    if (!before || sizes.length == 0 || IntStream.of(sizes).anyMatch(size -> size < 1)) {
      return false;
    }
    Symbol plain = translation.symbol(x, x.plain());
    translation.carry(output, result.plain(), reshaped(plain, x.sizes(x.plain()), sizes));
    return true;
  }

  /// Samples in another shape; what was reshaped before is reshaped from its origin, or is that.
  ///
  /// @param from the sizes of a sample of the symbol
  Symbol reshaped(Symbol symbol, int[] from, int... to) {
    Origin origin = origins.getOrDefault(symbol, new Origin(symbol, Shape.of(from)));
    if (origin.sizes().equals(Shape.of(to))) {
      return origin.symbol();
    }
    Symbol made = (to.length == 1 ? Flatten.of() : Reshape.of(to)).on(origin.symbol());
    origins.put(made, origin);
    return made;
  }

  /// Pictures with their channels last become rows without being turned; who needs the file's order
  /// asks for it.
  private boolean flattened(NodeProto node, Carried x) {
    Symbol pictures = x.forms().get(x.channelsLast());
    if (pictures == null || x.forms().containsKey(x.plain())) {
      return false;
    }
    int channels = x.shape().dim(1);
    int height = x.shape().dim(2);
    int width = x.shape().dim(3);
    boolean either = height * width == 1 || channels == 1;
    Form form = either ? new Form.Order(List.of(0, 1)) : new Form.Flat(channels, height, width);
    translation.carry(node.outputs().getFirst(), form, Flatten.of().on(pictures));
    return true;
  }

  /// Axes of size 1 come or go: the others keep the order in which they lie.
  private boolean ones(NodeProto node, Carried x, Shape to) {
    Optional<Form.Order> from = x.order();
    int[] kept =
        IntStream.range(0, x.rank()).filter(a -> a == 0 || x.shape().dim(a) != 1).toArray();
    int[] target = IntStream.range(0, to.rank()).filter(a -> a == 0 || to.dim(a) != 1).toArray();
    boolean alike =
        from.isPresent()
            && kept.length == target.length
            && IntStream.range(0, kept.length)
                .allMatch(i -> x.shape().dim(kept[i]) == to.dim(target[i]));
    if (!alike || to.rank() < 2) {
      return false;
    }
    List<Integer> order = new ArrayList<>();
    for (int axis : from.get().axes()) {
      int place =
          IntStream.range(0, kept.length).filter(i -> kept[i] == axis).findFirst().orElse(-1);
      if (place >= 0) {
        order.add(target[place]);
      }
    }
    Carried result = Carried.of(x.type(), to, 0);
    Form.Order chosen = new Form.Order(merged(order, to, result));
    Symbol symbol = x.forms().get(from.get());
    translation.carry(
        node.outputs().getFirst(),
        chosen,
        reshaped(symbol, x.sizes(from.get()), result.sizes(chosen)));
    return true;
  }

  /// The order of all axes: channels last or the file's where the axes that matter lie so.
  private static List<Integer> merged(List<Integer> order, Shape to, Carried result) {
    List<Form.Order> usual =
        to.rank() > 2 ? List.of(result.plain(), result.channelsLast()) : List.of(result.plain());
    for (Form.Order candidate : usual) {
      List<Integer> matter = candidate.axes().stream().filter(order::contains).toList();
      if (matter.equals(order)) {
        return candidate.axes();
      }
    }
    List<Integer> all = new ArrayList<>(order);
    IntStream.range(0, to.rank()).filter(axis -> !order.contains(axis)).forEach(all::add);
    return all;
  }

  boolean concatenate(NodeProto node) {
    List<Carried> values = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      table.samples(node, i).filter(value -> value.type().floating()).ifPresent(values::add);
    }
    Site site = translation.probe().site(node);
    if (values.size() != node.inputs().size() || values.size() < 2) {
      return false;
    }
    int axis = site.axis(site.number("axis", 1), values.getFirst().rank());
    if (axis == 0) {
      return false;
    }
    Form.Order order = LayerTable.common(values, translation);
    Symbol[] symbols =
        values.stream().map(value -> translation.symbol(value, order)).toArray(Symbol[]::new);
    int place = order.axes().indexOf(axis);
    boolean last = place == order.axes().size() - 1;
    translation.carry(
        node.outputs().getFirst(),
        order,
        translation.apply(
            node,
            last ? Concatenate.of() : Concatenate.of().axis(place),
            List.of(),
            List.of(),
            symbols));
    return true;
  }

  /// Zeros around pictures.
  boolean padding(NodeProto node) {
    Optional<Carried> input =
        table.samples(node, 0).filter(value -> value.rank() == 4 && value.type().floating());
    Site site = translation.probe().site(node);
    boolean attributes = site.opset() < 11;
    boolean known =
        attributes
            || table.known(node, 1)
                && (!table.has(node, 2) || table.known(node, 2))
                && !table.has(node, 3);
    if (input.isEmpty() || !known || !site.text("mode", "constant").equals("constant")) {
      return false;
    }
    double value = attributes ? site.real("value", 0) : table.has(node, 2) ? site.number(2) : 0;
    long[] pads = attributes ? site.numbers("pads") : site.numbers(1);
    Carried x = input.get();
    boolean whole =
        pads.length == 8
            && value == 0
            && IntStream.range(0, 8)
                .allMatch(i -> pads[i] >= 0 && pads[i] <= Integer.MAX_VALUE / 4);
    if (!whole) {
      return false;
    }
    for (Form.Order order : orders(x)) {
      List<Integer> axes = order.axes();
      boolean between =
          pads[axes.get(0)] + pads[axes.get(0) + 4] + pads[axes.get(3)] + pads[axes.get(3) + 4]
              == 0;
      if (between) {
        int down = axes.get(1);
        int across = axes.get(2);
        ZeroPadding2D layer =
            ZeroPadding2D.of(
                (int) pads[down], (int) pads[down + 4], (int) pads[across], (int) pads[across + 4]);
        return table.put(node, x, order, layer, order);
      }
    }
    return false;
  }

  private static List<Form.Order> orders(Carried x) {
    List<Form.Order> orders = new ArrayList<>();
    for (Map.Entry<Form, Symbol> form : x.forms().entrySet()) {
      if (form.getKey() instanceof Form.Order order) {
        orders.add(order);
      }
    }
    orders.add(x.channelsLast());
    return orders;
  }
}
