package io.kalamos.onnx;

import io.kalamos.engine.Shape;
import io.kalamos.layers.Symbol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// A value of the file that the model carries from layer to layer, in one form or several.
///
/// @param shape in the file's order of axes, for the probing batch
/// @param batch the axis of the batch in that order
/// @param forms what gives the value, by its form
record Carried(ElementType type, Shape shape, int batch, SequencedMap<Form, Symbol> forms) {
  /// How a value lies in the model in comparison with the file.
  sealed interface Form {
    /// The axes of the file in another order; the batch is first.
    record Order(List<Integer> axes) implements Form {
      public Order {
        axes = List.copyOf(axes);
      }
    }

    /// A row (channels · height · width) of the file as (height · width · channels).
    record Flat(int channels, int height, int width) implements Form {}
  }

  static Carried of(ElementType type, Shape shape, int batch) {
    return new Carried(type, shape, batch, new LinkedHashMap<>());
  }

  int rank() {
    return shape.rank();
  }

  /// The order of the file, but for the batch, which comes first.
  Form.Order plain() {
    List<Integer> axes = new ArrayList<>(List.of(batch));
    IntStream.range(0, rank()).filter(axis -> axis != batch).forEach(axes::add);
    return new Form.Order(axes);
  }

  /// The order with the channels, axis 1 of the file, at the end.
  Form.Order channelsLast() {
    List<Integer> axes = new ArrayList<>(List.of(0));
    IntStream.range(2, rank()).forEach(axes::add);
    axes.add(1);
    return new Form.Order(axes);
  }

  /// An order in which the value is at hand: that of the file before others.
  Optional<Form.Order> order() {
    return forms.containsKey(plain())
        ? Optional.of(plain())
        : forms.keySet().stream()
            .filter(Form.Order.class::isInstance)
            .map(Form.Order.class::cast)
            .findFirst();
  }

  /// Sizes behind the batch as they lie in an order.
  int[] sizes(Form.Order order) {
    return order.axes().stream().skip(1).mapToInt(shape::dim).toArray();
  }

  /// The same value under other names of its axes.
  ///
  /// @param order which old axis each new one is
  Carried transposed(int... order) {
    List<Integer> old = IntStream.of(order).boxed().toList();
    int[] sizes = IntStream.of(order).map(shape::dim).toArray();
    Carried turned = of(type, Shape.of(sizes), old.indexOf(batch));
    for (Map.Entry<Form, Symbol> form : forms.entrySet()) {
      if (form.getKey() instanceof Form.Order(List<Integer> axes)) {
        turned.forms.put(new Form.Order(axes.stream().map(old::indexOf).toList()), form.getValue());
      }
    }
    return turned;
  }
}
