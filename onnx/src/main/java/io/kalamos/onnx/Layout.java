package io.kalamos.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The order in which a value's axes lie in the file: axis i of the engine's value lies at
/// `places[i]`.
///
/// Pictures are (batch, height, width, channels) here and (batch, channels, height, width) in ONNX.
/// A convolution's result stays in ONNX's order as long as what follows can be said in it, so that
/// a network has one transposition where pictures enter and one, or none, where they leave.
record Layout(List<Integer> places) {
  /// Pictures with channels first.
  static final Layout PICTURES = of(0, 2, 3, 1);

  /// Sequences with channels in front of steps.
  static final Layout SEQUENCES = of(0, 2, 1);

  Layout {
    places = List.copyOf(places);
  }

  static Layout of(Integer... places) {
    return new Layout(Arrays.asList(places));
  }

  /// The engine's own order.
  static Layout plain(int rank) {
    return new Layout(IntStream.range(0, rank).boxed().toList());
  }

  int rank() {
    return places.size();
  }

  boolean isPlain() {
    return equals(plain(rank()));
  }

  int place(int axis) {
    return places.get(axis);
  }

  /// The axes in the order in which they lie.
  List<Integer> order() {
    Integer[] order = new Integer[rank()];
    for (int axis = 0; axis < rank(); axis++) {
      order[places.get(axis)] = axis;
    }
    return Arrays.asList(order);
  }

  /// Things that belong to axes, in the order in which those lie.
  <T> List<T> arranged(List<T> ofAxes) {
    List<T> arranged = new ArrayList<>();
    order().forEach(axis -> arranged.add(ofAxes.get(axis)));
    return arranged;
  }

  /// What ONNX's Transpose is told to bring this order into another one.
  List<Long> to(Layout other) {
    return other.order().stream().map(axis -> (long) places.get(axis)).toList();
  }

  /// The layout of a value whose axis i is axis `order[i]` of this one.
  Layout transposed(List<Integer> order) {
    return new Layout(order.stream().map(places::get).toList());
  }

  /// Whether the elements lie in the plain order anyhow, since only axes of size 1 moved.
  boolean liesPlain(List<Size> sizes) {
    List<Integer> moving = order().stream().filter(axis -> !sizes.get(axis).is(1)).toList();
    return moving.equals(moving.stream().sorted().toList());
  }
}
