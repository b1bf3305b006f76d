package io.kalamos.testkit;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import java.util.List;
import java.util.function.Function;

/// One row of the op table: operands, and what is computed from them.
///
/// @param name unique in the table
/// @param operands what the graph reads, in the order in which `forward` gets it
/// @param forward from the operands, in the type under test, to the result
/// @param smooth whether numeric differentiation makes sense at these operands
/// @param looseness factor on the usual tolerance; above 1 the row says that it needs it
public record OpRow(
    String name,
    List<Operand> operands,
    Function<List<Node>, Node> forward,
    boolean smooth,
    double looseness) {

  /// Where the numbers of an operand come from.
  public enum Domain {
    /// Between -2 and 2, not close to 0.
    SIGNED,
    /// Between 0.5 and 2.
    POSITIVE,
    /// Multiples of 0.5 between -2 and 2, so that many are equal.
    GRID,
    /// Whole numbers from 0 to 9.
    DIGITS,
    /// Whole numbers from 0 to 255.
    BYTES
  }

  /// What a graph reads: rows of data, picked by index, or a variable.
  ///
  /// @param rows whether it is data; the first axis is then the batch
  /// @param stored the type of data that is not in the type under test, else `null`
  public record Operand(Shape shape, boolean rows, DType stored, Domain domain) {
    static Operand data(Domain domain, int... sizes) {
      return new Operand(Shape.of(sizes), true, null, domain);
    }

    static Operand data(DType stored, Domain domain, int... sizes) {
      return new Operand(Shape.of(sizes), true, stored, domain);
    }

    static Operand weight(Domain domain, int... sizes) {
      return new Operand(Shape.of(sizes), false, null, domain);
    }
  }

  static OpRow of(String name, Function<List<Node>, Node> forward, Operand... operands) {
    return new OpRow(name, List.of(operands), forward, true, 1);
  }

  /// The same row without numeric differentiation.
  OpRow rough() {
    return new OpRow(name, operands, forward, false, looseness);
  }

  /// The same row with a larger tolerance.
  OpRow loosened(double factor) {
    return new OpRow(name, operands, forward, smooth, factor);
  }

  @Override
  public String toString() {
    return name;
  }
}
