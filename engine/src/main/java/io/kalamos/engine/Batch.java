package io.kalamos.engine;

/// A batch of rows picked from data that is bound to the program by this name.
///
/// The first axis is the batch. The rows are named by index at each step, so that a shuffled batch
/// of 8-bit pictures is read straight from the data set.
public record Batch(String name, Shape shape, DType dtype) implements Op.Leaf {
  @Override
  public String label() {
    return "Input " + name;
  }
}
