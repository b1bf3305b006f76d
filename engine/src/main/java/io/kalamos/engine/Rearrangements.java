package io.kalamos.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The algebra of slices and concatenations, as the rewrite tables use it; `null` where a form does
/// not apply.
final class Rearrangements {
  private Rearrangements() {}

  static Node sliceOfSlice(Node node) {
    if (!(node.op() instanceof Slice outer && node.input(0).op() instanceof Slice inner)) {
      return null;
    }
    return Node.of(
        new Slice(sum(inner.from(), outer.from()), sum(inner.from(), outer.to())),
        node.input(0).input(0));
  }

  /// The axes of size 1 that a reshape drops are put back.
  static Node sliceOfReshapedSlice(Node node) {
    boolean fits =
        node.op() instanceof Slice
            && node.input(0).op() instanceof Reshaping
            && node.input(0).input(0).op() instanceof Slice;
    if (!fits) {
      return null;
    }
    Slice slice = (Slice) node.op();
    Node whole = node.input(0).input(0);
    List<Integer> from = new ArrayList<>();
    List<Integer> to = new ArrayList<>();
    Shape cut = node.input(0).shape();
    int axis = 0;
    for (int size : whole.shape().toArray()) {
      boolean kept = axis < cut.rank() && cut.dim(axis) == size;
      if (!kept && size != 1) {
        return null;
      }
      from.add(kept ? slice.from().get(axis) : 0);
      to.add(kept ? slice.to().get(axis) : 1);
      axis += kept ? 1 : 0;
    }
    return axis < cut.rank()
        ? null
        : Ops.reshape(Node.of(new Slice(from, to), whole), node.shape());
  }

  static Node sliceOfSum(Node node) {
    boolean fits =
        node.op() instanceof Slice
            && node.input(0).op() == Binary.ADD
            && node.input(0).inputs().stream()
                .allMatch(addend -> addend.shape().equals(node.input(0).shape()));
    return fits
        ? Ops.add(
            Node.of(node.op(), node.input(0).input(0)), Node.of(node.op(), node.input(0).input(1)))
        : null;
  }

  private static List<Integer> sum(List<Integer> a, List<Integer> b) {
    return IntStream.range(0, a.size()).mapToObj(axis -> a.get(axis) + b.get(axis)).toList();
  }

  static Node sliceOfConcatenation(Node node) {
    if (!(node.op() instanceof Slice slice
        && node.input(0).op() instanceof Concatenation concatenation)) {
      return null;
    }
    int axis = concatenation.axis();
    int at = 0;
    for (Node part : node.input(0).inputs()) {
      int end = at + part.shape().dim(axis);
      if (at <= slice.from().get(axis) && slice.to().get(axis) <= end) {
        return Node.of(
            new Slice(shifted(slice.from(), axis, at), shifted(slice.to(), axis, at)), part);
      }
      at = end;
    }
    return null;
  }

  private static List<Integer> shifted(List<Integer> places, int axis, int by) {
    List<Integer> shifted = new ArrayList<>(places);
    shifted.set(axis, places.get(axis) - by);
    return shifted;
  }

  static Node neighbouringSlices(Node node) {
    if (!(node.op() instanceof Concatenation concatenation)) {
      return null;
    }
    List<Node> parts = new ArrayList<>();
    for (Node part : node.inputs()) {
      Node joined = parts.isEmpty() ? null : joined(parts.getLast(), part, concatenation.axis());
      if (joined == null) {
        parts.add(part);
      } else {
        parts.set(parts.size() - 1, joined);
      }
    }
    return parts.size() < node.inputs().size() ? Node.of(concatenation, parts) : null;
  }

  private static Node joined(Node left, Node right, int axis) {
    boolean neighbours =
        left.op() instanceof Slice a
            && right.op() instanceof Slice b
            && left.input(0) == right.input(0)
            && a.to().get(axis).equals(b.from().get(axis))
            && shifted(a.from(), axis, a.from().get(axis))
                .equals(shifted(b.from(), axis, b.from().get(axis)))
            && shifted(a.to(), axis, a.to().get(axis))
                .equals(shifted(b.to(), axis, b.to().get(axis)));
    if (!neighbours) {
      return null;
    }
    Slice a = (Slice) left.op();
    List<Integer> to = new ArrayList<>(a.to());
    to.set(axis, ((Slice) right.op()).to().get(axis));
    return Node.of(new Slice(a.from(), to), left.input(0));
  }
}
