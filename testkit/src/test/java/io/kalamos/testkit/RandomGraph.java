package io.kalamos.testkit;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// A random chain of operations, the same each time for a seed: most of them take what the last one
/// made, some go back or join two values.
final class RandomGraph {
  private static final long LARGEST = 6_000;
  private static final int LONGEST = 9;

  private final Random random;
  private final List<Node> made;
  private int streams;

  private RandomGraph(Random random, List<Node> operands) {
    this.random = random;
    this.made = new ArrayList<>(operands);
  }

  /// Two inputs of `batch` samples, which are alike, and two variables that repeat over them.
  static OpRow row(long seed, int batch) {
    Random random = new Random(seed);
    int[] sizes =
        IntStream.range(0, 2 + random.nextInt(3)).map(a -> 1 + random.nextInt(6)).toArray();
    sizes[0] = batch;
    if (random.nextInt(4) == 0) {
      sizes = new int[] {batch, batch};
    }
    Shape shape = Shape.of(sizes);
    int[] inner = shape.slice(1 + random.nextInt(shape.rank() - 1), shape.rank()).toArray();
    int last = shape.dim(-1);
    return new OpRow(
        "graph " + seed,
        List.of(
            OpRow.Operand.data(OpRow.Domain.SIGNED, sizes),
            OpRow.Operand.data(OpRow.Domain.SIGNED, sizes),
            OpRow.Operand.weight(OpRow.Domain.SIGNED, inner),
            OpRow.Operand.weight(OpRow.Domain.SIGNED, last, last)),
        operands -> new RandomGraph(new Random(seed), operands).result(),
        false,
        40);
  }

  private Node result() {
    int length = 2 + random.nextInt(LONGEST);
    while (length > 0) {
      Node next = next(random.nextInt(5) > 0 ? made.getLast() : any());
      if (next != null && next.shape().size() <= LARGEST && next != made.getLast()) {
        made.add(next);
        length--;
      }
    }
    return made.getLast();
  }

  private Node any() {
    return made.get(random.nextInt(made.size()));
  }

  /// One operation more on a value, or `null` where the one drawn does not fit.
  private Node next(Node x) {
    try {
      return switch (random.nextInt(13)) {
        case 0, 1 -> reshape(x, regrouped(x.shape()));
        case 2 -> transpose(x, shuffled(x.shape().rank()));
        case 3 -> x.shape().rank() == 0 ? null : sum(x, axes(x));
        case 4 -> x.shape().rank() == 0 ? null : max(x, axes(x));
        case 5 -> mapped(x);
        case 6, 7 -> combined(x, partner(x));
        case 8 -> select(greater(any(partner(x), x), -0.3217 + random.nextDouble()), x, partner(x));
        case 9 -> sliced(x);
        case 10 -> joined(x);
        case 11 -> random.nextBoolean() ? padded(x) : x.shape().rank() == 0 ? null : softmax(x);
        case 12 -> product(x);
        default -> throw new IllegalStateException();
      };
    } catch (IllegalArgumentException | IndexOutOfBoundsException unfit) {
      return null;
    }
  }

  private Node any(Node a, Node b) {
    return random.nextBoolean() ? a : b;
  }

  private Node mapped(Node x) {
    return switch (random.nextInt(5)) {
      case 0 -> tanh(x);
      case 1 -> neg(x);
      case 2 -> relu(x);
      case 3 -> multiply(x, cast(greaterEqual(randomUniform(x, ++streams), 0.5), x.dtype()));
      default -> Ops.add(abs(x), 0.25);
    };
  }

  private Node combined(Node a, Node b) {
    return switch (random.nextInt(4)) {
      case 0 -> subtract(b, a);
      case 1 -> multiply(a, tanh(b));
      case 2 -> maximum(a, b);
      default -> Ops.add(a, b);
    };
  }

  /// Another value, in another shape where that makes it repeat over the elements of `x`.
  private Node partner(Node x) {
    Node other = any();
    Shape shape = x.shape();
    if (other.shape().size() == shape.size()) {
      return reshape(other, shape);
    }
    if (shape.rank() > 0 && random.nextBoolean()) {
      int axis = random.nextInt(shape.rank());
      if (other.shape().size() == shape.dim(axis)) {
        int[] sizes = new int[shape.rank()];
        java.util.Arrays.fill(sizes, 1);
        return reshape(other, Shape.of(sizes).with(axis, shape.dim(axis)));
      }
    }
    return other;
  }

  private Integer[] axes(Node x) {
    List<Integer> axes =
        IntStream.range(0, x.shape().rank()).filter(axis -> random.nextBoolean()).boxed().toList();
    return axes.isEmpty()
        ? new Integer[] {random.nextInt(x.shape().rank())}
        : axes.toArray(Integer[]::new);
  }

  private Integer[] shuffled(int rank) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    Collections.shuffle(order, random);
    return order.toArray(Integer[]::new);
  }

  /// Neighbouring axes merged, split or moved apart by axes of size 1, up to three times.
  private Shape regrouped(Shape shape) {
    List<Integer> sizes = new ArrayList<>(IntStream.of(shape.toArray()).boxed().toList());
    for (int change = random.nextInt(3); change >= 0; change--) {
      int at = sizes.isEmpty() ? 0 : random.nextInt(sizes.size());
      switch (random.nextInt(4)) {
        case 0 -> sizes.add(at, 1);
        case 1 -> sizes.remove(Integer.valueOf(1));
        case 2 -> {
          if (sizes.size() > 1 && at > 0) {
            sizes.set(at - 1, sizes.get(at - 1) * sizes.remove(at));
          }
        }
        default -> {
          int factor = 2 + random.nextInt(6);
          if (!sizes.isEmpty() && sizes.get(at) % factor == 0) {
            sizes.set(at, sizes.get(at) / factor);
            sizes.add(at + random.nextInt(2), factor);
          }
        }
      }
    }
    return Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray());
  }

  private Node sliced(Node x) {
    int axis = random.nextInt(x.shape().rank());
    int size = x.shape().dim(axis);
    int from = random.nextInt(size);
    return slice(x, axis, from, from + 1 + random.nextInt(size - from));
  }

  private Node padded(Node x) {
    int[] before = IntStream.range(0, x.shape().rank()).map(axis -> random.nextInt(2)).toArray();
    int[] after = IntStream.range(0, x.shape().rank()).map(axis -> random.nextInt(2)).toArray();
    return pad(x, before, after);
  }

  private Node joined(Node x) {
    Node other = any(partner(x), neg(x));
    return concatenate(random.nextInt(x.shape().rank()), any(x, other), other, x);
  }

  private Node product(Node x) {
    Node other = any(partner(x), any(x, made.get(3)));
    return matmul(x, other, random.nextBoolean(), random.nextBoolean());
  }
}
