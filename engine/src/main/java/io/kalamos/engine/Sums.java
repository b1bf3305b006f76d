package io.kalamos.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Adds up what flows back to a value that was used several times.
///
/// A value that is used in each of many steps, such as the series and the weights of a recurrent
/// layer, receives as many gradients. Three forms of them have a cheaper sum than one addition
/// each:
/// - slices send back padded gradients: where these do not overlap, their sum is a concatenation;
///   adding them would read and write the whole series once for each of its steps;
/// - products send AᵢᵀBᵢ to their weights: the sum is one product of the Aᵢ and the Bᵢ stacked,
///   which has long rows to work on and adds no matrices up;
/// - repeated biases send sums over the rows: the sum is one sum over the stacked rows.
final class Sums {
  /// From so many addends on stacking them is worth the copies.
  private static final int MANY = 4;

  private Sums() {}

  /// The sum, in the order of the addends where nothing better is known.
  ///
  /// @param note called with every node that is written
  static Node of(List<Node> addends, UnaryOperator<Node> note) {
    if (addends.size() == 1) {
      return addends.getFirst();
    }
    List<Node> rest = new ArrayList<>(addends);
    joinPads(rest);
    stackProducts(rest);
    stackRowSums(rest);
    Node sum = null;
    for (Node addend : rest) {
      sum = sum == null ? addend : note.apply(Ops.add(sum, addend));
    }
    return note.apply(sum);
  }

  /// Pads along one axis that follow each other without a gap become one padded concatenation.
  private static void joinPads(List<Node> addends) {
    int rank = addends.getFirst().shape().rank();
    for (int axis = 0; axis < rank; axis++) {
      int along = axis;
      List<Node> pads =
          addends.stream()
              .filter(node -> node.op() instanceof Pad pad && pad.onlyAxis() == along)
              .sorted(Comparator.comparing(node -> before(node, along)))
              .collect(Collectors.toCollection(ArrayList::new));
      while (pads.size() > 1) {
        List<Node> run = new ArrayList<>(List.of(pads.removeFirst()));
        for (Node pad : List.copyOf(pads)) {
          if (before(pad, axis) == end(run.getLast(), axis)) {
            run.add(pad);
            pads.remove(pad);
          }
        }
        if (run.size() > 1) {
          replace(addends, run, joined(run, axis));
        }
      }
    }
  }

  private static int before(Node pad, int axis) {
    return ((Pad) pad.op()).before().get(axis);
  }

  private static int end(Node pad, int axis) {
    return before(pad, axis) + pad.input(0).shape().dim(axis);
  }

  private static Node joined(List<Node> run, int axis) {
    int[] before = new int[run.getFirst().shape().rank()];
    int[] after = before.clone();
    before[axis] = before(run.getFirst(), axis);
    after[axis] = ((Pad) run.getLast().op()).after().get(axis);
    List<Node> parts = run.stream().map(pad -> pad.input(0)).toList();
    return Ops.pad(Ops.concatenate(axis, parts), before, after);
  }

  private static void stackProducts(List<Node> addends) {
    List<Node> products =
        alike(addends, Sums::isWeightGradient, node -> List.of(node.input(0).shape()));
    if (products.size() >= MANY) {
      Node a = stackedRows(products.stream().map(node -> node.input(0)).toList());
      Node b = stackedRows(products.stream().map(node -> node.input(1)).toList());
      replace(addends, products, Ops.matmul(a, b, true, false));
    }
  }

  private static boolean isWeightGradient(Node node) {
    return node.op() instanceof MatMul op
        && op.transposeA()
        && !op.transposeB()
        && node.shape().rank() == 2;
  }

  private static void stackRowSums(List<Node> addends) {
    List<Node> sums =
        alike(addends, Sums::isRowSum, node -> List.of(node.input(0).input(0).shape()));
    if (sums.size() >= MANY) {
      Node rows = stackedRows(sums.stream().map(node -> node.input(0).input(0)).toList());
      replace(addends, sums, Ops.reshape(Ops.sum(rows, 0), sums.getFirst().shape()));
    }
  }

  private static boolean isRowSum(Node node) {
    return node.op() instanceof Reshaping
        && node.input(0).op() instanceof Reduce reduce
        && reduce.kind() == Reduce.Kind.SUM
        && reduce.axes().equals(List.of(0))
        && node.input(0).input(0).shape().rank() == 2;
  }

  private static List<Node> alike(
      List<Node> addends,
      java.util.function.Predicate<Node> form,
      java.util.function.Function<Node, Object> key) {
    List<Node> some = addends.stream().filter(form).toList();
    return some.isEmpty()
        ? some
        : some.stream().filter(node -> key.apply(node).equals(key.apply(some.getFirst()))).toList();
  }

  /// (rows, columns) each, to (rows * parts, columns): the rows of one sample stay together, so
  /// that the result is cut by the batch like its parts. The last use sends its gradient first:
  /// turned round, the parts stand in the order of the steps, in which others need them too.
  private static Node stackedRows(List<Node> parts) {
    Shape shape = parts.getFirst().shape();
    return Ops.reshape(
        Ops.stack(1, parts.reversed()), Shape.of(shape.dim(0) * parts.size(), shape.dim(1)));
  }

  /// Puts the sum of some addends in the place of the first of them.
  private static void replace(List<Node> addends, List<Node> some, Node sum) {
    int at =
        IntStream.range(0, addends.size())
            .filter(i -> some.contains(addends.get(i)))
            .findFirst()
            .orElseThrow();
    addends.set(at, sum);
    addends.removeAll(some);
  }
}
