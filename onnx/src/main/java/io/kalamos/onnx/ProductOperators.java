package io.kalamos.onnx;

import static java.util.Map.entry;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Products of matrices.
final class ProductOperators {
  static final Map<String, Operator> ALL =
      Map.ofEntries(
          entry("MatMul", s -> s.give(matmul(s.x(0), s.x(1)))),
          entry("Gemm", ProductOperators::gemm),
          entry("Einsum", ProductOperators::einsum));

  private ProductOperators() {}

  /// NumPy's product: axes in front repeat, a vector is a row on the left and a column on the
  /// right.
  static Node matmul(Node a, Node b) {
    if (a.shape().rank() == 1) {
      Node y = matmul(Ops.reshape(a, a.shape().prepend(1)), b);
      int row = b.shape().rank() == 1 ? 0 : y.shape().rank() - 2;
      return Ops.reshape(y, ReductionOperators.without(y.shape(), row));
    }
    if (b.shape().rank() == 1) {
      Node y = matmul(a, Ops.reshape(b, b.shape().append(1)));
      return Ops.reshape(y, ReductionOperators.without(y.shape(), y.shape().rank() - 1));
    }
    if (a.shape().rank() == 0 || b.shape().rank() == 0 || b.shape().rank() == 2) {
      return Ops.matmul(a, b);
    }
    Shape left = a.shape().slice(0, a.shape().rank() - 2);
    Shape right = b.shape().slice(0, b.shape().rank() - 2);
    Shape front = Shape.broadcast(left, right);
    int matrices = Math.toIntExact(front.size());
    Node y = Ops.matmul(stacked(a, front, matrices), stacked(b, front, matrices));
    return Ops.reshape(y, front.append(a.shape().dim(-2)).append(b.shape().dim(-1)));
  }

  /// Matrices as one stack, repeated along the axes in front.
  private static Node stacked(Node x, Shape front, int matrices) {
    int rows = x.shape().dim(-2);
    int columns = x.shape().dim(-1);
    Node broad = Ops.broadcastTo(x, front.append(rows).append(columns));
    return Ops.reshape(broad, Shape.of(matrices, rows, columns));
  }

  private static List<Value> gemm(Site s) {
    Node y = Ops.matmul(s.x(0), s.x(1), s.flag("transA", false), s.flag("transB", false));
    double alpha = s.real("alpha", 1);
    double beta = s.real("beta", 1);
    Node scaled = alpha == 1 ? y : Ops.multiply(y, alpha);
    if (!s.has(2) || beta == 0) {
      return s.give(scaled);
    }
    return s.give(Ops.add(scaled, beta == 1 ? s.x(2) : Ops.multiply(s.x(2), beta)));
  }

  /// Sums of products by letters: each operand loses the letters that stand in it alone, then two
  /// operands at a time meet as stacks of matrices.
  private static List<Value> einsum(Site s) {
    String equation = s.text("equation", "").replace(" ", "");
    String[] sides = equation.split("->", -1);
    String[] terms = sides[0].split(",", -1);
    boolean readable =
        equation.matches("[a-zA-Z]*(,[a-zA-Z]*)*(->[a-zA-Z]*)?")
            && terms.length == s.count()
            && List.of(terms).stream().allMatch(ProductOperators::distinct);
    if (!readable || sides.length > 1 && !distinct(sides[1])) {
      throw s.refusal(
          "an equation of letters for " + s.count() + " inputs, none twice in one",
          "equation",
          Names.shown(equation),
          "Write it with matmul, transpose and sum instead of dots and diagonals.");
    }
    String output = sides.length > 1 ? sides[1] : implicit(terms);
    List<Node> operands = new ArrayList<>();
    for (int i = 0; i < terms.length; i++) {
      if (s.rank(i) != terms[i].length()) {
        throw s.refusal(
            "an axis for each letter of " + terms[i], "shape", s.shape(i), "Export anew.");
      }
      operands.add(s.x(i));
    }
    String letters = terms[0];
    Node y = operands.getFirst();
    for (int i = 1; i < terms.length; i++) {
      String rest = output + String.join("", List.of(terms).subList(i + 1, terms.length));
      Labelled met =
          met(s, new Labelled(y, letters), new Labelled(operands.get(i), terms[i]), rest);
      y = met.node();
      letters = met.letters();
    }
    Labelled only = summed(new Labelled(y, letters), output);
    if (only.letters().length() != output.length()
        || !output.chars().allMatch(c -> only.letters().indexOf(c) >= 0)) {
      throw s.refusal(
          "letters of the inputs on the right", "equation", Names.shown(equation), "Export anew.");
    }
    return s.give(ordered(only, output));
  }

  private static boolean distinct(String letters) {
    return letters.chars().distinct().count() == letters.length();
  }

  /// Letters that stand once, in alphabetical order.
  private static String implicit(String... terms) {
    String all = String.join("", terms);
    StringBuilder once = new StringBuilder();
    all.chars()
        .filter(c -> all.indexOf(c) == all.lastIndexOf(c))
        .sorted()
        .forEach(c -> once.append((char) c));
    return once.toString();
  }

  private record Labelled(Node node, String letters) {
    int size(char letter) {
      return node.shape().dim(letters.indexOf(letter));
    }
  }

  /// Sums over the letters that nobody needs.
  private static Labelled summed(Labelled x, String needed) {
    int[] alone =
        IntStream.range(0, x.letters().length())
            .filter(axis -> needed.indexOf(x.letters().charAt(axis)) < 0)
            .toArray();
    if (alone.length == 0) {
      return x;
    }
    Node sum = Ops.sum(x.node(), IntStream.of(alone).boxed().toArray(Integer[]::new));
    return new Labelled(
        Ops.reshape(sum, ReductionOperators.without(x.node().shape(), alone)),
        chosen(x.letters(), c -> needed.indexOf(c) >= 0));
  }

  private static String chosen(String letters, IntPredicate which) {
    StringBuilder chosen = new StringBuilder();
    letters.chars().filter(which).forEach(c -> chosen.append((char) c));
    return chosen.toString();
  }

  private static Node ordered(Labelled x, String letters) {
    return Ops.transpose(
        x.node(), letters.chars().map(x.letters()::indexOf).boxed().toArray(Integer[]::new));
  }

  private static Labelled met(Site s, Labelled left, Labelled right, String needed) {
    Labelled a = summed(left, needed + right.letters());
    Labelled b = summed(right, needed + left.letters());
    String both = chosen(a.letters(), c -> b.letters().indexOf(c) >= 0);
    for (char letter : both.toCharArray()) {
      if (a.size(letter) != b.size(letter)) {
        throw s.refusal(
            "one size for the letter " + letter,
            "sizes",
            a.size(letter) + " and " + b.size(letter),
            "Export the model anew.");
      }
    }
    String stack = chosen(both, c -> needed.indexOf(c) >= 0);
    String inner = chosen(both, c -> needed.indexOf(c) < 0);
    String rows = chosen(a.letters(), c -> both.indexOf(c) < 0);
    String columns = chosen(b.letters(), c -> both.indexOf(c) < 0);
    Node y =
        Ops.matmul(
            Ops.reshape(
                ordered(a, stack + rows + inner),
                Shape.of(size(a, stack), size(a, rows), size(a, inner))),
            Ops.reshape(
                ordered(b, stack + inner + columns),
                Shape.of(size(b, stack), size(b, inner), size(b, columns))));
    int[] sizes =
        IntStream.concat(
                (stack + rows).chars().map(c -> a.size((char) c)),
                columns.chars().map(c -> b.size((char) c)))
            .toArray();
    return new Labelled(Ops.reshape(y, Shape.of(sizes)), stack + rows + columns);
  }

  private static int size(Labelled x, String letters) {
    return letters.chars().map(c -> x.size((char) c)).reduce(1, Math::multiplyExact);
  }
}
