package io.kalamos.engine;

/// A value that outlives a step: a weight, an optimizer's slot, a moving statistic.
///
/// Programs read and write its memory in place. Identity matters: two variables are never equal.
public final class Variable {
  private final String path;
  private final Tensor value;
  private final boolean trainable;

  public Variable(String path, Tensor value, boolean trainable) {
    this.path = path;
    this.value = value;
    this.trainable = trainable;
  }

  /// Where it belongs, such as `dense/kernel`.
  public String path() {
    return path;
  }

  /// The memory that programs read and write.
  public Tensor value() {
    return value;
  }

  /// Whether gradients are asked for.
  public boolean trainable() {
    return trainable;
  }

  public Shape shape() {
    return value.shape();
  }

  public DType dtype() {
    return value.dtype();
  }

  @Override
  public String toString() {
    return path + ": " + value;
  }
}
